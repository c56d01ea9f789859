"""Contact sheets of a folder of pictures, each beside its original if there is a folder of those."""

import glob
import itertools
import pathlib
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image

from kcolor.images.contact_sheet import contact_sheet
from kcolor.images.decoding import BrokenPicture, decode
from kcolor.images.file_names import is_picture
from kcolor.photo_files import output_paths
from kcolor.utils.types import PathLike

_MAX_PICTURE_HEIGHT = 2_000  # pixels of one picture
_MAX_SHEET_HEIGHT = 20_000  # pixels: more can hardly be looked at, and a JPEG may have 65,535


def folder_sheets(
    pictures: Iterable[PathLike],
    originals: PathLike | None = None,
    *,
    columns: int = 6,
    height: int = 200,
    recursive: bool = False,
) -> Iterator[Image.Image]:
    """Draws contact sheets of pictures, one after the other: of a large album there are several.

    >>> from kcolor.photo_files import folder_sheets
    >>> _ = (tmp_path / "beach.jpg").write_bytes(b"")
    >>> list(folder_sheets.folder_sheets([tmp_path]))
    Traceback (most recent call last):
    ValueError: Expected pictures that can be read. Found none

    Args:
        pictures: Paths of files and folders, and patterns.
        originals: Path of a folder. The picture of the same place and name in it, whatever its ending, is shown to the left
            of each.
        columns: Integer. Pictures in a row; a pair counts as one.
        height: Integer. Height of each picture in pixels.
        recursive: Boolean. Whether to look into the folders below a folder.

    Yields:
        Pillow images of mode RGB, at most 20,000 pixels high.

    Raises:
        ValueError: If no picture can be read, or one has no original.
    """
    if columns < 1 or not 16 <= height <= _MAX_PICTURE_HEIGHT:
        raise ValueError(
            f"Expected at least 1 column and a height in 16 to {_MAX_PICTURE_HEIGHT:,}. Received: {columns} and {height}"
        )
    cells, rows = _cells(pictures, originals, height, recursive), max(1, _MAX_SHEET_HEIGHT // (height + 21))
    drawn = False
    while some := list(itertools.islice(cells, rows * columns)):
        yield _sheet(some, columns, height)
        drawn = True
    if not drawn:
        raise ValueError("Expected pictures that can be read. Found none")


def _cells(pictures, originals, height, recursive):
    """Yields a picture, with its original if it has one, and its name."""
    for path, place in output_paths.pictures(pictures, recursive):
        if originals is not None and _is_comparison(path):  # which shows its original itself
            continue
        files = [path] if originals is None else [_original(pathlib.Path(originals), place), path]
        try:
            yield [_thumbnail(file, height) for file in files], place.stem
        except BrokenPicture:
            continue


def _sheet(cells, columns, height):
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    captions = [[name for pair, name in row for name in (*[""] * (len(pair) - 1), name)] for row in rows]
    return contact_sheet([[picture for pair, _ in row for picture in pair] for row in rows], (), captions, height)


def _is_comparison(path):
    """Whether a picture is the before | after of a result that lies beside it."""
    stem = path.stem.removesuffix(output_paths.COMPARISON)
    return stem != path.stem and any(is_picture(other.name) for other in path.parent.glob(f"{glob.escape(stem)}.*"))


def _original(folder: pathlib.Path, place: pathlib.Path) -> pathlib.Path:
    """Returns the file that a result was made of: its name may differ in the ending."""
    stem = place.stem.removesuffix(output_paths.MARK)
    found = sorted(path for path in (folder / place.parent).glob("*") if path.stem == stem and is_picture(path.name))
    if not found:
        raise ValueError(f"Expected the original of {place} in {folder}. There is no picture called {stem}")
    return found[0]


def _thumbnail(path: pathlib.Path, height: int) -> np.ndarray:
    image = decode(path, str(path), height)
    image.thumbnail((4 * height, height), Image.Resampling.LANCZOS)
    return np.asarray(image)
