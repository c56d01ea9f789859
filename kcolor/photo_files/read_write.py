"""Reads photo files with everything in them that is to be kept, and writes results whole or not at all."""

import dataclasses
import os
import pathlib
import warnings
from typing import Any

import numpy as np
from PIL import Image

from kcolor.images.decoding import BrokenPicture, channels, opened, reason, to_rgb, upright
from kcolor.photo_files.exif import about_the_photo, resolution, upright_exif
from kcolor.utils.files import write_whole
from kcolor.utils.types import PathLike

_OF_SEVERAL = {"TIFF", "GIF", "WEBP", "PNG", "AVIF"}
_LOSSY = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".avif": "AVIF"}


@dataclasses.dataclass(frozen=True)
class Photo:
    """A photo, and what its file had beside the picture.

    Args:
        rgb: Array ``(height, width, 3)`` of uint8, upright, in sRGB.
        alpha: Array ``(height, width)`` of uint8, or None if nothing is transparent.
        exif: Bytes. The file's EXIF, without the orientation: the picture is upright.
        dpi: Pair of floats. Resolution across and down, or None if the file does not say it.
        pictures: Integer. How many pictures the file has: a TIFF may have pages, a GIF may move. This is the first one.
    """

    rgb: np.ndarray
    alpha: np.ndarray | None = None
    exif: bytes = b""
    dpi: tuple[float, float] | None = None
    pictures: int = 1


def read(path: PathLike) -> Photo:
    """Reads a picture file of any format that Pillow knows.

    Args:
        path: Path of the file.

    Returns:
        A `Photo`.

    Raises:
        BrokenPicture: If the file cannot be read, whatever is wrong with it.
    """
    try:
        if os.stat(path).st_size == 0:
            raise BrokenPicture(str(path), "the file is empty")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of damage that it could still read past
            with opened(path) as image:
                return _photo(image)
    except BrokenPicture:
        raise
    except Exception as error:  # a dozen decoders, in C and in Python: a damaged file makes them raise anything
        raise BrokenPicture(str(path), reason(error, path)) from error


def write(path: PathLike, rgb: np.ndarray, photo: Photo, quality: int = 95) -> None:
    """Writes a result, whole or not at all, with what its photo's file had beside the picture.

    Args:
        path: Path of the file. Its ending says the format.
        rgb: Array ``(height, width, 3)`` of uint8.
        photo: The `Photo` whose transparency, EXIF and resolution are kept.
        quality: Integer from 1 to 100. Quality of JPEG, WebP and AVIF.

    Raises:
        OSError: If the file cannot be written.
    """
    suffix = pathlib.Path(path).suffix.lower()
    image = Image.fromarray(rgb)
    if photo.alpha is not None:
        image.putalpha(Image.fromarray(photo.alpha))
        if _LOSSY.get(suffix) == "JPEG":  # it has no transparency: what a viewer shows
            image = to_rgb(image)
    options: dict[str, Any] = {"exif": photo.exif} if photo.exif else {}
    if photo.dpi is not None:
        options["dpi"] = photo.dpi
    if suffix in _LOSSY:
        options["quality"] = quality
    if _LOSSY.get(suffix) == "JPEG" and quality >= 90:
        options["subsampling"] = 0  # colour is what this is about
    if suffix in (".tif", ".tiff") and not photo.exif:
        options["compression"] = "tiff_lzw"  # libtiff compresses, but cannot write the folders of EXIF
    elif suffix in (".tif", ".tiff"):
        options["exif"] = about_the_photo(photo.exif)
    if suffix == ".png":
        options["compress_level"] = 4  # nearly as small as 6, twice as fast
    write_whole(path, lambda half: image.save(half, **options))


def _photo(image):
    dpi = resolution(image)  # asked first: a TIFF is turned while it is read, and then no longer says so
    rgb, alpha = channels(image)
    rgb, alpha = (part if part is None else np.asarray(upright(part, image)) for part in (rgb, alpha))
    return Photo(rgb, alpha, upright_exif(image), dpi, _pictures(image))


def _pictures(image):
    """How many pictures a file has. Phones put small ones, or the parts of a panorama, into a JPEG: these do not count."""
    try:
        return getattr(image, "n_frames", 1) if image.format in _OF_SEVERAL else 1
    except Exception:  # the first picture is whole, what comes after it is not
        return 1
