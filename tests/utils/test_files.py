"""Files appear whole or not at all; a folder belongs to one process at a time."""

import errno
import os
import pathlib
import subprocess
import sys
import time

import pytest

from kcolor.utils.files import BusyError, alone_in, explained, make_folder, write_text, write_whole


def test_a_file_appears_whole(tmp_path):
    write_text(tmp_path / "a.csv", "x,y\n1,2\n")
    assert (tmp_path / "a.csv").read_bytes() == b"x,y\n1,2\n"

    def look_while_writing(half):
        half.write_text("new")
        assert (tmp_path / "a.csv").read_text() == "x,y\n1,2\n"
        assert half.suffix == ".csv"

    write_whole(tmp_path / "a.csv", look_while_writing)
    assert (tmp_path / "a.csv").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space"), ValueError("no"), KeyboardInterrupt()])
def test_what_fails_leaves_what_was_there(tmp_path, error):
    write_text(tmp_path / "a.txt", "old")

    def fail(half):
        half.write_text("half")
        raise error

    with pytest.raises(type(error)) as raised:
        write_whole(tmp_path / "a.txt", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"
    if isinstance(error, OSError):
        assert "a.txt: the disk is full" in str(raised.value)


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_says_so(tmp_path):
    """The real error of a real full device."""

    def fill(_):
        with open("/dev/full", "wb", buffering=0) as file:
            file.write(b"x")

    with pytest.raises(OSError, match=r"Cannot write .*model.keras: the disk is full"):
        write_whole(tmp_path / "model.keras", fill)


def test_a_folder_that_cannot_be_written_to_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file")
    with pytest.raises(OSError, match=r"Cannot write /proc/kcolor"):
        make_folder("/proc/kcolor")
    assert make_folder(tmp_path / "a" / "b").is_dir()
    assert "read-only" in str(explained(OSError(errno.EROFS, "x"), "a"))


def test_one_process_at_a_time(tmp_path):
    """And a killed one lets go."""
    code = f"from kcolor.utils.files import alone_in\nwith alone_in({str(tmp_path)!r}):\n print('in', flush=True)\n input()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)
    assert holder.stdout.readline() == b"in\n"
    with pytest.raises(BusyError, match=f"Another run is writing to {tmp_path}"), alone_in(tmp_path):
        pass
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    time.sleep(0.05)
    with alone_in(tmp_path):
        pass
