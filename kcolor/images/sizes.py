"""Sizes of pictures as people give them: one number for a square, or (height, width)."""

from collections.abc import Sequence
from typing import TypeAlias

Size: TypeAlias = tuple[int, int]  # height and width, in pixels
SizeLike: TypeAlias = int | Sequence[int]  # as people write it: one number for a square


def check_size(size: int | Sequence[int | None] | None, optional: bool = False) -> tuple:
    """Returns a size as (height, width).

    >>> check_size(64), check_size([48, 64]), check_size(None, optional=True)
    ((64, 64), (48, 64), (None, None))

    Args:
        size: Integer for a square, or a pair (height, width).
        optional: Whether None is allowed, for pictures of any size.

    Returns:
        Tuple of two positive integers, or ``(None, None)`` for any size.

    Raises:
        ValueError: If `size` is anything else.
    """
    pair = (size, size) if size is None or isinstance(size, int) else size
    if isinstance(pair, (tuple, list)) and len(pair) == 2:
        if all(isinstance(side, int) and side > 0 for side in pair):
            return tuple(pair)
        if optional and tuple(pair) == (None, None):
            return (None, None)
    number = "None, a number" if optional else "a number of pixels"
    raise ValueError(f"Expected `size` as {number} or (height, width). Received: {size!r}")
