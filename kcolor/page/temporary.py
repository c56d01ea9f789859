"""The folder in which uploads and pictures lie while the server runs. It is gone at its end, or at the next start."""

import contextlib
import os
import pathlib
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator

from kcolor.utils.files import alone_in
from kcolor.utils.types import PathLike

PREFIX = "kcolor-serve-"
_YOUNG = 60.0  # seconds: a folder without a lock may be one that is just being made


@contextlib.contextmanager
def own_folder(parent: PathLike | None = None) -> Iterator[pathlib.Path]:
    """Makes a folder that only this user can read, and removes it at the end. What killed servers left is removed first.

    >>> with own_folder(tmp_path) as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False

    Args:
        parent: Path of the folder to make it in; by default that of the system.
    """
    parent = pathlib.Path(parent or tempfile.gettempdir())
    sweep(parent)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        with alone_in(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: PathLike) -> None:
    """Removes the folders of servers that run no more: killed ones, too, since the system releases their locks.

    Args:
        parent: Path of the folder that they were made in.
    """
    for folder in pathlib.Path(parent).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # BusyError is one: its server runs
            if _may_be_left(folder):
                with alone_in(folder):
                    pass
                shutil.rmtree(folder, ignore_errors=True)


def _may_be_left(folder):
    """Whether a folder is this user's own, and not one that another server is just making."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        return False
    return (folder / ".lock").exists() or time.time() - found.st_mtime > _YOUNG
