"""Colour profiles: what the levels of a picture's file mean. All of kcolor takes them for sRGB."""

import functools
import io

import numpy as np
from PIL import Image, ImageCms

_SAME = 6  # levels that the colours of two makers' sRGB may differ by


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """Returns an image converted from its own colour profile.

    >>> in_srgb(Image.new("RGB", (2, 2)), None) is None
    True

    Args:
        image: Pillow image of mode L, RGB, CMYK or LAB.
        profile: Bytes of an ICC profile, or None.

    Returns:
        A Pillow image of mode RGB. None if there is nothing to convert: without a profile, with that of sRGB, or with one that
        is damaged or of another kind of picture.
    """
    try:
        return None if not profile or _is_srgb(profile) else _converted(image, profile)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _converted(image, profile):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


@functools.lru_cache(maxsize=16)
def _is_srgb(profile):
    """Whether a profile that calls itself sRGB is that: "Linear sRGB" is not."""
    if "sRGB" not in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))):
        return False
    colors = np.mgrid[0:256:51, 0:256:51, 0:256:51].reshape(3, 1, -1).transpose(1, 2, 0).astype("uint8")
    return int(np.abs(np.asarray(_converted(Image.fromarray(colors), profile)).astype(int) - colors).max()) <= _SAME
