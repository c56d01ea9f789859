"""Files and folders that appear whole or not at all, and folders that one process at a time writes to.

What is being written has a hidden name beside its place, ``.NAME.MACHINE-PROCESS-NUMBER.half``. If the process is killed, that
name stays; `sweep_leftovers` removes it later. Several machines may write to one folder.
"""

import contextlib
import errno
import itertools
import os
import pathlib
import platform
import re
import secrets
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator

from kcolor.utils.types import PathLike

NO_ANSWER = (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE)  # of a disk that is not there any more
HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, *NO_ANSWER}  # of the disk: what is written next would meet them, too
WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.ENOENT: "its folder is not there (any more)",
    **dict.fromkeys(NO_ANSWER, "the disk does not answer. Is it still connected?"),
}

_HALF = re.compile(r"\..+\.([0-9a-f]{8})-(\d+)-(\d+)\.half(\.\w+)?")
_MACHINE = f"{zlib.crc32(platform.node().encode(errors='surrogateescape')):08x}"
# Two threads may write to one place. And in a container a process has the same number at each start: it begins elsewhere.
_FIRST = secrets.randbelow(1 << 40)
_NUMBERS = itertools.count(_FIRST)
_MOST = 1 << 30  # names that one process makes
_LONGEST = 255  # bytes of a name, on nearly all file systems
_ABANDONED = 24 * 3600.0  # seconds: what a process of another machine has not touched for so long is left over


class BusyError(OSError):
    """Another process writes to this folder."""


def write_whole(path: PathLike, write: Callable[[pathlib.Path], object]) -> None:
    """Writes a file beside its place and then renames it, so that nobody ever sees half of it.

    >>> write_whole(tmp_path / "note.txt", lambda half: half.write_text("all of it"))
    >>> (tmp_path / "note.txt").read_text()
    'all of it'

    Args:
        path: Where the file should appear. A file that is there already is replaced.
        write: Function that writes the file to the path it is given. That path has the same suffix.

    Raises:
        OSError: If the file cannot be written. The message names the file and says why in words. What was written so far
            is removed.
    """
    path = pathlib.Path(path)
    half = path.with_name(half_name(path.stem, path.suffix))
    with _explaining(path):
        try:
            write(half)
            half.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
            raise


def write_text(path: PathLike, text: str) -> None:
    """Writes text whole or not at all.

    Args:
        path: Where the file should appear.
        text: Content of the file. It is encoded as UTF-8, with its line ends as they are.
    """
    write_whole(path, lambda half: half.write_text(text, encoding="utf-8", newline=""))


def replace_folder(path: PathLike, write: Callable[[pathlib.Path], object], *, keep: bool = False) -> None:
    """Writes a whole folder beside its place and then swaps it in.

    >>> replace_folder(tmp_path / "model", lambda half: (half / "weights.txt").write_text("1 2 3"))
    >>> [file.name for file in (tmp_path / "model").iterdir()]
    ['weights.txt']

    Args:
        path: Where the folder should appear. The folder above it is made if it is missing.
        write: Function that fills the empty folder it is given.
        keep: Whether to keep a folder that is there when the new one is complete. By default it is replaced, with all
            that is in it.

    Raises:
        OSError: If the folder cannot be written. The message names the folder and says why in words. What was there before
            stays, and what was written so far is removed.
    """

    def fill(folder):
        folder.mkdir()
        write(folder)

    replace_all(path, fill, keep=keep)


def replace_all(path: PathLike, write: Callable[[pathlib.Path], object], *, keep: bool = False) -> None:
    """Writes a file, several files or a folder somewhere beside, and then moves all of it to its place.

    This is for writers that make more than the one file they are told to. For a single file take `write_whole`, for a
    single folder `replace_folder`.

    Args:
        path: Where the main file or folder should appear. The folder above it is made if it is missing.
        write: Function that writes to the path it is given, and beside it if it likes. All that it writes there is moved
            to the folder of `path`.
        keep: Whether to keep what is there when the new files are complete.

    Raises:
        OSError: As `replace_folder` does.
    """
    path = pathlib.Path(path)
    folder = make_folder(path.parent)
    sweep_leftovers(folder)
    half = folder / half_name(path.name)
    with _explaining(path):
        try:
            for part in ("new", "old"):
                (half / part).mkdir(parents=True)
            write(half / "new" / path.name)
            for made in (half / "new").iterdir():
                _move(made, folder / made.name, half / "old" / made.name, keep)
        finally:
            shutil.rmtree(half, ignore_errors=True)


def half_name(stem: str, suffix: str = "", process: int | None = None) -> str:
    """Returns a hidden name for what is being written. No other process, on whichever machine, and no other thread has it.

    Args:
        stem: String. The name that the file will have. If there is no room for all of it, it is replaced by a number.
        suffix: String. Ending of the name.
        process: Integer. Number of the process that writes; this one by default.
    """
    rest = f".{_MACHINE}-{process or os.getpid()}-{next(_NUMBERS)}.half{suffix}"
    if 1 + len(os.fsencode(stem + rest)) > _LONGEST:
        stem = f"{zlib.crc32(os.fsencode(stem)):08x}"
    return f".{stem}{rest}"


def from_home(path: PathLike) -> pathlib.Path:
    """Returns a path in which ``~`` at the beginning is the user's own folder.

    >>> from_home("~nobody-of-this-name.jpg").name
    '~nobody-of-this-name.jpg'

    Args:
        path: Path. A file may be called ``~name``, too: it stays as it is.
    """
    return pathlib.Path(os.path.expanduser(path))


def sweep_leftovers(folder: PathLike) -> None:
    """Removes half-written files and folders that killed processes have left in a folder.

    Leftovers of processes that still run stay where they are, and so does every file of another name. Whether a process of
    another machine runs is not known: what it has changed within a day stays, too.

    Args:
        folder: Folder to look through. The folders in it are not searched.
    """
    for half in pathlib.Path(folder).glob(".*.half*"):
        found = _HALF.fullmatch(half.name)
        if not found or _is_in_use(half, found[1], int(found[2]), int(found[3])):
            continue
        if half.is_dir() and not half.is_symlink():
            shutil.rmtree(half, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):  # another user's, perhaps
                half.unlink()


def make_folder(path: PathLike) -> pathlib.Path:
    """Makes a folder, with those above it, and makes sure that it can be written to.

    Args:
        path: Where the folder should be. It may be there already.

    Returns:
        The same path.

    Raises:
        OSError: If there is a file of that name, or the folder cannot be written to.
    """
    path = pathlib.Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except FileExistsError as error:
        raise FileExistsError(error.errno, f"Expected a folder to write to. Received a file: {path}") from error
    except OSError as error:
        raise explained(error, path) from error
    return path


def explained(error: OSError, path: PathLike) -> OSError:
    """Returns the same error with the file's name and the reason in words.

    Args:
        error: What was raised when the file was written.
        path: File or folder that could not be written.
    """
    why = WHY.get(error.errno or 0, error.strerror or str(error))
    return type(error)(error.errno, f"Cannot write {path}: {why}")


@contextlib.contextmanager
def alone_in(folder: PathLike) -> Iterator[None]:
    """Holds a folder for this process. The system releases it when the process ends, however it ends.

    Args:
        folder: Folder to hold. It gets a file ``.lock``.

    Raises:
        BusyError: If another process holds the folder.
    """
    with open(pathlib.Path(folder) / ".lock", "w") as lock:
        try:
            _lock(lock)
        except OSError as error:
            raise BusyError(
                error.errno,
                f"Another run is writing to {folder}. Wait for it, stop it, or choose another folder",
            ) from error
        yield


@contextlib.contextmanager
def _explaining(path):
    try:
        yield
    except OSError as error:
        raise explained(error, path) from error


def _move(made, place, old, keep):
    if keep and place.exists():
        return
    # A folder cannot be renamed onto another one, nor onto a link to one. Another process may have moved or removed it by now.
    if place.is_dir():
        with contextlib.suppress(FileNotFoundError):
            place.rename(old)
    try:
        os.replace(made, place)
    except OSError:
        if keep and place.exists():  # another process was faster
            return
        if old.exists() and not place.exists():
            old.rename(place)
        raise


def _is_in_use(half, machine, process, number):
    if machine == _MACHINE:
        return _FIRST <= number < _FIRST + _MOST if process == os.getpid() else _is_running(process)
    try:
        return time.time() - half.lstat().st_mtime < _ABANDONED
    except OSError:  # it has got its name just now
        return True


def _is_running(process):
    if os.name == "nt":  # on Windows the question would end that process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # not ours, or no number of a process
        return True
    return True


def _lock(file):
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
