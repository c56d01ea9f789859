"""Pictures in a folder, or in a zip of one that is read in place.

Keys are names relative to the folder or zip, with "/": the same for a zip and for what it unpacks to, so both are split alike.
"""

import hashlib
import io
import os
import pathlib
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from kcolor.data import splits
from kcolor.data.pictures import Listed
from kcolor.data.splits import is_wanted
from kcolor.images.decoding import BrokenPicture, decode


def folder(
    path,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> Listed:
    """Pictures in a folder and in all folders below it.

    Folders ``train``, ``val`` (``valid``, ``validation``) and ``test`` are the splits. One that is missing is hashed out of
    train; so are all, where there is none of them. The folder that a picture lies in is its class.

    Args:
        path: the folder.
        split: "train", "val", "test", or "all".
        classes: keep only these.
        val: share of the validation pictures, where they have no folder.
        test: share of the test pictures, where they have no folder.
        limit: keep so many: those with the lowest hash.

    Returns:
        `Pictures`.
    """
    root = pathlib.Path(path)
    names = splits.select(sorted(_walk(root)), root, split, classes=classes, val=val, test=test, limit=limit)
    return Listed(
        f"{root.resolve().name}/{split}",
        names,
        lambda key, least: decode(root / key, key, least),
        lambda keys: _stamp(keys, lambda key: [(root / key).stat().st_size, (root / key).stat().st_mtime_ns]),
    )


def zipped(
    path,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> Listed:
    """Pictures in a zip, read in place; all as for `folder`."""
    path = pathlib.Path(path)
    archive = _Archive(path)
    members = archive.members
    names = splits.select(sorted(filter(is_wanted, members)), path, split, classes=classes, val=val, test=test, limit=limit)
    if locked := [name for name in names if members[name].flag_bits & 1]:
        raise ValueError(f"Expected a zip without a password. Received: {path}, where {locked[0]} is encrypted")
    return Listed(
        f"{path.stem}/{split}",
        names,
        archive.image,
        lambda keys: _stamp(keys, lambda key: [members[key].file_size, members[key].CRC]),
    )


class _Archive:
    """A zip that several threads read from: it is opened once, as that takes half a second for 60,000 pictures.

    `zipfile` itself has the threads read in turn, and unpack at once; only opening and closing a member is left to guard.
    """

    def __init__(self, path):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, zlib.error) as error:
            raise ValueError(f"Expected a zip of pictures. Received: {path}, which is damaged or no zip ({error})") from error
        self._guard = threading.Lock()
        self.members = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}

    def image(self, key, least):
        return decode(io.BytesIO(self._bytes(key)), key, least)

    def _bytes(self, key):
        member = None
        try:
            with self._guard:
                member = self._zip.open(key)
            return member.read()
        except (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            raise BrokenPicture(key, str(error)) from error
        finally:
            if member is not None:
                with self._guard:
                    member.close()


def _walk(root) -> Iterator[str]:
    """The names of all pictures below a folder. Follows links, but goes nowhere twice: they may lead in circles."""
    been = set()
    for place, below, files in os.walk(root, followlinks=True):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in been:
            below.clear()
            continue
        been.add((status.st_dev, status.st_ino))
        below[:] = sorted(name for name in below if not name.startswith("."))
        start = pathlib.PurePath(os.path.relpath(place, root))
        yield from (name for name in ((start / file).as_posix() for file in files) if is_wanted(name))


def _stamp(keys, properties):
    state = hashlib.blake2b(digest_size=16)
    for key in keys:
        state.update(repr([key, *properties(key)]).encode("utf-8", "surrogateescape"))
    return state.hexdigest()
