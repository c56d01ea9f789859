"""Draws which places of a photo were matched with which of a reference."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kcolor.hints.matching import Match

_GAP, _RADIUS = 8, 7


def match_picture(photo: np.ndarray, reference: np.ndarray, found: Sequence[Match], height: int = 360) -> Image.Image:
    """Returns a photo and its reference side by side, with the same number at the two places of each match.

    >>> match_picture(np.zeros((20, 30, 3), "uint8"), np.zeros((20, 30, 3), "uint8"), [], height=20).size
    (68, 20)

    Args:
        photo: uint8 array ``(height, width, 3)``.
        reference: uint8 array ``(height, width, 3)``.
        found: Sequence of `Match`.
        height: Integer. Height of the picture in pixels.
    """
    sides = [
        image.resize((max(1, round(image.width * height / image.height)), height), Image.Resampling.LANCZOS)
        for image in map(Image.fromarray, (photo, reference))
    ]
    picture = Image.new("RGB", (sides[0].width + _GAP + sides[1].width, height), "white")
    lefts = (0, sides[0].width + _GAP)
    for side, left in zip(sides, lefts, strict=True):
        picture.paste(side, (left, 0))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(10)
    for number, match in enumerate(found, 1):
        for (x, y), side, left in zip((match.here, match.there), sides, lefts, strict=True):
            middle = (left + x * side.width, y * side.height)
            box = (middle[0] - _RADIUS, middle[1] - _RADIUS, middle[0] + _RADIUS, middle[1] + _RADIUS)
            draw.ellipse(box, fill="white", outline="black")
            draw.text(middle, str(number), "black", font, anchor="mm")
    return picture
