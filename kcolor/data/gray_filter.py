"""Which pictures are grey: black-and-white photographs among coloured ones teach a network to leave things grey."""

import numpy as np
from PIL import Image

_SIDE = 64  # what is left after shrinking, more or less: the noise of JPEG's chroma is averaged away
# Looked at: below it are black-and-white photographs, toned a little maybe, and above it snow and fog begin, in colour.
_CHROMA = 8  # grey levels between the highest channel and the lowest
_SHARE = 0.02  # of the picture may have more: a stamp, or a speck of dirt


def is_gray(picture: np.ndarray) -> bool:
    """Whether a picture has nearly no colour anywhere. One toned evenly and clearly (sepia) has colour.

    Args:
        picture: uint8 ``(height, width, 3)``, RGB.

    Returns:
        True for a grey picture.
    """
    height, width = picture.shape[:2]
    image = Image.fromarray(picture).reduce((max(1, width // _SIDE), max(1, height // _SIDE)))
    red, green, blue = np.moveaxis(np.asarray(image), -1, 0)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool((spread >= _CHROMA).mean() <= _SHARE)
