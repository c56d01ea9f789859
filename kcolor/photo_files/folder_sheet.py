"""A contact sheet of a folder of pictures, each beside its original if there is a folder of those."""

import pathlib
from collections.abc import Iterable

import numpy as np
from PIL import Image

from kcolor.images.contact_sheet import contact_sheet
from kcolor.images.decoding import BrokenPicture, decode
from kcolor.images.file_names import is_picture
from kcolor.photo_files import output_paths
from kcolor.utils.types import PathLike


def folder_sheet(
    pictures: Iterable[PathLike],
    originals: PathLike | None = None,
    *,
    columns: int = 6,
    height: int = 200,
    recursive: bool = False,
) -> Image.Image:
    """Draws a contact sheet of pictures.

    Args:
        pictures: Paths of files and folders, and patterns.
        originals: Path of a folder. The picture of the same place and name in it, whatever its ending, is shown to the left
            of each.
        columns: Integer. Pictures in a row; a pair counts as one.
        height: Integer. Height of each picture in pixels.
        recursive: Boolean. Whether to look into the folders below a folder.

    Returns:
        Pillow image of mode RGB.

    Raises:
        ValueError: If no picture can be read, or one has no original.
    """
    if columns < 1 or height < 16:
        raise ValueError(f"Expected at least 1 column and a height of 16. Received: {columns} and {height}")
    cells = []
    for path, place in output_paths.pictures(pictures, recursive):
        files = [path] if originals is None else [_original(pathlib.Path(originals), place), path]
        try:
            cells.append(([_thumbnail(file, height) for file in files], place.stem))
        except BrokenPicture:
            continue
    if not cells:
        raise ValueError("Expected pictures that can be read. Found none")
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    captions = [[name for pair, name in row for name in (*[""] * (len(pair) - 1), name)] for row in rows]
    return contact_sheet([[picture for pair, _ in row for picture in pair] for row in rows], (), captions, height)


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
