"""Picture files as their owner has them: read with all that is to be kept, written whole or not at all."""

import dataclasses
import io
import os
import pathlib
import warnings

import numpy as np
from PIL import Image, ImageCms

from kcolor.images.decoding import BrokenPicture, is_transparent, reason, to_rgb, upright
from kcolor.photo_files.exif import resolution, upright_exif
from kcolor.utils.files import write_whole

FORMATS = {"jpg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}  # what can be asked for, and its file names
_KEPT = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif"}  # formats that a result may have like its photo
_LOSSLESS = {".bmp", ".gif"}  # those that hold a coloured picture badly become PNG; all others JPEG
_LOSSY = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".avif": "AVIF"}


@dataclasses.dataclass(frozen=True)
class Photo:
    """A photograph as it lay in its file.

    Args:
        rgb: uint8 ``(height, width, 3)``, upright, sRGB.
        alpha: uint8 ``(height, width)`` if some of it is transparent.
        exif: the file's EXIF, orientation set to upright, all else as it was.
        dpi: its resolution.
    """

    rgb: np.ndarray
    alpha: np.ndarray | None = None
    exif: bytes = b""
    dpi: tuple[float, float] | None = None


def read(path) -> Photo:
    """Reads a picture file of any kind that Pillow knows.

    Raises:
        BrokenPicture: for what cannot be read, whatever is wrong with it.
    """
    try:
        if os.stat(path).st_size == 0:
            raise BrokenPicture(str(path), "the file is empty")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of what it could make sense of all the same
            with Image.open(path) as image:
                return _photo(image)
    except BrokenPicture:
        raise
    except Exception as error:  # a dozen decoders, in C and in Python: a damaged file makes them raise anything
        raise BrokenPicture(str(path), reason(error, path)) from error


def suffix_for(path, wanted: str = "keep") -> str:
    """The file name's ending of a result: the photo's own, unless another format is wanted or its own holds no photograph."""
    if wanted != "keep":
        return FORMATS[wanted]
    own = pathlib.Path(path).suffix
    if own.lower() in _KEPT:
        return own
    return ".png" if own.lower() in _LOSSLESS else ".jpg"


def write(path, rgb: np.ndarray, photo: Photo, quality: int = 95) -> None:
    """Writes a result with what its photo's file had beside the picture; whole or not at all.

    Args:
        path: where; its ending says the format.
        rgb: uint8 ``(height, width, 3)``.
        photo: whose transparency, EXIF and resolution are kept.
        quality: of JPEG, WebP and AVIF, 1 to 100.
    """
    suffix = pathlib.Path(path).suffix.lower()
    image = Image.fromarray(rgb)
    if photo.alpha is not None:
        image.putalpha(Image.fromarray(photo.alpha))
        if _LOSSY.get(suffix) == "JPEG":  # which has none: what a viewer shows
            image = to_rgb(image)
    options = {"exif": photo.exif} if photo.exif else {}
    if photo.dpi is not None:
        options["dpi"] = photo.dpi
    if suffix in _LOSSY:
        options["quality"] = quality
    if _LOSSY.get(suffix) == "JPEG" and quality >= 90:
        options["subsampling"] = 0  # colour is what this is about
    if suffix in (".tif", ".tiff") and not photo.exif:
        options["compression"] = "tiff_lzw"  # libtiff, which does that, refuses the folders of EXIF
    if suffix == ".png":
        options["compress_level"] = 4  # nearly as small as 6, twice as fast
    write_whole(path, lambda half: image.save(half, **options))


def _photo(image):
    rgb, alpha = _channels(image)
    rgb, alpha = (part if part is None else np.asarray(upright(part, image)) for part in (rgb, alpha))
    return Photo(rgb, alpha, upright_exif(image), resolution(image))


def _channels(image):
    """RGB, and what is transparent, as Pillow pictures."""
    alpha = None
    if is_transparent(image):
        whole = image.convert("RGBA")
        channel = whole.getchannel("A")
        alpha = channel if channel.getextrema()[0] < 255 else None
        return _to_srgb(whole.convert("RGB"), image.info.get("icc_profile")), alpha
    profile = image.info.get("icc_profile")
    if image.mode in ("L", "RGB", "CMYK", "LAB") and profile:
        image.load()
        return _to_srgb(image, profile), None
    return to_rgb(image), None


def _to_srgb(image, profile):
    """As the photo's own colour profile means it; one that is damaged is passed over."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile or b""))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return to_rgb(image)
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return to_rgb(image)
