"""Pictures of any size to pictures of one size, never distorted unless asked for.

In two steps: `prepare` has no chance in it, so that its result can be kept; `crop` has the rest. All scaling is Pillow's
bicubic, whose filter widens when it shrinks, so nothing aliases.
"""

import math

import numpy as np
from PIL import Image

from kcolor.images.sizes import Size

CROPS = ("center", "random", "squash")


def check_crop(crop: str, zoom: float) -> None:
    """Refuses a way to fit that there is none, and a zoom where it would be ignored."""
    if crop not in CROPS:
        raise ValueError(f"Unknown `crop`. Expected one of {list(CROPS)}. Received: {crop!r}")
    if zoom < 1:
        raise ValueError(f"Expected `zoom` of 1 or more. Received: {zoom!r}")
    if zoom != 1 and crop != "random":
        raise ValueError(f"Expected `zoom` only with crop='random'. Received: zoom={zoom!r} and crop={crop!r}")


def prepare(image: Image.Image, size: Size, crop: str, zoom: float = 1.0) -> Image.Image:
    """All of the fitting that has no chance in it.

    Args:
        image: of mode RGB.
        size: (height, width) in the end.
        crop: one of `CROPS`.
        zoom: see `crop`.

    Returns:
        For "center" and "squash" the picture in its final size; for "random" it has no more pixels than `crop` can use.
    """
    height, width = size
    if crop == "squash":
        return _resize(image, size, (0, 0, image.width, image.height))
    if crop == "center":
        scale = max(height / image.height, width / image.width)
        left, top = (image.width - width / scale) / 2, (image.height - height / scale) / 2
        return _resize(image, size, (left, top, left + width / scale, top + height / scale))
    scale = zoom * max(height / image.height, width / image.width)
    if scale >= 1:  # `crop` enlarges it, or takes it as it is
        return image
    enough = math.ceil(image.height * scale - 1e-6), math.ceil(image.width * scale - 1e-6)
    return _resize(image, enough, (0, 0, image.width, image.height))


def crop(image: Image.Image, size: Size, random: np.random.Generator, zoom: float = 1.0) -> Image.Image:
    """A part of the picture at a random place: as large as it can be, or by up to `zoom` smaller.

    Args:
        image: of mode RGB, from `prepare`.
        size: (height, width) of the result.
        random: what decides. Three numbers are drawn, whatever the picture.
        zoom: the picture is scaled so that it covers `size` times a number between 1 and this.

    Returns:
        A picture of that size.
    """
    nearer, down, right = random.uniform(1.0, zoom), random.random(), random.random()
    height, width = size
    scale = nearer * max(height / image.height, width / image.width)
    high, wide = min(height / scale, image.height), min(width / scale, image.width)
    top, left = down * (image.height - high), right * (image.width - wide)
    if scale == 1.0:  # whole pixels need no resampling
        top, left = round(top), round(left)
    return _resize(image, size, (left, top, left + wide, top + high))


def _resize(image, size, box):
    height, width = size
    left, top, right, bottom = box
    if (right - left, bottom - top) == (width, height) and left == int(left) and top == int(top):
        return image if box == (0, 0, image.width, image.height) else image.crop(tuple(map(int, box)))
    inside = (max(left, 0.0), max(top, 0.0), min(right, image.width), min(bottom, image.height))  # floats overshoot
    return image.resize((width, height), Image.Resampling.BICUBIC, box=inside, reducing_gap=3.0)
