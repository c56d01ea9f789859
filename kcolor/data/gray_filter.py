"""Tells grey pictures: black-and-white photographs among coloured ones teach a network to leave things grey."""

import numpy as np
from PIL import Image

_SIDE = 64  # about the size that a picture is shrunk to, which averages the noise of JPEG's chroma away
# Chosen by eye: below it are black-and-white photographs, slightly toned perhaps; above it begin snow and fog, in colour.
_CHROMA = 8  # grey levels between a pixel's highest channel and its lowest
_SHARE = 0.02  # of the picture may have more: a stamp, or a speck of dirt


def is_gray(picture: np.ndarray) -> bool:
    """Returns whether a picture has nearly no colour anywhere. A clear, even tone, as in sepia, is colour.

    >>> kcolor.data.is_gray(np.full((8, 8, 3), 100, "uint8"))
    True

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.

    Returns:
        True for a grey picture.
    """
    height, width = picture.shape[:2]
    image = Image.fromarray(picture).reduce((max(1, width // _SIDE), max(1, height // _SIDE)))
    red, green, blue = np.moveaxis(np.asarray(image), -1, 0)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool((spread >= _CHROMA).mean() <= _SHARE)
