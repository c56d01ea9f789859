"""Looks for picture files in a folder."""

import os
import pathlib
from collections.abc import Iterator

from kcolor.images.file_names import is_picture
from kcolor.utils.types import PathLike


def picture_files(
    folder: PathLike, *, recursive: bool = True, follow_links: bool = False, skip_unreadable: bool = False
) -> Iterator[pathlib.Path]:
    """Yields the picture files of a folder, told by their names; hidden files and folders are left out.

    >>> from kcolor.images.walking import picture_files
    >>> _ = (tmp_path / "photo.jpg").write_bytes(b"")
    >>> [path.name for path in picture_files(tmp_path)]
    ['photo.jpg']

    Args:
        folder: Folder to look in.
        recursive: Whether to look into the folders below it, too.
        follow_links: Whether to look into folders that symbolic links lead to. Links may lead in circles, so no folder is
            looked into twice.
        skip_unreadable: Whether to pass over folders that may not be listed.

    Yields:
        Paths that begin with `folder`. Those of one folder are sorted and come before those of the folders below it, which
        are visited in the order of their names.

    Raises:
        OSError: If a folder may not be listed, unless `skip_unreadable`.
    """
    for place, names in picture_folders(
        folder, recursive=recursive, follow_links=follow_links, skip_unreadable=skip_unreadable
    ):
        yield from (pathlib.Path(place, name) for name in names)


def picture_folders(
    folder: PathLike, *, recursive: bool = True, follow_links: bool = False, skip_unreadable: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yields folders with the names of the picture files in them. Folders without any are left out.

    >>> from kcolor.images.walking import picture_folders
    >>> _ = (tmp_path / "photo.jpg").write_bytes(b"")
    >>> [names for _, names in picture_folders(tmp_path)]
    [['photo.jpg']]

    Args:
        folder: As of `picture_files`.
        recursive: As of `picture_files`.
        follow_links: As of `picture_files`.
        skip_unreadable: As of `picture_files`.

    Yields:
        Pairs of a folder's path and a sorted list of names, in the order of `picture_files`.

    Raises:
        OSError: As `picture_files` does.
    """
    visited = set()
    for place, below, files in os.walk(folder, followlinks=follow_links, onerror=None if skip_unreadable else _raise):
        if follow_links:
            status = os.stat(place)
            if (status.st_dev, status.st_ino) in visited:
                below.clear()
                continue
            visited.add((status.st_dev, status.st_ino))
        below[:] = sorted(name for name in below if not name.startswith(".")) if recursive else []
        if names := sorted(name for name in files if is_picture(name) and not name.startswith(".")):
            yield place, names


def _raise(error):
    raise error
