"""System A's toy set, drawn on demand: a rectangle, a circle and a triangle on black, each kind in colours of its own.

No two of the nine colours are equally light. So every edge can be seen in the grey picture, and a network can be perfect here.
"""

import numpy as np
from PIL import Image

from kcolor.data import hashing, splits
from kcolor.data.pictures import Listed

COUNTS = {"train": 2664, "val": 324, "test": 324}

# Saturated, and evenly spread in lightness: at least 8 L* apart, and 25 within a kind. Between two that are equally light, no
# edge could be seen.
COLORS = {
    "rectangle": ((0, 0, 160), (220, 0, 0), (255, 160, 0)),
    "circle": ((115, 0, 130), (0, 155, 40), (0, 225, 245)),
    "triangle": ((140, 70, 0), (255, 90, 210), (160, 255, 0)),
}

_SEEN = 20  # pixels of each shape, at 32×32, that no other shape may hide


def shapes(
    split: str = "train", *, count: int | None = None, seed: int = 0, size: int = 32, limit: int | None = None
) -> Listed:
    """Returns the toy set. A picture depends on the seed, its split and its number alone.

    >>> kcolor.data.sources.shapes("train").description
    'shapes/train: 2,664 pictures'

    Args:
        split: "train" (2,664 pictures), "val" (324), "test" (324), or "all".
        count: Integer. Number of pictures in each split, instead of those.
        seed: Integer. Another seed gives other pictures.
        size: Integer, 16 or more. Width and height of the pictures, in pixels.
        limit: Integer. Number of pictures to keep: those with the lowest hashes. None keeps all.

    Returns:
        `Pictures`.

    Raises:
        ValueError: For a wrong argument.
    """
    splits.check_split(split)
    hashing.check_limit(limit)
    if count is not None and count < 1:
        raise ValueError(f"Expected `count` of 1 or more, or None. Received: {count!r}")
    if size < 16:
        raise ValueError(f"Expected `size` of 16 or more: there is no room for three shapes. Received: {size!r}")
    parts = splits.SPLITS if split == "all" else (split,)
    keys = [f"{part}/{i:06d}" for part in parts for i in range(count or COUNTS[part])]
    return Listed(
        f"shapes/{split}",
        hashing.lowest(keys, limit),
        lambda key, least: Image.fromarray(draw(key, seed=seed, size=size)),
        lambda keys: f"{hashing.digest('shapes', seed, size, *keys)}",
    )


def draw(key: str, *, seed: int = 0, size: int = 32) -> np.ndarray:
    """Returns one picture of the toy set.

    >>> from kcolor.data.sources.toy_shapes import draw
    >>> draw("train/000012", size=64).shape
    (64, 64, 3)

    Args:
        key: Split and number of the picture, such as "train/000012".
        seed: Integer. Seed of the set.
        size: Integer. Width and height, in pixels.

    Returns:
        uint8 array ``(size, size, 3)``: black, and one of `COLORS` for each kind of shape, with no shades between.
    """
    random = hashing.generator("shapes", seed, key)
    picture = np.zeros((size, size, 3), "uint8")
    while True:  # until no shape is hidden by the others, mostly at once
        order = random.permutation(len(COLORS))
        masks = [_MASKS[kind](random, size) for kind in COLORS]
        seen = [masks[kind] & ~_union(masks, order[place + 1 :], size) for place, kind in enumerate(order)]
        if min(mask.sum() for mask in seen) >= _SEEN * (size / 32) ** 2:
            break
    for kind, mask in zip(order, seen, strict=True):
        colors = list(COLORS.values())[kind]
        picture[mask] = colors[random.integers(len(colors))]
    return picture


def _union(masks, which, size):
    return np.logical_or.reduce([masks[i] for i in which], initial=False) if len(which) else np.zeros((size, size), bool)


def _rectangle(random, size):
    height, width = (random.uniform(6, 15, 2) * size / 32).astype(int)
    top, left = random.integers(size - height + 1), random.integers(size - width + 1)
    y, x = np.mgrid[:size, :size]
    return (y >= top) & (y < top + height) & (x >= left) & (x < left + width)


def _circle(random, size):
    radius = random.uniform(3.5, 7) * size / 32
    middle = random.uniform(radius, size - radius, 2) - 0.5
    y, x = np.mgrid[:size, :size]
    return (y - middle[0]) ** 2 + (x - middle[1]) ** 2 <= radius**2


def _triangle(random, size):
    """Draws three corners on a circle, not too near each other, so that it is never a sliver."""
    radius = random.uniform(6, 9) * size / 32
    middle = random.uniform(radius, size - radius, 2) - 0.5
    angles = random.uniform(0, 2 * np.pi) + np.array([0, 1, 2]) * 2 * np.pi / 3 + random.uniform(-0.4, 0.4, 3)
    corners = middle + radius * np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    y, x = np.mgrid[:size, :size]
    inside = np.ones((size, size), bool)
    for (y0, x0), (y1, x1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside &= (x - x0) * (y1 - y0) <= (y - y0) * (x1 - x0)
    return inside


_MASKS = {"rectangle": _rectangle, "circle": _circle, "triangle": _triangle}
