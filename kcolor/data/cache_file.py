"""Pictures of any sizes in one file, which is mapped into memory: what a cache is made of."""

import json
import pathlib
from collections.abc import Iterable

import numpy as np

from kcolor.images.decoding import BrokenPicture
from kcolor.utils.types import PathLike

_PIXELS, _INDEX = "pixels.u8", "index.json"


class CacheFile:
    """Reads pictures that `write` has written. Any number of threads may read at once.

    Args:
        folder: Folder that `write` wrote to.

    Raises:
        ValueError: If the files are not as `write` has written them.
    """

    def __init__(self, folder: PathLike):
        folder = pathlib.Path(folder)
        try:
            index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
            self._shapes = np.asarray(index["shapes"], "int64").reshape(-1, 2)
            self._places = {key: i for i, key in enumerate(index["keys"])}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(f"Cannot read {folder / _INDEX}: {error}. Remove {folder}: it is made anew") from error
        ends = np.cumsum(self._shapes.prod(axis=1) * 3)
        size, expected = (folder / _PIXELS).stat().st_size, int(ends[-1]) if len(ends) else 0
        if size != expected:
            raise ValueError(
                f"Expected {expected:,} bytes in {folder / _PIXELS}. Found {size:,}. Remove {folder}: it is made anew"
            )
        self._starts = ends - self._shapes.prod(axis=1) * 3
        self._pixels = np.memmap(folder / _PIXELS, "uint8", "r") if expected else np.zeros(0, "uint8")

    def __len__(self) -> int:
        """Returns the number of pictures, without the broken ones."""
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        """Returns whether a picture is there: not one that could not be read when the file was written."""
        return key in self._places

    def picture(self, key: str) -> np.ndarray:
        """Returns one picture.

        Args:
            key: Key that the picture was written with.

        Returns:
            uint8 array ``(height, width, 3)``.
        """
        i = self._places[key]
        (height, width), start = self._shapes[i], self._starts[i]
        return np.array(self._pixels[start : start + height * width * 3]).reshape(height, width, 3)


def write(folder: PathLike, pictures: Iterable[tuple[str, np.ndarray | BrokenPicture]]) -> None:
    """Writes pictures one after another, so that memory holds only a few of them.

    >>> picture = np.zeros((3, 5, 3), "uint8")
    >>> kcolor.data.cache_file.write(tmp_path, [("black.png", picture)])
    >>> kcolor.data.cache_file.CacheFile(tmp_path).picture("black.png").shape
    (3, 5, 3)

    Args:
        folder: Empty folder to write to.
        pictures: Pairs of a key and a uint8 array ``(height, width, 3)``, or of a key and the error of a broken picture, which
            is left out: a disk that did not answer may answer the next time.
    """
    folder = pathlib.Path(folder)
    keys, shapes = [], []
    with open(folder / _PIXELS, "wb") as file:
        for key, picture in pictures:
            if isinstance(picture, BrokenPicture):
                continue
            file.write(np.ascontiguousarray(picture).data)
            keys.append(key)
            shapes.append(picture.shape[:2])
    text = json.dumps({"keys": keys, "shapes": shapes})
    (folder / _INDEX).write_text(text, encoding="utf-8")
