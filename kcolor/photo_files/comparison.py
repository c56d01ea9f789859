"""Before | after pictures."""

import numpy as np
from PIL import Image

_LONGEST = 1600  # pixels of the longer side of each half


def comparison(before: np.ndarray, after: np.ndarray) -> Image.Image:
    """Returns two pictures of one size side by side, scaled down if they are large.

    >>> comparison(np.zeros((40, 30, 3), "uint8"), np.ones((40, 30, 3), "uint8")).size
    (60, 40)

    Args:
        before: Array ``(height, width, 3)`` of uint8.
        after: Array of the same shape and type.

    Returns:
        Pillow image of mode RGB, at most 3200 pixels wide and 1600 high.
    """
    halves = [Image.fromarray(picture) for picture in (before, after)]
    for half in halves:
        half.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    width, height = halves[0].size
    both = Image.new("RGB", (2 * width, height))
    for place, half in enumerate(halves):
        both.paste(half, (place * width, 0))
    return both
