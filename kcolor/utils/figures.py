"""Writes figures to files."""

import pathlib

from PIL import Image

from kcolor.utils import files

SUFFIXES = (".png", ".svg", ".pdf")
GRAY = "#666666"


# Files


def save(figure, path) -> None:
    """Writes a matplotlib figure or a Pillow image, whole or not at all.

    Args:
        figure: what a function here returned.
        path: where; its suffix says how: .png, .svg or .pdf (a Pillow image has no .svg).
    """
    path = pathlib.Path(path)
    is_image = isinstance(figure, Image.Image)
    known = [suffix for suffix in SUFFIXES if not (is_image and suffix == ".svg")]
    if path.suffix.lower() not in known:
        raise ValueError(f"Expected a file name that ends in one of {known}. Received: {str(path)!r}")
    files.write_whole(path, figure.save if is_image else lambda half: figure.savefig(half, dpi=144))
