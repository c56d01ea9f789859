"""Pictures in a folder, or in a zip, which is read in place.

Their keys are names relative to the folder or zip, with "/". They are the same for a zip and for what it unpacks to, so both
are split in the same way.
"""

import hashlib
import io
import pathlib
import threading
import zipfile
import zlib
from collections.abc import Sequence

from kcolor.data import splits
from kcolor.data.pictures import Listed
from kcolor.data.splits import is_wanted
from kcolor.images.decoding import BrokenPicture, decode
from kcolor.images.walking import picture_files
from kcolor.utils.types import PathLike


def folder(
    path: PathLike,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> Listed:
    """Returns the pictures in a folder and in all folders below it.

    Folders ``train``, ``val`` (``valid``, ``validation``) and ``test`` are the splits. If ``val`` or ``test`` is missing, its
    pictures are taken from ``train``, by the hash of their names. If there are no such folders, all pictures are split by
    hash. The folder that a picture lies in is its class.

    >>> from PIL import Image
    >>> for name in ("sea.png", "forest.png"):
    ...     Image.new("RGB", (40, 30)).save(tmp_path / name)
    >>> kcolor.data.sources.folder(tmp_path, "all").keys
    ['forest.png', 'sea.png']

    Args:
        path: Folder to look in.
        split: "train", "val", "test", or "all".
        classes: Names of the classes to keep; None keeps all.
        val: Number in [0, 1). Share of validation pictures, if they have no folder.
        test: Number in [0, 1). Share of test pictures, if they have no folder.
        limit: Integer. Number of pictures to keep: those with the lowest hashes. None keeps all.

    Returns:
        `Pictures`.

    Raises:
        ValueError: For a wrong argument, or if there are no such pictures.
    """
    root = pathlib.Path(path)
    names = splits.select(_names(root), root, split, classes=classes, val=val, test=test, limit=limit)
    return Listed(
        f"{root.resolve().name}/{split}",
        names,
        lambda key, least: decode(root / key, key, least),
        lambda keys: _stamp(keys, lambda key: _properties(root / key)),
    )


def zipped(
    path: PathLike,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> Listed:
    """Returns the pictures in a zip, which is read in place and not unpacked.

    >>> import zipfile
    >>> with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
    ...     archive.writestr("train/1.png", b"not looked at yet")
    >>> kcolor.data.sources.zipped(tmp_path / "photos.zip", "all").keys
    ['train/1.png']

    Args:
        path: The zip.
        split: "train", "val", "test", or "all"; the same as for a folder.
        classes: Names of the classes to keep; None keeps all.
        val: Number in [0, 1). Share of validation pictures, if they have no folder.
        test: Number in [0, 1). Share of test pictures, if they have no folder.
        limit: Integer. Number of pictures to keep: those with the lowest hashes. None keeps all.

    Returns:
        `Pictures`.

    Raises:
        ValueError: For a wrong argument, a zip that is damaged or has a password, or if there are no such pictures.
    """
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
    """A zip that several threads read from. It is opened once, as that takes half a second for 60,000 pictures.

    `zipfile` itself lets threads read in turn and unpack at the same time. Only opening and closing a member needs a lock.
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
        except MemoryError:
            raise
        except Exception as error:  # each way to compress has errors of its own
            raise BrokenPicture(key, str(error)) from error
        finally:
            if member is not None:
                with self._guard:
                    member.close()


def _names(root):
    """Returns the names of all pictures below a folder, sorted. Links are followed: data sets are put together with them."""
    files = picture_files(root, follow_links=True, skip_unreadable=True)
    return sorted(filter(is_wanted, (file.relative_to(root).as_posix() for file in files)))


def _properties(file):
    try:
        found = file.stat()
        return [found.st_size, found.st_mtime_ns]
    except OSError:  # a link that leads nowhere, or the file is gone: it counts as broken when it is read
        return [None]


def _stamp(keys, properties):
    state = hashlib.blake2b(digest_size=16)
    for key in keys:
        state.update(repr([key, *properties(key)]).encode("utf-8", "surrogateescape"))
    return state.hexdigest()
