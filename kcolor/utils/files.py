"""Files that appear whole or not at all, and folders that one process at a time may write to."""

import contextlib
import errno
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator

WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
}


class BusyError(OSError):
    """Another process writes to this folder."""


def write_whole(path, write: Callable[[pathlib.Path], object]) -> None:
    """Has a file written beside its place and then renamed, so that nobody ever sees half of it.

    Args:
        path: where the file should appear; what was there is replaced.
        write: called with the path to write to, which has the same suffix.

    Raises:
        OSError: that names the file and says why in words; what was written so far is removed.
    """
    path = pathlib.Path(path)
    half = path.with_name(f".{path.stem}.{os.getpid()}.half{path.suffix}")
    try:
        write(half)
        half.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise explained(error, path) from error
        raise


def write_text(path, text: str) -> None:
    """Writes text (UTF-8) whole or not at all."""
    write_whole(path, lambda half: half.write_text(text, encoding="utf-8", newline=""))


def make_folder(path) -> pathlib.Path:
    """Makes a folder, with those above it, and makes sure that it can be written to."""
    path = pathlib.Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except FileExistsError as error:
        raise FileExistsError(error.errno, f"Expected a folder to write to. Received a file: {path}") from error
    except OSError as error:
        raise explained(error, path) from error
    return path


def explained(error: OSError, path) -> OSError:
    """The same error, with the file's name and the reason in words."""
    why = WHY.get(error.errno, error.strerror or str(error))
    return type(error)(error.errno, f"Cannot write {path}: {why}")


@contextlib.contextmanager
def alone_in(folder) -> Iterator[None]:
    """Holds a folder for this process. The system lets go of it when the process ends, however it ends.

    Raises:
        BusyError: if another process holds it.
    """
    with open(pathlib.Path(folder) / ".lock", "w") as lock:
        try:
            _lock(lock)
        except OSError as error:
            raise BusyError(
                error.errno,
                f"Another run is writing to {folder}. Wait for it, stop it, or choose another folder (--out)",
            ) from error
        yield


def _lock(file):
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
