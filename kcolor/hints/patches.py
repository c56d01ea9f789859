"""The patches of hints in a photo: their pixels, their lightness, and the colours that they are to have."""

import dataclasses
import functools

import numpy as np
from keras import ops

from kcolor import color
from kcolor.hints.colors import KEEP, Color, rgb_or_ab
from kcolor.hints.hint import Patch
from kcolor.hints.nearest import nearest
from kcolor.hints.possible import graphs
from kcolor.images import arrays
from kcolor.targets import ColorTarget

_PARTS = 25  # fewer miss what a patch that is half white, half dark can have
_SIDE = 24  # of a larger patch every so many-th row and column is looked at


@dataclasses.dataclass(frozen=True, eq=False)
class Patches:
    """Patches in a photo of one size.

    Args:
        rows: Integers ``(count, m)``. Rows of pixels in each patch.
        columns: Integers ``(count, m)``. Their columns.
        weights: Floats ``(count, m)``: with these the sum is the mean of a patch. 0 for what fills up the smaller ones.
        rgb: Floats ``(count, m, 3)``. The photo's pixels.
        size: The photo's (height, width).
    """

    rows: np.ndarray
    columns: np.ndarray
    weights: np.ndarray
    rgb: np.ndarray
    size: tuple[int, int]

    def only(self, which: np.ndarray) -> "Patches":
        """Returns some of the patches: those for which a boolean is true."""
        return Patches(self.rows[which], self.columns[which], self.weights[which], self.rgb[which], self.size)

    def places_in(self, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Returns the rows and columns of the pixels in this photo at another size, between its pixels: two ``(count, m)``."""
        rows, columns = (
            (place + 0.5) * (small / side) - 0.5
            for place, small, side in ((self.rows, height, self.size[0]), (self.columns, width, self.size[1]))
        )
        return rows, columns

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Returns the mean of each patch: ``(count, m, channels)`` to ``(count, channels)``."""
        return np.sum(ops.convert_to_numpy(values) * self.weights[..., None], axis=1)

    def luma(self, target: ColorTarget) -> np.ndarray:
        """Returns the mean luma of each patch ``(count, 1)``, as a target sees it."""
        return self.mean(self._pixels(target)[..., None])

    def lumas(self, target: ColorTarget) -> np.ndarray:
        """Returns how light the pixels of each patch are: so many equal parts of them, ``(count, parts)``."""
        found = np.sort(np.where(self.weights > 0, self._pixels(target), np.inf), axis=1)
        counts = np.sum(self.weights > 0, axis=1, keepdims=True)
        return np.take_along_axis(found, (counts * (2 * np.arange(_PARTS) + 1) / (2 * _PARTS)).astype(int), axis=1)

    def _pixels(self, target):
        return ops.convert_to_numpy(graphs(target, _luma)(self.rgb))[..., 0]

    def of(self, values: np.ndarray) -> np.ndarray:
        """Returns the mean of another picture ``(height, width, channels)`` of the same size in each patch."""
        return self.mean(values[self.rows, self.columns])


def patches_in(photo: np.ndarray, patches: tuple[Patch, ...]) -> Patches:
    """Returns the pixels of patches in a photo.

    >>> from kcolor.hints.hint import place
    >>> red = place([kcolor.hints.Hint(3, 2, "red", radius=1)], 8, 8)
    >>> patches_in(np.zeros((8, 8, 3), "uint8"), red.patches).rows.tolist()
    [[1, 1, 1, 2, 2, 2, 3, 3, 3]]

    Args:
        photo: Array ``(height, width, 3)``, uint8 or floats in [0, 1].
        patches: Tuple of `Patch`, at least one.
    """
    grids = []
    for patch in patches:
        rows, columns = (_spaced(part) for part in patch.pixels(*photo.shape[:2]))
        grids.append([part.ravel() for part in np.meshgrid(rows, columns, indexing="ij")])
    most = max(len(rows) for rows, _ in grids)
    rows, columns = (np.stack([np.resize(grid[axis], most) for grid in grids]) for axis in (0, 1))
    counts = np.array([[len(grid[0])] for grid in grids])
    weights = ((np.arange(most) < counts) / counts).astype("float32")
    pixels = photo[rows, columns]
    rgb = ops.convert_to_numpy(arrays.to_float(pixels))
    return Patches(rows, columns, weights, rgb, photo.shape[:2])


def wanted_ab(colors: list[Color], lumas: np.ndarray, target: ColorTarget) -> tuple[np.ndarray, np.ndarray]:
    """Returns which (a, b) colours are meant, and the nearest that exist: the mean over the parts of each patch.

    >>> wanted, possible = wanted_ab(["red"], np.float32([[0.9, 0.8]]), kcolor.targets.get("lab"))
    >>> wanted.round(), bool(np.all(np.abs(possible) < np.abs(wanted)))
    (array([[80., 67.]], dtype=float32), True)

    Args:
        colors: As of `wanted_parts`.
        lumas: As of `wanted_parts`.
        target: As of `wanted_parts`.

    Returns:
        Two arrays ``(count, 2)``.
    """
    wanted, parts = wanted_parts(colors, lumas, target)
    return wanted, parts.mean(axis=1)


def wanted_parts(colors: list[Color], lumas: np.ndarray, target: ColorTarget) -> tuple[np.ndarray, np.ndarray]:
    """Returns which (a, b) colours are meant, and the nearest that exist at each lightness of the patches.

    >>> wanted_parts(["red"], np.float32([[0.9, 0.8]]), kcolor.targets.get("lab"))[1].shape
    (1, 2, 2)

    Args:
        colors: List of colours as of `Hint`. Those to keep are (nan, nan).
        lumas: Array ``(count, parts)``. Luma of equal parts of the patches.
        target: `ColorTarget` that says what is kept of a photo's lightness.

    Returns:
        Two arrays, ``(count, 2)`` and ``(count, parts, 2)``.
    """
    wanted = np.stack([ab_of(one) for one in colors])
    parts, given = wanted[:, None].repeat(lumas.shape[1], axis=1), np.isfinite(wanted[:, 0])
    if given.any():
        found = nearest(target, parts[given].reshape(-1, 2), lumas[given].reshape(-1, 1))
        parts[given] = found.reshape(-1, *parts.shape[1:])
    return wanted, parts


def ab_of(one: Color) -> np.ndarray:
    """Returns the (a, b) of a colour; (nan, nan) for ``"keep"``.

    >>> ab_of("white").round() + 0.0
    array([0., 0.], dtype=float32)
    """
    return np.array(_ab_of(one if isinstance(one, str) else tuple(one)), "float32")


@functools.lru_cache(maxsize=1024)
def _ab_of(one):
    """Kept, because to convert one colour takes as long as to convert thousands."""
    if one == KEEP:
        return np.nan, np.nan
    numbers = np.array(rgb_or_ab(one), "float32")
    return tuple(numbers if len(numbers) == 2 else ops.convert_to_numpy(color.rgb_to_lab(numbers))[1:].tolist())


def _luma(target):
    return lambda rgb: target.luma(ops.convert_to_tensor(rgb))


def _spaced(part):
    count = part.stop - part.start
    if count <= _SIDE:
        return np.arange(part.start, part.stop)
    return np.rint(np.linspace(part.start, part.stop - 1, _SIDE)).astype(int)
