"""Decodes picture files to RGB with Pillow: upright, in sRGB, 16 bits scaled to 8, transparent parts on white."""

import contextlib
import errno
import os
import pathlib
import stat
from collections.abc import Iterator
from typing import IO

import numpy as np
from PIL import Image

from kcolor.images.file_names import is_picture as is_picture
from kcolor.images.profiles import in_srgb
from kcolor.utils.types import PathLike

_FILMS = {".mp4", ".mov", ".mkv", ".avi", ".m4v", ".mpg", ".mpeg", ".webm", ".wmv", ".mts", ".ts"}
_MISSING = {".avif": "Pillow with AVIF", ".heic": "pillow-heif", ".heif": "pillow-heif"}

ORIENTATION = 0x0112  # the EXIF tag
_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT = 0x0102, 0x0106, 0x0153  # tags of TIFF
_GREY = ("1", "L", "LA", "La")  # modes whose profile is one of grey
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


with contextlib.suppress(ImportError):  # not a dependency: people with iPhone photos install it
    import pillow_heif

    pillow_heif.register_heif_opener()


class BrokenPicture(ValueError):  # noqa: N818 (it names the thing)
    """A picture that cannot be read.

    >>> str(BrokenPicture("cat.jpg", "it is truncated"))
    'Cannot read cat.jpg: it is truncated'

    Args:
        key: Name of the picture.
        reason: Why it cannot be read, in words.
    """

    def __init__(self, key: str, reason: str):
        super().__init__(f"Cannot read {key}: {reason}")
        self.key, self.reason = key, reason


def decode(file: PathLike | IO[bytes], key: str, least: int | None = None) -> Image.Image:
    """Decodes a picture file to an upright RGB image.

    >>> import PIL.Image
    >>> PIL.Image.new("L", (6, 4), 128).save(tmp_path / "gray.png")
    >>> image = decode(tmp_path / "gray.png", "gray.png")
    >>> image.mode, image.size, image.getpixel((0, 0))
    ('RGB', (6, 4), (128, 128, 128))

    Args:
        file: Path of the file, or an open binary file.
        key: Name of the picture, for messages.
        least: Integer, or None. The shorter side that is needed, in pixels. A JPEG may then be decoded at 1/2, 1/4 or 1/8
            of its size, which is several times as fast, if its shorter side is still at least twice as long.

    Returns:
        A Pillow image of mode RGB.

    Raises:
        BrokenPicture: If the file cannot be read, whatever is wrong with it.
    """
    try:
        with opened(file) as image:
            if least is not None:
                image.draft(None, (2 * least, 2 * least))
            rgb, alpha = channels(image)
            return upright(rgb if alpha is None else _on_white(rgb, alpha), image)
    except MemoryError:
        raise
    except Exception as error:  # there are a dozen decoders, in C and in Python, and a damaged file makes them raise anything
        raise BrokenPicture(key, reason(error, key)) from error


@contextlib.contextmanager
def opened(file: PathLike | IO[bytes]) -> Iterator[Image.Image]:
    """Opens a picture file for Pillow, as a context.

    A path is opened here: given a path, Pillow maps TIFFs into memory, and cuts the rows of one that is to be turned by 90°
    at the wrong places.

    Args:
        file: Path of the file, or an open binary file.
    """
    with contextlib.ExitStack() as closed_in_the_end:
        if not hasattr(file, "read") and stat.S_ISFIFO(os.stat(file).st_mode):
            raise OSError(errno.ESPIPE, "a pipe, which cannot be read twice. Save it as a file first")
        source = file if hasattr(file, "read") else closed_in_the_end.enter_context(open(file, "rb"))
        yield closed_in_the_end.enter_context(Image.open(source))


def to_rgb(image: Image.Image) -> Image.Image:
    """Converts an image of any of Pillow's modes to RGB: 16 bits scaled to 8, transparent parts on white.

    >>> import PIL.Image
    >>> to_rgb(PIL.Image.new("RGBA", (1, 1), (200, 0, 0, 0))).getpixel((0, 0))
    (255, 255, 255)

    Args:
        image: A Pillow image.

    Returns:
        A Pillow image of mode RGB: the same one if it is RGB already.
    """
    if image.mode == "RGB":
        image.load()
        return image if image.info.get("transparency") is None else _as_shown(image)
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(image)).convert("RGB")
    if is_transparent(image):
        return _as_shown(image)
    return image.convert("RGB")


def channels(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Returns an image's colours in sRGB, whatever its own profile is, and what is transparent.

    >>> rgb, alpha = channels(Image.new("LA", (1, 1), (200, 50)))
    >>> rgb.getpixel((0, 0)), alpha.getpixel((0, 0))
    ((200, 200, 200), 50)

    Args:
        image: Pillow image, as it was opened.

    Returns:
        Pair of Pillow images, RGB and grey. The latter is None if nothing is transparent.
    """
    profile, alpha = image.info.get("icc_profile"), None
    if image.mode.startswith("I"):  # of 16 bits: Pillow would cut them off to show what is transparent
        if (clear := image.info.get("transparency")) is not None:
            hidden = np.asarray(image) == clear
            alpha = Image.fromarray(np.where(hidden, 0, 255).astype("uint8")) if hidden.any() else None
        rgb = to_rgb(image)
        return in_srgb(rgb.getchannel("R"), profile) or rgb, alpha
    if is_transparent(image):
        whole = image.convert("RGBA")
        alpha, rgb = whole.getchannel("A"), whole.convert("RGB")
        own = rgb.getchannel("R") if image.mode in _GREY else rgb
        opaque = np.asarray(alpha).min(initial=255) == 255
        return in_srgb(own, profile) or rgb, None if opaque else alpha
    if profile and image.mode in ("L", "RGB", "CMYK", "LAB", "P"):
        image.load()
        return in_srgb(image.convert("RGB") if image.mode == "P" else image, profile) or to_rgb(image), None
    return to_rgb(image), None


def is_transparent(image: Image.Image) -> bool:
    """Returns whether an image may have transparent parts.

    Args:
        image: A Pillow image.
    """
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or image.info.get("transparency") is not None


def _as_shown(image):
    image = image.convert("RGBA")
    return _on_white(image, image.getchannel("A"))


def _on_white(image, alpha):
    """Returns what a viewer shows. The colours below transparent pixels were not meant to be seen."""
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=alpha)
    return ground


def _eight_bits(image):
    """Converts grey levels of 16 or 32 bits, or floats, to uint8. Pillow's own `convert` would cut them off at 255."""
    levels, tags = np.asarray(image), getattr(image, "tag_v2", {})  # of a TIFF
    if image.mode == "I" and tags.get(_BITS) == (32,) and tags.get(_SAMPLE_FORMAT, (1,)) == (1,):
        levels = levels.view("uint32")  # Pillow takes them for signed ones
    levels = np.nan_to_num(levels.astype("float64"))
    highest = levels.max(initial=0.0)
    if image.mode == "F":
        white = 1.0 if highest <= 1.0 else max(255.0, highest)
    elif highest <= 65535.0:  # "I" has 32 bits, but files use mostly 16 of them
        white = 2.0 ** min(16, *tags.get(_BITS, (16,))) - 1.0  # Pillow reads 12 bits as they are
    else:
        white = 2.0**31 - 1 if highest < 2.0**31 else 2.0**32 - 1
    if image.mode.startswith("I;16") and tags.get(_PHOTOMETRIC) == 0:
        levels = white - levels  # 0 is white in this TIFF: of 16 bits Pillow leaves it so
    return np.clip(np.rint(levels * (255.0 / white)), 0, 255).astype("uint8")


def upright(picture: Image.Image, image: Image.Image) -> Image.Image:
    """Turns an image as the EXIF data of its original say. Damaged EXIF data are ignored.

    Args:
        picture: The Pillow image to turn.
        image: The Pillow image that was opened, which has the EXIF data.
    """
    how = _UPRIGHT.get(_orientation(image))
    return picture if how is None else picture.transpose(how)


def is_turned(image: Image.Image) -> bool:
    """Returns whether width and height change places when a picture is turned upright.

    Args:
        image: The Pillow image as it was opened.
    """
    return _orientation(image) in (5, 6, 7, 8)


def _orientation(image):
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged EXIF
        return 1


def reason(error: Exception, key: PathLike) -> str:
    """Returns in words why a picture cannot be read.

    >>> reason(PermissionError(), "cat.jpg")
    'no permission to read it'

    Args:
        error: What a decoder raised.
        key: Name of the picture.
    """
    if isinstance(error, Image.UnidentifiedImageError):
        missing = _MISSING.get(pathlib.PurePath(key).suffix.lower())
        if missing and pathlib.PurePath(key).suffix.lower() not in Image.registered_extensions():
            return f"this kind of file needs {missing} (pip install)"
        if pathlib.PurePath(key).suffix.lower() in _FILMS:
            return "a film, not a photo"
        return "not a picture that can be read (JPEG, PNG, TIFF, WebP, …), or damaged"
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return f"too large, maybe a decompression bomb ({error})"
    if isinstance(error, FileNotFoundError):
        return "it is not there any more"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    if isinstance(error, OSError) and error.errno is not None:
        return error.strerror or str(error)
    if "truncated" in str(error).lower():
        return "cut off: only a part of the file is there"
    said = f"{error}" if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    return f"damaged, or of a kind that cannot be decoded ({said})"
