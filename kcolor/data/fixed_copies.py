"""Several pictures made of each: fixed copies, the same in every epoch, as systems A and C multiplied their data.

An expansion is a tuple of functions ``(picture, random) -> picture``, one a copy, that keep the size. What random decides
depends on the picture's name and the copy's number alone. (What changes from epoch to epoch is in `kcolor.augment`.)
"""

import math

import numpy as np
from PIL import Image

from kcolor.data import hashing


def same(image, random):
    """The picture itself."""
    return image


def mirrored(image, random):
    """Left and right swapped."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def upside_down(image, random):
    """Top and bottom swapped."""
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def rotated(image, random):
    """Turned by up to 30° either way."""
    angle = math.radians(random.uniform(-30, 30))
    cos, sin, (width, height) = math.cos(angle), math.sin(angle), image.size
    across = math.ceil((width * cos + height * abs(sin) - width) / 2) + 2
    down = math.ceil((height * cos + width * abs(sin) - height) / 2) + 2
    around = _surround(image, max(0, across), max(0, down))
    x, y = width / 2, height / 2  # the middle, in the result; in `around` it is farther in
    place = (around.width / 2 - cos * x - sin * y, around.height / 2 + sin * x - cos * y)
    how = (cos, sin, place[0], -sin, cos, place[1])
    return around.transform(image.size, Image.Transform.AFFINE, how, Image.Resampling.BICUBIC)


def cropped(image, random):
    """Up to 30 % of each side cut off, what is left stretched back."""
    (wide, high), (right, down) = 1 - random.uniform(0, 0.3, 2), random.random(2)
    left, top = image.width * (1 - wide) * right, image.height * (1 - high) * down
    return _window(image, left, top, image.width * wide, image.height * high)


def scaled(image, random):
    """Larger or smaller by up to a fifth about the middle."""
    part = 1 / random.uniform(0.8, 1.2)
    wide, high = image.width * part, image.height * part
    return _window(image, (image.width - wide) / 2, (image.height - high) / 2, wide, high)


def mixed(image, random):
    """Mirrored or not, then cropped or scaled."""
    image = mirrored(image, random) if random.random() < 0.5 else image
    return (cropped if random.random() < 0.5 else scaled)(image, random)


COPIES = {
    "five_fold": (same, rotated, cropped, mirrored, upside_down),  # system A
    "ten_fold": (same, mirrored, *[mixed] * 8),  # system C
}


def functions(copies: str | int | None) -> tuple:
    """What makes each copy: by a name in `COPIES`, or of their number (the picture, and mixed changes of it).

    Args:
        copies: a name, a number of 1 or more, or None for the picture alone.
    """
    if copies is None:
        return (same,)
    if isinstance(copies, int) and not isinstance(copies, bool) and copies >= 1:
        return (same,) + (mixed,) * (copies - 1)
    if not isinstance(copies, str) or copies not in COPIES:
        raise ValueError(f"Unknown `copies`. Expected None, one of {sorted(COPIES)}, or a number. Received: {copies!r}")
    return COPIES[copies]


def copy(image: Image.Image, key: str, number: int, copies: str | int | None) -> Image.Image:
    """One copy of a picture.

    Args:
        image: of mode RGB.
        key: the picture's name.
        number: of the copy; 0 is the picture itself.
        copies: see `functions`.

    Returns:
        A picture of the same size.
    """
    return functions(copies)[number](image, hashing.generator("copy", key, number))


def _window(image, left, top, wide, high):
    """A part of the picture that may reach beyond it, stretched to its size."""
    across = max(0, math.ceil(max(-left, left + wide - image.width)))
    down = max(0, math.ceil(max(-top, top + high - image.height)))
    around = _surround(image, across, down)
    box = (left + across, top + down, min(left + across + wide, around.width), min(top + down + high, around.height))
    return around.resize(image.size, Image.Resampling.BICUBIC, box=box)


def _surround(image, across, down):
    """The picture with its mirror images around it: a network shall not learn that pictures have black corners."""
    if not (across or down):
        return image
    return Image.fromarray(np.pad(np.asarray(image), ((down, down), (across, across), (0, 0)), mode="symmetric"))
