"""Many pictures of any sizes in one file, mapped into memory: what a cache is made of."""

import json
import pathlib
from collections.abc import Iterable

import numpy as np

from kcolor.images.decoding import BrokenPicture

_PIXELS, _INDEX = "pixels.u8", "index.json"


class Pack:
    """Pictures as they were written by `write`, for any number of threads.

    Args:
        folder: where they are.
    """

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        self._broken = index["broken"]
        self._shapes = np.asarray(index["shapes"], "int64").reshape(-1, 2)
        ends = np.cumsum(self._shapes.prod(axis=1) * 3)
        size, expected = (folder / _PIXELS).stat().st_size, int(ends[-1]) if len(ends) else 0
        if size != expected:
            raise ValueError(
                f"Expected {expected:,} bytes in {folder / _PIXELS}. Found {size:,}. Remove {folder}: it is made anew"
            )
        self._starts = ends - self._shapes.prod(axis=1) * 3
        self._places = {key: i for i, key in enumerate(index["keys"])}
        self._pixels = np.memmap(folder / _PIXELS, "uint8", "r") if expected else np.zeros(0, "uint8")

    def __len__(self) -> int:
        return len(self._places)

    def picture(self, key: str) -> np.ndarray:
        """One picture, uint8 ``(height, width, 3)``.

        Raises:
            BrokenPicture: if it was broken when the pack was written.
        """
        if key in self._broken:
            raise BrokenPicture(key, self._broken[key])
        i = self._places[key]
        (height, width), start = self._shapes[i], self._starts[i]
        return np.array(self._pixels[start : start + height * width * 3]).reshape(height, width, 3)


def write(folder, pictures: Iterable[tuple[str, np.ndarray | BrokenPicture]]) -> None:
    """Writes pictures into a folder that is there and empty; one after another, so that memory holds few.

    Args:
        folder: where to.
        pictures: keys, and uint8 ``(height, width, 3)`` or what is wrong with it.
    """
    folder = pathlib.Path(folder)
    keys, shapes, broken = [], [], {}
    with open(folder / _PIXELS, "wb") as file:
        for key, picture in pictures:
            if isinstance(picture, BrokenPicture):
                broken[key] = picture.reason
                continue
            file.write(np.ascontiguousarray(picture).data)
            keys.append(key)
            shapes.append(picture.shape[:2])
    text = json.dumps({"keys": keys, "shapes": shapes, "broken": broken})
    (folder / _INDEX).write_text(text, encoding="utf-8")
