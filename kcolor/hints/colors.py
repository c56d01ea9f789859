"""Colours as people write them: `#7a5c3e`, `navy`, RGB, or the (a, b) of Lab. Checked without Keras."""

import operator
from collections.abc import Sequence
from typing import TypeAlias

from PIL import ImageColor

# What a hint's colour may be: a text, three whole numbers, two numbers, or `KEEP`.
Color: TypeAlias = str | Sequence[float]
KEEP = "keep"  # the colour that is there without hints
_EXPECTED = (
    'Expected a colour as "#7a5c3e", a CSS name as "navy", three whole numbers in 0..255, two numbers (a, b) in -128..127, or '
    '"keep". Received: '
)


def check_color(color: Color) -> Color:
    """Raises ValueError unless something is a colour.

    >>> check_color([122, 92, 62])
    (122, 92, 62)
    >>> check_color("blurple")
    Traceback (most recent call last):
    ...
    ValueError: Expected a colour as "#7a5c3e", a CSS name as "navy", ... Received: 'blurple'

    Args:
        color: String: ``"#7a5c3e"``, a CSS name, or ``"keep"``. Or three whole numbers in 0..255 (RGB), or two numbers (the a
            and b of Lab).

    Returns:
        The same colour; numbers as a tuple of Python's own.
    """
    if isinstance(color, str):
        if color != KEEP:
            _rgb_of(color)
        return color
    try:
        numbers = tuple(color)
        if isinstance(color, dict) or any(isinstance(number, (str, bool)) for number in numbers):
            raise TypeError
        found: tuple[float, ...] = tuple(
            operator.index(number) if len(numbers) == 3 else float(number)  # type: ignore[arg-type]
            for number in numbers
        )
    except (TypeError, OverflowError):
        raise ValueError(f"{_EXPECTED}{color!r}") from None
    low, high = (0, 255) if len(found) == 3 else (-128, 127)
    if len(found) not in (2, 3) or not all(low <= number <= high for number in found):
        raise ValueError(f"{_EXPECTED}{color!r}")
    return found


def rgb_or_ab(color: Color) -> tuple[float, ...]:
    """Returns a colour as RGB in [0, 1], or as (a, b).

    >>> rgb_or_ab("#ff0000"), rgb_or_ab((12, -30.5))
    ((1.0, 0.0, 0.0), (12.0, -30.5))

    Args:
        color: As of `check_color`, but not ``"keep"``.

    Returns:
        Tuple of three numbers in [0, 1], or of two.
    """
    found = check_color(color)
    numbers = _rgb_of(found) if isinstance(found, str) else found
    return tuple(number / 255 for number in numbers) if len(numbers) == 3 else tuple(numbers)


def _rgb_of(text):
    try:
        found = ImageColor.getrgb(text.strip())
    except ValueError:
        found = ()
    if len(found) != 3:  # with transparency, which a colour of a photo does not have
        raise ValueError(f"{_EXPECTED}{text!r}")
    return found
