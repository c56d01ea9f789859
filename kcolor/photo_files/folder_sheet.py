"""A contact sheet of a folder of pictures, each beside its original if there is a folder of those."""

import pathlib

import numpy as np
from PIL import Image

from kcolor.images import decoding
from kcolor.images.contact_sheet import contact_sheet
from kcolor.images.decoding import BrokenPicture, decode
from kcolor.photo_files import output_paths


def sheet_of(pictures, originals=None, *, columns: int = 6, height: int = 200, recursive: bool = False) -> Image.Image:
    """Draws the sheet.

    Args:
        pictures: files, folders and patterns.
        originals: the folder in which a picture of the same place and name, whatever its ending, is shown left of each.
        columns: pictures in a row; pairs count as one.
        height: of each picture.
        recursive: whether to look into the folders below a folder.

    Returns:
        A Pillow picture.

    Raises:
        ValueError: if there is no picture that can be read.
    """
    if columns < 1 or height < 16:
        raise ValueError(f"Expected at least 1 column and a height of 16. Received: {columns} and {height}")
    cells = []
    for path, place in output_paths.pictures(pictures, recursive):
        files = [path] if originals is None else [_original(pathlib.Path(originals), place), path]
        try:
            cells.append(([_thumbnail(file, height) for file in files], place.stem))
        except BrokenPicture:
            continue  # what cannot be read cannot be shown
    if not cells:
        raise ValueError("Expected pictures that can be read. Found none")
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    captions = [[name for pair, name in row for name in (*[""] * (len(pair) - 1), name)] for row in rows]
    return contact_sheet([[picture for pair, _ in row for picture in pair] for row in rows], (), captions, height)


def _original(folder, place):
    """The file in a folder that a result was made of: the same name, but for the ending."""
    stem = place.stem.removesuffix(output_paths.MARK)
    found = sorted(path for path in (folder / place.parent).glob("*") if path.stem == stem and decoding.is_picture(path.name))
    if not found:
        raise ValueError(f"Expected the original of {place} in {folder}. There is no picture called {stem}")
    return found[0]


def _thumbnail(path, height):
    image = decode(path, str(path), height)
    image.thumbnail((4 * height, height), Image.Resampling.LANCZOS)
    return np.asarray(image)
