"""Writes figures and pictures to files."""

import pathlib
from typing import Any

from PIL import Image

from kcolor.utils import files, marks
from kcolor.utils.types import PathLike

SUFFIXES = (".png", ".svg", ".pdf", ".jpg", ".webp")
GRAY = "#666666"  # of lines and words that stay in the background


def save(figure: Any, path: PathLike) -> None:
    """Writes a matplotlib figure or a Pillow image, whole or not at all.

    >>> import PIL.Image
    >>> save(PIL.Image.new("RGB", (8, 8)), tmp_path / "black.png")
    >>> [file.name for file in tmp_path.iterdir()]
    ['black.png']

    Args:
        figure: A ``matplotlib.figure.Figure`` or a Pillow image.
        path: File to write. Its suffix is the format: .png, .svg, .pdf, .jpg or .webp. A Pillow image cannot become an .svg.

    Raises:
        ValueError: If the suffix is another one.
        OSError: If the file cannot be written.
    """
    path = pathlib.Path(path)
    is_image = isinstance(figure, Image.Image)
    known = [suffix for suffix in SUFFIXES if not (is_image and suffix == ".svg")]
    if path.suffix.lower() not in known:
        raise ValueError(f"Expected a file name that ends in one of {known}. Received: {str(path)!r}")
    if is_image:
        save_picture(figure, path)
        return
    drawn = path.suffix.lower() in (".svg", ".pdf")
    marked = {"metadata": {"Creator": marks.CREATOR}} if drawn else {"pil_kwargs": {"exif": marks.marked_exif()}}
    files.write_whole(path, lambda half: figure.savefig(half, dpi=144, **marked))


def save_picture(picture: Image.Image, path: PathLike) -> None:
    """Writes a Pillow image of any format, whole or not at all, with a mark (`kcolor.utils.marks`).

    >>> import PIL.Image
    >>> save_picture(PIL.Image.new("RGB", (8, 8)), tmp_path / "black.jpg")
    >>> kcolor.utils.marks.is_ours(tmp_path / "black.jpg")
    True

    Args:
        picture: A Pillow image.
        path: File to write.
    """
    files.write_whole(path, lambda half: picture.save(half, exif=marks.marked_exif()))
