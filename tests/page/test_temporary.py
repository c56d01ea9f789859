"""Nothing of a server stays behind."""

import os
import signal
import stat
import subprocess
import sys
import time

from kcolor.page import temporary

CODE = """
import pathlib, sys, time
from kcolor.page.temporary import own_folder
with own_folder(sys.argv[1]) as folder:
    (folder / "photo.jpg").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_folder_is_private_and_goes(tmp_path):
    with temporary.own_folder(tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "photo.jpg").write_text("x")
        with temporary.own_folder(tmp_path):  # another server leaves it alone
            assert folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_the_next_start_removes_what_a_killed_server_left(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", CODE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    temporary.sweep(tmp_path)
    assert len(list(tmp_path.glob("*/photo.jpg"))) == 1  # it still runs
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with temporary.own_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]


def test_what_is_not_a_server_s_own_stays(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"{temporary.PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{temporary.PREFIX}file").write_text("x")
    (tmp_path / f"{temporary.PREFIX}new").mkdir()  # perhaps one that is just being made
    (tmp_path / f"{temporary.PREFIX}old").mkdir()
    os.utime(tmp_path / f"{temporary.PREFIX}old", (time.time() - 100,) * 2)
    temporary.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "elsewhere",
        *(f"{temporary.PREFIX}{name}" for name in ("file", "link", "new")),
    ]
