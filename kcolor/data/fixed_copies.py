"""Makes several variants of each picture, the same in every epoch, as systems A and C multiplied their data.

The variants are a tuple of functions ``(image, random) -> image``, one for each copy, which keep the size. What `random`
decides depends on the picture's name and the copy's number alone. (`kcolor.augment` has what changes from epoch to epoch.)
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from PIL import Image

from kcolor.data import hashing

Variant: TypeAlias = Callable[[Image.Image, np.random.Generator], Image.Image]


def same(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture itself."""
    return image


def mirrored(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture with left and right swapped."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def upside_down(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture with top and bottom swapped."""
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def rotated(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture turned by up to 30° either way."""
    angle = math.radians(random.uniform(-30, 30))
    cos, sin, (width, height) = math.cos(angle), math.sin(angle), image.size
    across = math.ceil((width * cos + height * abs(sin) - width) / 2) + 2
    down = math.ceil((height * cos + width * abs(sin) - height) / 2) + 2
    around = _surround(image, max(0, across), max(0, down))
    x, y = width / 2, height / 2  # the middle of the result; in `around` it is further in
    place = (around.width / 2 - cos * x - sin * y, around.height / 2 + sin * x - cos * y)
    matrix = (cos, sin, place[0], -sin, cos, place[1])
    return around.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def cropped(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture with up to 30 % cut off its width and its height, stretched back to its size."""
    (wide, high), (right, down) = 1 - random.uniform(0, 0.3, 2), random.random(2)
    left, top = image.width * (1 - wide) * right, image.height * (1 - high) * down
    return _window(image, left, top, image.width * wide, image.height * high)


def scaled(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture up to a fifth larger or smaller about its middle, in a frame of the same size."""
    part = 1 / random.uniform(0.8, 1.2)
    wide, high = image.width * part, image.height * part
    return _window(image, (image.width - wide) / 2, (image.height - high) / 2, wide, high)


def mixed(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Returns the picture, mirrored or not, then cropped or scaled."""
    image = mirrored(image, random) if random.random() < 0.5 else image
    return (cropped if random.random() < 0.5 else scaled)(image, random)


COPIES: dict[str, tuple[Variant, ...]] = {
    "five_fold": (same, rotated, cropped, mirrored, upside_down),  # system A
    "ten_fold": (same, mirrored, *[mixed] * 8),  # system C
}


def functions(copies: str | int | None) -> tuple[Variant, ...]:
    """Returns the functions that make the copies of a picture.

    >>> [function.__name__ for function in kcolor.data.fixed_copies.functions(3)]
    ['same', 'mixed', 'mixed']

    Args:
        copies: Name in `COPIES`; or an integer of 1 or more, for the picture itself and mixed variants of it; or None for
            the picture alone.

    Returns:
        Tuple of functions ``(image, random) -> image``, one for each copy.
    """
    if copies is None:
        return (same,)
    if isinstance(copies, int) and not isinstance(copies, bool) and copies >= 1:
        return (same,) + (mixed,) * (copies - 1)
    if not isinstance(copies, str) or copies not in COPIES:
        raise ValueError(f"Unknown `copies`. Expected None, one of {sorted(COPIES)}, or a number. Received: {copies!r}")
    return COPIES[copies]


def variants_of_each(copies: str | int | None) -> int:
    """Returns how many variants of each picture an epoch has.

    >>> kcolor.data.fixed_copies.variants_of_each("ten_fold")
    10

    Args:
        copies: The same as in `functions`.
    """
    return len(functions(copies))


def copy(image: Image.Image, key: str, number: int, copies: str | int | None) -> Image.Image:
    """Returns one copy of a picture.

    Args:
        image: Pillow image of mode RGB.
        key: Name of the picture.
        number: Integer. Number of the copy; 0 is the picture itself.
        copies: The same as in `functions`.

    Returns:
        Pillow image of the same size.
    """
    return functions(copies)[number](image, hashing.generator("copy", key, number))


def _window(image, left, top, wide, high):
    """Stretches a part of the picture, which may reach beyond its edges, to the picture's size."""
    across = max(0, math.ceil(max(-left, left + wide - image.width)))
    down = max(0, math.ceil(max(-top, top + high - image.height)))
    around = _surround(image, across, down)
    box = (left + across, top + down, min(left + across + wide, around.width), min(top + down + high, around.height))
    return around.resize(image.size, Image.Resampling.BICUBIC, box=box)


def _surround(image, across, down):
    """Returns the picture with its mirror images around it, so that no network learns that pictures have black corners."""
    if not (across or down):
        return image
    return Image.fromarray(np.pad(np.asarray(image), ((down, down), (across, across), (0, 0)), mode="symmetric"))
