"""What a person says about a photo's colours. Checked here, without Keras, so that wrong values are named at once.

A place is given in pixels of the upright photo: x counts columns from the left, y counts rows from the top, both from 0, and a
whole number is the middle of a pixel. With ``relative=True`` x is a share of the width and y of the height, from 0 (the left or
upper edge) to 1. Nothing is guessed from the size of the numbers.
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from kcolor.hints.checks import check_place, check_radius
from kcolor.hints.colors import KEEP, Color, check_color

MAX_PATCHES = 500  # patches of one photo
_USUAL_RADIUS = 0.01  # of the shorter side
_STEPS = 64  # a stroke has no more patches than this


@dataclasses.dataclass(frozen=True)
class Hint:
    """The colour of one place: of the square around it.

    Args:
        x: Number. Column: a pixel of the upright photo, counted from 0; or a share of its width, see `relative`.
        y: Number. Row: a pixel, counted from 0 at the top; or a share of the height.
        color: ``"#7a5c3e"``, a CSS name, three whole numbers in 0..255 (RGB) or two numbers (the a and b of Lab). Only hue and
            strength count: the photo keeps its lightness. ``"keep"`` keeps the colour that is there without hints.
        radius: Number. How far the square reaches from its middle, in pixels, or as a share of the shorter side if `relative`.
            By default a hundredth of the shorter side.
        relative: Boolean. Whether x, y and radius are shares in [0, 1] instead of pixels.
        exact: Boolean. Whether the place gets exactly this colour. If not, it is a guess, which gives way to others.

    >>> kcolor.hints.Hint(320, 200, "#7a5c3e").color
    '#7a5c3e'
    >>> kcolor.hints.Hint(1.5, 0.2, "navy", relative=True)
    Traceback (most recent call last):
    ValueError: Expected x and y of a relative hint in [0, 1]. Received: x=1.5, y=0.2
    """

    x: float
    y: float
    color: Color
    radius: float | None = None
    relative: bool = False
    exact: bool = True

    def __post_init__(self):
        object.__setattr__(self, "color", check_color(self.color))
        check_place(self.x, self.y, self.relative)
        check_radius(self.radius, self.relative)


@dataclasses.dataclass(frozen=True)
class Stroke:
    """The colour of a line: of squares along it.

    Args:
        points: Sequence of pairs (x, y), as of `Hint`. The line leads from each to the next.
        color: As of `Hint`.
        radius: As of `Hint`: half of the line's width.
        relative: As of `Hint`.

    >>> kcolor.hints.Stroke([(10, 20), (60, 20)], "crimson", radius=3).points
    ((10, 20), (60, 20))
    """

    points: Sequence[tuple[float, float]]
    color: Color
    radius: float | None = None
    relative: bool = False

    def __post_init__(self):
        try:
            points = tuple((x, y) for x, y in self.points)
        except (TypeError, ValueError):
            points = ()
        if not points:
            raise ValueError(f"Expected `points` of a stroke as pairs (x, y), at least one. Received: {self.points!r}")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "color", check_color(self.color))
        for x, y in points:
            check_place(x, y, self.relative)
        check_radius(self.radius, self.relative)


@dataclasses.dataclass(frozen=True)
class Everywhere:
    """The mean colour of the whole picture: a cast. What the picture has of different colours stays different.

    Args:
        color: As of `Hint`, but not ``"keep"``.

    >>> kcolor.hints.Everywhere("#c8b48c").color
    '#c8b48c'
    """

    color: Color

    def __post_init__(self):
        object.__setattr__(self, "color", check_color(self.color))
        if self.color == KEEP:
            raise ValueError("Expected a colour for the whole picture. Received: 'keep', which is for places")


AnyHint: TypeAlias = Hint | Stroke | Everywhere


@dataclasses.dataclass(frozen=True)
class Patch:
    """A rectangle of a photo of any size, and its colour.

    Args:
        box: Four numbers in [0, 1]: top, left, bottom, right, as shares of the photo's sides.
        color: As of `Hint`.
        number: Integer. Place of the hint among all of its photo, from 1, for messages.
        exact: Boolean. As of `Hint`.
        radius: Float. How far the hint reaches, as a share of the shorter side: at an edge the box has less of it.
    """

    box: tuple[float, float, float, float]
    color: Color
    number: int
    exact: bool = True
    radius: float = 0.0

    def pixels(self, height: int, width: int) -> tuple[slice, slice]:
        """Returns the rows and columns of the patch in a photo of a size: those whose middle is in it, and at least one.

        >>> from kcolor.hints.hint import place
        >>> place([kcolor.hints.Hint(10, 4, "red", radius=2)], 20, 30).patches[0].pixels(20, 30)
        (slice(2, 7, None), slice(8, 13, None))

        Args:
            height: Integer. Rows of the photo.
            width: Integer. Columns of the photo.
        """
        top, left, bottom, right = self.box
        return _pixels(top, bottom, height), _pixels(left, right, width)


@dataclasses.dataclass(frozen=True)
class Placement:
    """All hints of one photo, independent of its size.

    Args:
        patches: Tuple of `Patch`.
        everywhere: The mean colour of the whole picture, or None.
    """

    patches: tuple[Patch, ...] = ()
    everywhere: Color | None = None

    def __bool__(self) -> bool:
        return bool(self.patches) or self.everywhere is not None


def place(hints: Iterable[AnyHint], height: int, width: int, first: int = 1) -> Placement:
    """Places hints in a photo.

    >>> from kcolor.hints.hint import place
    >>> place([kcolor.hints.Hint(700, 20, "red")], height=480, width=640)
    Traceback (most recent call last):
    ValueError: Expected hint 1 inside the photo of 640 × 480 pixels. Received: x=700, y=20

    Args:
        hints: `Hint`, `Stroke` and `Everywhere`, in any order.
        height: Integer. Rows of the upright photo.
        width: Integer. Columns of the upright photo.
        first: Integer. Number of the first hint, in messages and patches.

    Returns:
        A `Placement`.

    Raises:
        ValueError: If a hint lies outside the photo, or if there are more than `MAX_PATCHES` patches.
    """
    patches: list[Patch] = []
    everywhere = None
    for number, hint in enumerate(hints, first):
        if isinstance(hint, Everywhere):
            if everywhere is not None:
                raise ValueError(f"Expected one colour for the whole picture. Received: {everywhere!r} and {hint.color!r}")
            everywhere = hint.color
        elif isinstance(hint, (Hint, Stroke)):
            patches += _patches(hint, number, height, width, f"hint {number}")
        else:
            raise ValueError(f"Expected hints as Hint, Stroke or Everywhere of kcolor.hints. Received: {hint!r}")
    if len(patches) > MAX_PATCHES:
        raise ValueError(f"Expected at most {MAX_PATCHES} patches in a photo; a stroke has several. Received: {len(patches)}")
    return Placement(tuple(patches), everywhere)


def place_one(x: float, y: float, height: int, width: int, radius: float | None = None, relative: bool = False) -> Patch:
    """Places a patch that is asked about, and has no colour yet.

    >>> from kcolor.hints.hint import place_one
    >>> place_one(700, 20, height=480, width=640)
    Traceback (most recent call last):
    ValueError: Expected the place inside the photo of 640 × 480 pixels. Received: x=700, y=20

    Args:
        x: Number. Column, as of `Hint`; so are y, the radius, and whether they are relative.
        y: Number. Row.
        height: Integer. Rows of the upright photo.
        width: Integer. Columns of the upright photo.
        radius: Number. Half of the place's side.
        relative: Boolean. Whether x, y and radius are shares.

    Raises:
        ValueError: If the place lies outside the photo.
    """
    return next(_patches(Hint(x, y, "keep", radius, relative), 1, height, width, "the place"))


def _patches(hint, number, height, width, what):
    points = hint.points if isinstance(hint, Stroke) else ((hint.x, hint.y),)
    if hint.relative:
        points = [(x * width - 0.5, y * height - 0.5) for x, y in points]
    for x, y in points:
        if not (-0.5 <= x <= width - 0.5 and -0.5 <= y <= height - 0.5):
            raise ValueError(f"Expected {what} inside the photo of {width} × {height} pixels. Received: x={x:g}, y={y:g}")
    side = min(height, width)
    radius = max(1.0, _USUAL_RADIUS * side) if hint.radius is None else hint.radius * (side if hint.relative else 1)
    for x, y in _along(points, 2 * radius + 1):
        rows, columns = _around(y, radius, height), _around(x, radius, width)
        box = (rows[0] / height, columns[0] / width, rows[1] / height, columns[1] / width)
        yield Patch(box, hint.color, number, getattr(hint, "exact", True), radius / side)


def _along(points, spacing):
    """Places along a line, from its first point to its last: so far apart, and not more than `_STEPS`."""
    columns, rows = np.array(points, float).T
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(columns), np.diff(rows)))])
    at = np.linspace(0, lengths[-1], min(_STEPS, math.ceil(lengths[-1] / spacing) + 1))
    return zip(np.interp(at, lengths, columns), np.interp(at, lengths, rows), strict=True)


def _around(middle, radius, side):
    """The first pixel within a radius and the one behind the last, cut at the edges; at least one pixel."""
    first, end = math.ceil(middle - radius), math.floor(middle + radius) + 1
    if first >= end:
        first = math.floor(middle + 0.5)
        end = first + 1
    first = min(max(first, 0), side - 1)
    return first, min(max(end, first + 1), side)


def _pixels(low, high, side):
    first, end = math.ceil(low * side - 0.5 - 1e-6), math.ceil(high * side - 0.5 - 1e-6)
    if first >= end:
        first = int((low + high) / 2 * side)
        end = first + 1
    first = min(max(first, 0), side - 1)
    return slice(first, min(max(end, first + 1), side))
