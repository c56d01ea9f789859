"""Checks of the numbers of hints."""

import math
from typing import Any


def check_place(x: Any, y: Any, relative: bool) -> None:
    """Raises ValueError unless x and y are numbers; shares in [0, 1] if they are relative.

    >>> check_place(700, 20, relative=False)
    >>> check_place(1.5, 0.2, relative=True)
    Traceback (most recent call last):
    ValueError: Expected x and y of a relative hint in [0, 1]. Received: x=1.5, y=0.2

    Args:
        x: What was given as the column.
        y: What was given as the row.
        relative: Boolean. Whether they are shares of the photo's sides.
    """
    if not (_is_number(x) and _is_number(y)):
        raise ValueError(f"Expected x and y of a hint as numbers. Received: x={x!r}, y={y!r}")
    if relative and not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"Expected x and y of a relative hint in [0, 1]. Received: x={x!r}, y={y!r}")


def check_radius(radius: Any, relative: bool) -> None:
    """Raises ValueError unless a radius is None, or a number of 0 or more; a share in [0, 1] if it is relative.

    >>> check_radius(-1, relative=False)
    Traceback (most recent call last):
    ValueError: Expected the radius of a hint as a number of pixels, 0 or more. Received: -1

    Args:
        radius: What was given.
        relative: Boolean. Whether it is a share of the photo's shorter side.
    """
    if radius is None:
        return
    if not (_is_number(radius) and radius >= 0 and (radius <= 1 or not relative)):
        what = "a share of the shorter side in [0, 1]" if relative else "a number of pixels, 0 or more"
        raise ValueError(f"Expected the radius of a hint as {what}. Received: {radius!r}")


def _is_number(value):
    try:
        return not isinstance(value, (str, bool)) and math.isfinite(value)
    except (TypeError, OverflowError):  # a whole number may be too large for a float
        return False
