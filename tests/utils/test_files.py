"""Files appear whole or not at all; a folder belongs to one process at a time."""

import errno
import os
import pathlib
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kcolor.utils.files import (
    BusyError,
    alone_in,
    explained,
    from_home,
    half_name,
    make_folder,
    replace_all,
    replace_folder,
    sweep_leftovers,
    write_text,
    write_whole,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def gone():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


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


def fill(folder, text="new"):
    assert list(folder.iterdir()) == []
    (folder / "inner").mkdir()
    (folder / "inner" / "a.txt").write_text(text)


def test_a_folder_appears_whole(tmp_path):
    place = tmp_path / "above" / "model"

    def look_while_writing(half):
        fill(half)
        assert names(tmp_path / "above") == [half.parent.parent.name]

    replace_folder(place, look_while_writing)
    assert (place / "inner" / "a.txt").read_text() == "new"
    assert names(tmp_path / "above") == ["model"]


def test_a_folder_is_replaced_with_all_that_is_in_it(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old.txt").touch()
    replace_folder(tmp_path / "model", fill)
    assert names(tmp_path / "model") == ["inner"]
    assert names(tmp_path) == ["model"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space"), ValueError("no"), KeyboardInterrupt()])
def test_a_folder_that_fails_leaves_what_was_there(tmp_path, error):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old.txt").touch()

    def fail(half):
        fill(half)
        raise error

    with pytest.raises(type(error)) as raised:
        replace_folder(tmp_path / "model", fail)
    assert names(tmp_path) == ["model"]
    assert names(tmp_path / "model") == ["old.txt"]
    if isinstance(error, OSError):
        assert "model: the disk is full" in str(raised.value)


def test_a_folder_that_cannot_be_moved_leaves_what_was_there(tmp_path, monkeypatch):
    replace_folder(tmp_path / "model", lambda half: fill(half, "old"))
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EROFS, "x")))
    with pytest.raises(OSError, match="Cannot write .*model: the disk is read-only"):
        replace_folder(tmp_path / "model", fill)
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "inner" / "a.txt").read_text() == "old"


def test_of_two_processes_that_keep_what_is_there_the_first_one_wins(tmp_path):
    def while_another_one_writes(half):
        fill(half, "second")
        replace_folder(tmp_path / "again", lambda other: fill(other, "first"))
        (tmp_path / "again").rename(tmp_path / "model")

    replace_folder(tmp_path / "model", while_another_one_writes, keep=True)
    assert (tmp_path / "model" / "inner" / "a.txt").read_text() == "first"
    assert names(tmp_path) == ["model"]


def test_what_is_written_beside_is_moved_too(tmp_path):
    def two_files(half):
        half.write_text("one")
        half.with_name(f"{half.stem}-network.onnx").write_text("two")

    (tmp_path / "model.onnx").write_text("old")
    replace_all(tmp_path / "model.onnx", two_files)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"model.onnx": "one", "model-network.onnx": "two"}


def test_leftovers_of_a_killed_process_are_removed(tmp_path, gone):
    for name in (half_name("model", ".keras", gone), half_name("recipe", ".toml", gone), half_name("LOCK", process=gone)):
        (tmp_path / name).touch()
    (tmp_path / half_name("saved_model", process=gone) / "new" / "saved_model").mkdir(parents=True)
    kept = [half_name("model", ".keras"), ".mine.half.jpg", half_name("model", ".keras", gone)[1:], ".half", "photo.jpg"]
    for name in kept:
        (tmp_path / name).touch()
    busy = half_name("busy")
    (tmp_path / busy).mkdir()
    sweep_leftovers(tmp_path)
    assert names(tmp_path) == sorted([*kept, busy])


def test_what_another_machine_writes_stays_for_a_day(tmp_path, gone):
    """Whether its process runs cannot be asked here: a number means another process on each machine."""
    own = half_name("a", ".jpg", gone)
    new, old = (own.replace(own.split(".")[2][:8], machine) for machine in ("0" * 8, "1" * 8))
    for name in (own, new, old):
        (tmp_path / name).touch()
    os.utime(tmp_path / old, (time.time() - 25 * 3600,) * 2)
    sweep_leftovers(tmp_path)
    assert names(tmp_path) == [new]


def test_what_an_earlier_process_of_the_same_number_left_is_removed(tmp_path):
    """In a container a program has the same number at each start."""
    whose, _, number = half_name("a").removesuffix(".half").rpartition("-")
    earlier = f"{whose}-{int(number) - 1_000_000}.half"
    (tmp_path / earlier).touch()
    sweep_leftovers(tmp_path)
    assert names(tmp_path) == []


def test_two_threads_may_write_to_one_place(tmp_path):
    both = threading.Barrier(2, timeout=60)

    def write(half):
        half.write_text("all of it")
        both.wait()  # both have begun, none has ended

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: write_whole(tmp_path / "a.txt", write), range(2)))
    assert names(tmp_path) == ["a.txt"]


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path):
    name = "ж" * 123 + ".txt"  # 250 bytes of 255
    write_whole(tmp_path / name, lambda half: half.write_text("all of it"))
    assert names(tmp_path) == [name]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills as POSIX does")
def test_the_next_one_sweeps_up_after_a_killed_one(tmp_path):
    code = (
        "import os, pathlib, signal\n"
        "from kcolor.utils.files import replace_folder\n"
        f"replace_folder({str(tmp_path / 'model')!r}, lambda half: os.kill(os.getpid(), signal.SIGKILL))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ).returncode == -9
    (left,) = names(tmp_path)
    assert left.startswith(".model.")
    replace_folder(tmp_path / "model", fill)
    assert names(tmp_path) == ["model"]


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


def test_a_link_to_a_folder_is_replaced_and_the_folder_stays(tmp_path):
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "model").write_text("first")
    (tmp_path / "current").symlink_to("v1")
    replace_folder(tmp_path / "current", lambda half: (half / "model").write_text("second"))
    assert (tmp_path / "current" / "model").read_text() == "second"
    assert (tmp_path / "v1" / "model").read_text() == "first"


def test_a_name_like_a_home_that_nobody_has_is_a_name():
    assert from_home("~nobody-of-this-name.jpg") == pathlib.Path("~nobody-of-this-name.jpg")
    assert from_home("~") == pathlib.Path.home()


def test_a_leftover_of_another_user_stops_nobody(tmp_path, monkeypatch, gone):
    half = tmp_path / half_name("a", ".jpg", process=gone)
    half.touch()

    def refused(self, missing_ok=False):
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(pathlib.Path, "unlink", refused)
    sweep_leftovers(tmp_path)
    assert half.exists()
