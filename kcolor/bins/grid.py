"""Grids of the ab plane as plain data, and the functions that make them."""

import dataclasses
import functools
import math

import keras
import numpy as np
from keras import ops

from kcolor import color
from kcolor.bins.lookup import bin_of, cell_of, nearest, squared_distances


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True)
class Grid:
    """A lattice of square cells in the ab plane, of which some are bins.

    A grid is plain numbers: it can be compared, hashed and saved. Make one with `uniform_grid`, `gamut_grid` or `frequent`.

    >>> grid = kcolor.bins.Grid(origin=(-10.0, -10.0), step=10.0, shape=(2, 2), cells=(0, 3))
    >>> grid.size, grid.centers.tolist()
    (2, [[-5.0, -5.0], [5.0, 5.0]])

    Args:
        origin: Pair (a, b). Corner of the lattice.
        step: Positive number. Side of a cell.
        shape: Pair (rows of b, columns of a).
        cells: Numbers ``columns · ib + ia`` of the kept cells, one per bin.
        counts: How many pixels were in each bin; or None before `measure`.
        mean: Mean (a, b) of the pixels in each bin, or None.
        mode: Most frequent (a, b) in each bin, or None.
    """

    origin: tuple[float, float]
    step: float
    shape: tuple[int, int]
    cells: tuple[int, ...]
    counts: tuple[int, ...] | None = None
    mean: tuple[tuple[float, float], ...] | None = None
    mode: tuple[tuple[float, float], ...] | None = None

    def __post_init__(self):
        # JSON gives lists. Tuples keep the grid hashable, comparable and frozen.
        for name in ("origin", "shape", "cells", "counts", "mean", "mode"):
            object.__setattr__(self, name, _tupled(getattr(self, name)))
        rows, columns = self.shape
        if not self.cells or min(self.cells) < 0 or max(self.cells) >= rows * columns:
            raise ValueError(f"Expected cells in 0..{rows * columns - 1}. Received: {self.cells}")
        for name in ("counts", "mean", "mode"):
            values = getattr(self, name)
            if values is not None and len(values) != self.size:
                raise ValueError(f"Expected `{name}` for {self.size} bins. Received: {len(values)}")

    @property
    def size(self) -> int:
        """Number of bins."""
        return len(self.cells)

    @functools.cached_property
    def centers(self) -> np.ndarray:
        """Centre (a, b) of every bin's cell, ``(bins, 2)``."""
        cells = np.array(self.cells)
        place = np.stack([cells % self.shape[1], cells // self.shape[1]], axis=-1)
        return place * self.step + self.step / 2 + self.origin

    @functools.cached_property
    def remap(self) -> np.ndarray:
        """Bin of every cell of the lattice, ``(rows · columns,)``: its own, or the one with the nearest centre."""
        bins = np.full(math.prod(self.shape), -1)
        bins[list(self.cells)] = np.arange(self.size)
        others = np.flatnonzero(bins < 0)
        bins[others] = nearest(self.lattice().centers[others], self.centers)
        return bins

    def colors(self, temperature: float = 1.0) -> np.ndarray:
        """Returns the colour of every bin, between its mean and its mode.

        >>> kcolor.bins.uniform_grid(2).colors().tolist()  # not measured: the centres
        [[-64.25, -64.25], [63.25, -64.25], [-64.25, 63.25], [63.25, 63.25]]

        Args:
            temperature: Number in [0, 1]. 1 gives the mean, 0 the mode.

        Returns:
            Array ``(bins, 2)`` of (a, b). A bin in which no pixel was ever seen has the colour of the nearest other bin.
            Before `measure` all are the centres.
        """
        if self.counts is None:
            return self.centers
        mean, mode = np.array(self.mean), np.array(self.mode)
        filled = np.flatnonzero(self.counts)
        source = filled[nearest(self.centers, self.centers[filled])]
        return (mode - (mode - mean) * temperature)[source]

    def prior(self, sigma: float = 5.0) -> np.ndarray:
        """Returns the share of every bin in the measured pixels, smoothed by a Gaussian in the ab plane.

        Args:
            sigma: Standard deviation of the Gaussian in units of ab; 0 for no smoothing.

        Returns:
            Array ``(bins,)`` with the sum 1.

        Raises:
            ValueError: If the grid was not measured.
        """
        self._need_counts("prior")
        share = np.array(self.counts, "float64") / sum(self.counts or ())
        if sigma > 0:
            weight = np.exp(-squared_distances(self.centers, self.centers) / (2 * sigma**2))
            # Every bin hands out all of its share. So nothing is lost at the edge of the gamut.
            share = (weight / weight.sum(axis=1, keepdims=True)).T @ share
        return share / share.sum()

    def rebalancing(self, strength: float = 0.5, sigma: float = 5.0) -> np.ndarray:
        """Returns weights that make rare colours count more: w ∝ 1 / ((1 - λ)·p + λ/Q), scaled so that Σ p·w = 1.

        Args:
            strength: The λ in (0, 1]. Near 0 bins are weighted by the inverse of their share; with 1 all weights are 1.
            sigma: Smoothing of the shares (see `prior`).

        Returns:
            Array ``(bins,)``, one weight per bin.

        Raises:
            ValueError: If the grid was not measured, or `strength` is out of its range.

        Reference:
            Zhang, Isola, Efros: Colorful Image Colorization, 2016.
        """
        if not 0 < strength <= 1:
            raise ValueError(f"Expected a rebalancing strength in (0, 1]. Received: {strength}")
        prior = self.prior(sigma)
        weights = 1 / ((1 - strength) * prior + strength / self.size)
        return weights / np.sum(prior * weights)

    def lattice(self) -> "Grid":
        """Returns the same lattice with every cell a bin of its own, not measured."""
        every = tuple(range(math.prod(self.shape)))
        return dataclasses.replace(self, cells=every, counts=None, mean=None, mode=None)

    def get_config(self) -> dict:
        """Returns the grid as plain numbers."""
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config: dict) -> "Grid":
        """Returns the grid of such numbers."""
        return cls(**config)

    def _need_counts(self, what):
        if self.counts is None:
            raise ValueError(f"The {what} of a grid needs pixels: measure it first (kcolor.bins.measure)")


def uniform_grid(width: int) -> Grid:
    """Returns system A's grid: W×W cells over ab_norm = (ab + 128) / 255 in [0, 1]².

    >>> kcolor.bins.uniform_grid(18).size
    324

    Args:
        width: Integer in 1..255. The W. Cell ``W · ib + ia`` is the bin of that number.
    """
    if not 1 <= width <= 255 or width != int(width):
        raise ValueError(f"Expected a grid of 1×1 to 255×255 cells. Received: {width!r}")
    width = int(width)
    return Grid((-128.0, -128.0), 255 / width, (width, width), tuple(range(width * width)))


@functools.lru_cache
def gamut_grid(step: float = 10.0) -> Grid:
    """Returns a grid of all cells that some sRGB colour lies in. Cell centres are multiples of `step`.

    >>> kcolor.bins.gamut_grid(10.0).size
    262

    Args:
        step: Number in 1..110. Side of a cell in units of ab.
    """
    if not 1 <= step <= 110:
        raise ValueError(f"Expected a step in 1..110. Received: {step!r}")
    reach = math.ceil(110 / step)
    width = 2 * reach + 1
    lattice = Grid((-(reach + 0.5) * step,) * 2, step, (width, width), tuple(range(width * width)))
    seen = np.bincount(cell_of(_cube_surface_ab(), lattice), minlength=lattice.size)
    return dataclasses.replace(lattice, cells=tuple(np.flatnonzero(seen).tolist()))


def frequent(grid: Grid, k: int) -> Grid:
    """Returns a grid of the k fullest bins of another one. All other cells belong to the nearest of them.

    >>> kcolor.bins.frequent(kcolor.bins.uniform_grid(18), 32).size
    32

    Args:
        grid: A `Grid`. If it was not measured, its bins are ranked by how many colours of the sRGB cube fall in each.
        k: Integer in 1..bins. How many bins to keep.

    Returns:
        A `Grid` that is not measured.
    """
    if not 1 <= k <= grid.size:
        raise ValueError(f"Expected 1 to {grid.size} frequent bins of this grid. Received: {k!r}")
    counts = grid.counts or np.bincount(bin_of(cube_ab(), grid), minlength=grid.size)
    # The sort is stable: equally full bins stay in the order of the lattice, on every machine.
    kept = np.sort(np.argsort(-np.asarray(counts), kind="stable")[:k])
    return dataclasses.replace(grid, cells=tuple(np.array(grid.cells)[kept].tolist()), counts=None, mean=None, mode=None)


def cube_ab(levels: int = 32) -> np.ndarray:
    """Returns the ab of an even sampling of the sRGB cube.

    >>> kcolor.bins.cube_ab(levels=2).shape
    (8, 2)

    Args:
        levels: Integer. How many levels each channel has.

    Returns:
        float32 array ``(levels³, 2)``.
    """
    axis = np.linspace(0, 1, levels, dtype="float32")
    cube = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    return ops.convert_to_numpy(color.rgb_to_lab(cube))[:, 1:]


def _cube_surface_ab(levels=512):
    """Returns the ab of the sRGB cube's six faces. That is every ab: a line of equal ab leaves the cube at a face."""
    axis = np.linspace(0, 1, levels, dtype="float32")
    u, v = (plane.ravel() for plane in np.meshgrid(axis, axis))
    faces = [np.roll(np.stack([np.full_like(u, end), u, v], axis=-1), turn, axis=-1) for end in (0, 1) for turn in range(3)]
    return ops.convert_to_numpy(color.rgb_to_lab(np.concatenate(faces)))[:, 1:]


def _tupled(value):
    return tuple(_tupled(v) for v in value) if isinstance(value, (list, tuple)) else value
