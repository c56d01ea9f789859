"""Picture files to RGB: Pillow, with all that makes a picture come out as its photographer saw it."""

import contextlib
import pathlib

import numpy as np
from PIL import Image

from kcolor.images.file_names import is_picture as is_picture

_MISSING = {".avif": "Pillow with AVIF", ".heic": "pillow-heif", ".heif": "pillow-heif"}

ORIENTATION = 0x0112  # the EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


with contextlib.suppress(ImportError):  # not a dependency: who has iPhone photos installs it
    import pillow_heif

    pillow_heif.register_heif_opener()


class BrokenPicture(ValueError):  # noqa: N818 (it says what it is)
    """A picture that cannot be read.

    Args:
        key: which one.
        reason: why, in words.
    """

    def __init__(self, key: str, reason: str):
        super().__init__(f"Cannot read {key}: {reason}")
        self.key, self.reason = key, reason


def decode(file, key: str, least: int | None = None) -> Image.Image:
    """A picture file to an upright RGB picture.

    Args:
        file: a path, or a binary file.
        key: its name, for the message.
        least: a shorter side, in pixels, that is needed. A JPEG may then be decoded at 1/2, 1/4 or 1/8 of its size, several
            times as fast, as long as its shorter side stays twice that long.

    Returns:
        A Pillow picture of mode RGB.

    Raises:
        BrokenPicture: for what cannot be read, whatever is wrong with it.
    """
    try:
        with Image.open(file) as image:
            if least is not None:
                image.draft(None, (2 * least, 2 * least))
            return upright(to_rgb(image), image)
    except MemoryError:
        raise
    except Exception as error:  # a dozen decoders, in C and in Python: a damaged file makes them raise anything
        raise BrokenPicture(key, reason(error, key)) from error


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture of any of Pillow's modes to RGB: 16 bits scaled to 8, what is transparent on white."""
    if image.mode == "RGB":
        image.load()
        return image if image.info.get("transparency") is None else _on_white(image)
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image), image.mode)).convert("RGB")
    if is_transparent(image):
        return _on_white(image)
    return image.convert("RGB")


def is_transparent(image: Image.Image) -> bool:
    """Whether a picture may have parts that are transparent."""
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or image.info.get("transparency") is not None


def _on_white(image):
    """What a viewer shows: below transparent pixels lie colours that nobody was meant to see."""
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _eight_bits(levels, mode):
    """Grey levels of 16 or 32 bits, or floats, to uint8. Pillow's own `convert` would cut them off at 255."""
    levels = np.nan_to_num(levels.astype("float64"))
    highest = levels.max(initial=0.0)
    if mode == "F":
        white = 1.0 if highest <= 1.0 else max(255.0, highest)
    else:
        white = 65535.0 if highest <= 65535.0 else 2.0**31 - 1  # "I" is a container: 16 bits are what it holds mostly
    return np.clip(np.rint(levels * (255.0 / white)), 0, 255).astype("uint8")


def upright(picture: Image.Image, image: Image.Image) -> Image.Image:
    """Turns a picture as the EXIF data of another say, its original; if they are damaged, the picture is still one."""
    try:
        how = _UPRIGHT.get(image.getexif().get(ORIENTATION))
    except Exception:
        return picture
    return picture if how is None else picture.transpose(how)


def reason(error: Exception, key) -> str:
    """Why a picture cannot be read, in words.

    Args:
        error: what a decoder raised.
        key: the picture's name.
    """
    if isinstance(error, Image.UnidentifiedImageError):
        missing = _MISSING.get(pathlib.PurePath(key).suffix.lower())
        if missing and pathlib.PurePath(key).suffix.lower() not in Image.registered_extensions():
            return f"this kind of file needs {missing} (pip install)"
        return "not a picture of a format that Pillow reads, or damaged"
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return f"too large, maybe a decompression bomb ({error})"
    if isinstance(error, FileNotFoundError):
        return "it is not there any more"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    return f"{error}" if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
