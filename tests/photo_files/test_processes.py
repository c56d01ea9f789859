"""Several processes make of an album what one makes, and leave nothing behind, however they end."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import keras
import pytest
from helpers.albums import photo
from helpers.colorizers import painter
from helpers.processes import children

import kcolor
from kcolor.photo_files import output_paths
from kcolor.photo_files.processes import Processes, colorizer_file

COUNT = 20


@pytest.fixture
def album(tmp_path):
    (tmp_path / "album").mkdir()
    for number in range(COUNT):
        photo(number, (24, 32)).save(tmp_path / "album" / f"{number:02}.png")
    (tmp_path / "album" / "07.png").write_bytes(b"broken")
    return tmp_path / "album"


def made(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_colorizer_has_a_file(tmp_path):
    assert colorizer_file(pathlib.Path("there.keras"), tmp_path) == pathlib.Path("there.keras")
    assert colorizer_file(painter(size=16), tmp_path).is_file()


def test_wrong_numbers_of_processes(tmp_path):
    with pytest.raises(ValueError, match="Expected `jobs` as a number from 1 to 256. Received: 0"):
        kcolor.colorize_files(tmp_path, jobs=0)
    with pytest.raises(ValueError, match="neither `hints` nor `jobs`"):
        kcolor.colorize_files(tmp_path, tmp_path / "out", "shapes", jobs=2, ray="auto")


@pytest.mark.slow
def test_two_processes_make_what_one_makes(album, tmp_path):
    one = kcolor.colorize_files(album, tmp_path / "one", "shapes")
    two = kcolor.colorize_files(album, tmp_path / "two", "shapes", jobs=2)
    assert [(outcome.photo, outcome.status, outcome.reason) for outcome in one] == [
        (outcome.photo, outcome.status, outcome.reason) for outcome in two
    ]
    assert made(tmp_path / "one") == made(tmp_path / "two")
    assert len(made(tmp_path / "two")) == COUNT - 1
    again = kcolor.colorize_files(album, tmp_path / "two", "shapes", jobs=2)
    assert sorted({outcome.status for outcome in again}) == ["failed", "skipped"]


@pytest.mark.slow
def test_a_colorizer_of_ones_own(album, tmp_path):
    jobs = [(job, job.files) for job in output_paths.Plan([album], tmp_path / "out")]
    (tmp_path / "out").mkdir()
    with Processes(2, painter(size=16), 95, {}) as processes:
        outcomes = list(processes.color_jobs(jobs, {}))
    assert [outcome.status for outcome in outcomes].count("done") == COUNT - 1
    assert kcolor.colorize_files(album, tmp_path / "here", painter(size=16))
    assert made(tmp_path / "out") == made(tmp_path / "here")


def begun(album, out):
    """An album that two processes colour: returns the first process when they have begun."""
    command = [sys.executable, "-m", "kcolor", "colorize", album, "-o", out, "--model", "shapes", "--jobs", "2"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + 120
    while not any(out.glob("*.png")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return first


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="one backend is enough")
def test_one_that_is_killed_is_said_and_the_same_command_goes_on(tmp_path):
    album, out = tmp_path / "album", tmp_path / "out"
    album.mkdir()
    for number in range(400):
        photo(number, (48, 64)).save(album / f"{number:03}.png")
    first = begun(album, out)
    workers = [pid for pid in children(first.pid) if b"spawn_main" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    said, _ = first.communicate(timeout=120)
    assert first.returncode == 1
    assert "ended before its time" in said
    assert 0 < len(made(out)) < 400
    # Nor does any stay when all is killed but the workers.
    first = begun(album, tmp_path / "other")
    workers = children(first.pid)
    first.kill()
    first.communicate()
    deadline = time.monotonic() + 60
    while any(pathlib.Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    outcomes = kcolor.colorize_files(album, out, "shapes", jobs=2)
    assert {outcome.status for outcome in outcomes} == {"done", "skipped"}
    assert len(made(out)) == 400
