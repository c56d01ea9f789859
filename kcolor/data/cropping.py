"""Brings pictures of any size to one size, without distortion unless it is asked for.

There are two steps. `prepare` does what is the same every time, so its result can be kept; `crop` does what is random. Both
scale with Pillow's bicubic filter, which widens when it shrinks a picture, so nothing aliases.
"""

import math

import numpy as np
from PIL import Image

from kcolor.images.sizes import Size

CROPS = ("center", "random", "squash")


def check_crop(crop: str, zoom: float) -> None:
    """Raises ValueError for an unknown way to crop, and for a zoom that would be ignored or is below 1.

    Args:
        crop: Should be one of `CROPS`.
        zoom: Should be 1 or more, and 1 unless `crop` is "random".
    """
    if crop not in CROPS:
        raise ValueError(f"Unknown `crop`. Expected one of {list(CROPS)}. Received: {crop!r}")
    if zoom < 1:
        raise ValueError(f"Expected `zoom` of 1 or more. Received: {zoom!r}")
    if zoom != 1 and crop != "random":
        raise ValueError(f"Expected `zoom` only with crop='random'. Received: zoom={zoom!r} and crop={crop!r}")


def prepare(image: Image.Image, size: Size, crop: str, zoom: float = 1.0) -> Image.Image:
    """Does the part of the cropping that is the same every time.

    >>> from PIL import Image
    >>> wide = Image.new("RGB", (400, 100))
    >>> [kcolor.data.cropping.prepare(wide, (50, 50), crop).size for crop in ("center", "squash", "random")]
    [(50, 50), (50, 50), (200, 50)]

    Args:
        image: Pillow image of mode RGB.
        size: (height, width) of the final picture.
        crop: One of `CROPS`.
        zoom: Number of 1 or more, as in `crop`.

    Returns:
        Pillow image. With "center" and "squash" it has its final size; with "random" it is only as large as `crop` can use.
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
    """Cuts out a random part of a picture: the largest that fits the size, or a smaller one.

    >>> from PIL import Image
    >>> kcolor.data.cropping.crop(Image.new("RGB", (200, 50)), (50, 50), np.random.default_rng(0)).size
    (50, 50)

    Args:
        image: Pillow image of mode RGB, as `prepare` returns it.
        size: (height, width) of the result.
        random: Generator that decides. Three numbers are drawn from it, whatever the picture.
        zoom: Number of 1 or more. The part may be this many times smaller than the largest one.

    Returns:
        Pillow image of that size.
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
