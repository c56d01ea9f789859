"""Photos that lie anywhere: in a folder, or at an address that fsspec knows (``s3://bucket/photos``).

A place is a file system of fsspec and a path in it. For a local file the address is its absolute path.
"""

import dataclasses
import itertools
import os
import pathlib
import shutil
from collections.abc import Iterable, Iterator
from typing import Any

from kcolor.images.file_names import is_picture
from kcolor.photo_files.output_paths import COMPARISON, suffix_for, taken
from kcolor.utils.files import write_whole
from kcolor.utils.types import PathLike

# There a file appears when all of it is written. Elsewhere it is written under a hidden name first.
_WHOLE_OR_NOT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory"}


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A photo to colour, and the files that are made of it: all of them addresses.

    Args:
        photo: String. The photo.
        result: String. The coloured photo.
        comparison: String. The before | after picture; empty if there is to be none.
        status: String. "todo", "skipped" if all is there, or "failed" if it cannot be coloured.
        reason: String. Why not.
    """

    photo: str
    result: str
    comparison: str
    status: str = "todo"
    reason: str = ""


def tasks(
    photos: Iterable[PathLike],
    out: PathLike,
    *,
    format: str = "keep",
    recursive: bool = False,
    compare: bool = False,
    overwrite: bool = False,
) -> Iterator[Task]:
    """Yields what is to be done, folder by folder, no photo twice. Photos and target are listed for it: no file is asked for.

    >>> for name in ("beach.jpg", "notes.txt"):
    ...     _ = (tmp_path / name).write_bytes(b"")
    >>> [(os.path.basename(task.photo), task.status) for task in tasks([tmp_path], tmp_path / "out")]
    [('beach.jpg', 'todo')]

    Args:
        photos: Addresses of folders and files, and patterns.
        out: Address of the folder for the results, in which folders keep their tree.
        format: String. As of `kcolor.colorize_files`.
        recursive: Boolean. Whether to look into the folders below a folder.
        compare: Boolean. Whether to make before | after pictures, too.
        overwrite: Boolean. Whether to make all files anew.

    Raises:
        ValueError: If an address means no photo.
        ImportError: If its kind needs a package that is not installed.
    """
    target, base = place(out)
    target.invalidate_cache()  # of an object store fsspec keeps listings: nodes have written there since
    listed = [
        (source, folder, below, names)
        for name in photos
        for source, path in [_place_now(name)]
        for folder, below, names in _folders(source, path, name, recursive)
        # not the results of an earlier run, within the album
        if base == path or not f"{address(source, folder)}/".startswith(f"{address(target, base)}/")
    ]
    # A result may replace no photo, of whichever source.
    originals = {
        address(source, _joined(real, file))
        for source, folder, _, names in listed
        for real in [_real(source, folder)]
        for file in names
    }
    made: dict[str, str] = {}
    for source, folder, below, names in listed:
        there = set() if overwrite else _names(target, _joined(base, below))
        real = address(target, _real(target, _joined(base, below)))
        for file in names:
            photo = address(source, _joined(folder, file))
            stem = os.path.splitext(file)[0]
            results = [stem + suffix_for(file, format), *([f"{stem}{COMPARISON}.jpg"] if compare else [])]
            files = [address(target, _joined(base, below, result)) for result in results]
            if made.get(files[0]) == photo:
                continue  # named twice
            reason = ""
            for name, result in zip(results, files, strict=True):
                first = made.setdefault(result, photo)
                if _joined(real, name) in originals:
                    reason = f"{result} is itself one of the photos. Choose another folder (`out`)"
                elif first != photo:
                    reason = taken(first, result, comparison=result is not files[0])
            status = "failed" if reason else "skipped" if there.issuperset(results) else "todo"
            yield Task(photo, files[0], files[1] if compare else "", status=status, reason=reason)


def place(where: PathLike) -> tuple[Any, str]:
    """Returns the file system and the path of an address.

    Args:
        where: String such as ``"s3://bucket/photos"``, or path of a file or folder.

    Raises:
        ValueError: If fsspec does not know this kind of address.
        ImportError: If its kind needs a package that is not installed.
    """
    import fsspec
    import fsspec.implementations.local

    text = os.fspath(where)
    if "://" not in text:  # a path, which may have "::" in it
        path = os.path.abspath(os.path.expanduser(text))
        return fsspec.filesystem("file"), fsspec.implementations.local.make_path_posix(path)
    try:
        return fsspec.core.url_to_fs(text)
    except ValueError as error:
        raise ValueError(f"Expected a path, or an address that fsspec knows. Received: {text!r}. {error}") from None


def _place_now(where):
    system, path = place(where)
    system.invalidate_cache()
    return system, path


def _real(system, folder):
    """The folder that a folder is, whatever links lead to it."""
    return os.path.realpath(folder) if is_local(system) else folder


def address(system: Any, path: str) -> str:
    """Returns the address of a path: with its protocol, but for local files.

    Args:
        system: File system of fsspec.
        path: String. Path in it.
    """
    return path if is_local(system) else system.unstrip_protocol(path)


def is_local(system: Any) -> bool:
    """Returns whether a file system is this machine's own.

    Args:
        system: File system of fsspec.
    """
    return "file" in _protocols(system)


def download(where: str, file: pathlib.Path) -> None:
    """Copies a file from its address.

    Args:
        where: String. Its address.
        file: Path of the copy.

    Raises:
        OSError: If that fails.
    """
    system, path = place(where)
    system.get_file(path, str(file))


def upload(file: pathlib.Path, where: str) -> None:
    """Copies a file to an address, where it appears whole or not at all.

    Args:
        file: Path of the file.
        where: String. Address of the copy.

    Raises:
        OSError: If that fails.
    """
    system, path = place(where)
    if is_local(system):
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda half: shutil.copyfile(file, half))
    elif _protocols(system) & _WHOLE_OR_NOT:
        system.put_file(str(file), path)
    else:
        folder, name = path.rsplit("/", 1)
        system.makedirs(folder, exist_ok=True)
        system.put_file(str(file), f"{folder}/.{name}.half")
        system.mv(f"{folder}/.{name}.half", path)


def _protocols(system):
    return {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)


def _folders(system, path, name, recursive):
    """Yields the folders of a source: each with its path, its path below the source, and the names of its pictures."""
    if system.isdir(path):
        root, empty = path.rstrip("/"), True
        for folder, _, files in system.walk(path, maxdepth=None if recursive else 1):
            below = folder.rstrip("/")[len(root) + 1 :]
            names = sorted(file for file in files if is_picture(file) and not file.startswith("."))
            if names and not any(part.startswith(".") for part in below.split("/")):
                empty = False
                yield folder, below, names
        if empty:
            more = "" if recursive else ". To look into the folders below it as well: `recursive=True`"
            raise ValueError(f"Expected pictures in the folder. Found none in {name}{more}")
        return
    found = [path] * system.exists(path)
    if not found and any(sign in path for sign in "*?["):
        found = sorted(file for file in system.glob(path) if not file.rpartition("/")[2].startswith("."))
    if not found:
        raise ValueError(f"Expected photos, folders or patterns. There is nothing at {str(name)!r}")
    for folder, files in itertools.groupby(found, lambda file: file.rpartition("/")[0]):
        yield folder, "", [file.rpartition("/")[2] for file in files]


def _names(system, folder):
    """The names in a folder; none if there is no such folder."""
    try:
        return {entry.rstrip("/").rpartition("/")[2] for entry in system.ls(folder, detail=False)}
    except FileNotFoundError:
        return set()


def _joined(*parts):
    return "/".join(part.rstrip("/") for part in parts if part)
