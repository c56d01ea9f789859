"""Grids of the ab plane, as plain data."""

import dataclasses
import functools
import math

import keras
import numpy as np
from keras import ops

from kcolor import color


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True)
class Grid:
    """A lattice of ``shape = (rows of b, columns of a)`` square cells of side `step` from `origin` = (a, b) on.

    `cells` are the kept cells, numbered ``columns · ib + ia``, one a bin. `mean` and `mode` are the (a, b) of every bin, a
    measured property of some data set, and `counts` how many pixels were in it; before `measure` they are the cells'
    centres and None.
    """

    origin: tuple[float, float]
    step: float
    shape: tuple[int, int]
    cells: tuple[int, ...]
    counts: tuple[int, ...] | None = None
    mean: tuple[tuple[float, float], ...] | None = None
    mode: tuple[tuple[float, float], ...] | None = None

    def __post_init__(self):
        # JSON gives lists; tuples keep the grid hashable, comparable and frozen.
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
        """How many bins there are."""
        return len(self.cells)

    @functools.cached_property
    def centers(self) -> np.ndarray:
        """The centre (a, b) of every bin's cell, ``(bins, 2)``."""
        cells = np.array(self.cells)
        place = np.stack([cells % self.shape[1], cells // self.shape[1]], axis=-1)
        return place * self.step + self.step / 2 + self.origin

    @functools.cached_property
    def remap(self) -> np.ndarray:
        """The bin of every cell of the lattice, ``(rows · columns,)``: its own, or the kept one whose centre is nearest."""
        return nearest(self.lattice().centers, self.centers)

    def colors(self, temperature: float = 1.0) -> np.ndarray:
        """The colour (a, b) of every bin, ``(bins, 2)``: ``mode - (mode - mean) · temperature``, so 1 mean and 0 mode.

        A bin in which no pixel was ever seen has the colour of the nearest one that has.
        """
        if self.counts is None:
            return self.centers
        mean, mode = np.array(self.mean), np.array(self.mode)
        filled = np.flatnonzero(self.counts)
        source = filled[nearest(self.centers, self.centers[filled])]
        return (mode - (mode - mean) * temperature)[source]

    def prior(self, sigma: float = 5.0) -> np.ndarray:
        """The share of every bin in the measured pixels, smoothed by a Gaussian of `sigma` in the ab plane. Sums to 1."""
        self._need_counts("prior")
        share = np.array(self.counts, "float64") / sum(self.counts)
        if sigma > 0:
            weight = np.exp(-_squared(self.centers, self.centers) / (2 * sigma**2))
            # Every bin hands its share out; so nothing is lost at the edge of the gamut.
            share = (weight / weight.sum(axis=1, keepdims=True)).T @ share
        return share / share.sum()

    def rebalancing(self, strength: float = 0.5, sigma: float = 5.0) -> np.ndarray:
        """Weights that make rare colours count more: w ∝ 1 / ((1 - λ)·p + λ/Q), scaled so that Σ p·w = 1.

        Args:
            strength: λ: 0 weighs by the inverse of the frequency, 1 not at all.
            sigma: how far the prior is smoothed before (see `prior`).

        Returns:
            One weight a bin, ``(bins,)``. (Zhang, Isola, Efros: Colorful Image Colorization, 2016.)
        """
        if not 0 < strength <= 1:
            raise ValueError(f"Expected a rebalancing strength in (0, 1]. Received: {strength}")
        prior = self.prior(sigma)
        weights = 1 / ((1 - strength) * prior + strength / self.size)
        return weights / np.sum(prior * weights)

    def lattice(self) -> "Grid":
        """The same lattice with every cell a bin of its own, not measured."""
        every = tuple(range(math.prod(self.shape)))
        return dataclasses.replace(self, cells=every, counts=None, mean=None, mode=None)

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _need_counts(self, what):
        if self.counts is None:
            raise ValueError(f"The {what} of a grid needs pixels: measure it first (kcolor.bins.measure)")


def uniform_grid(width: int) -> Grid:
    """System A's W×W grid over ab_norm = (ab + 128) / 255 in [0, 1]²: cell W·ib + ia."""
    if not 1 <= width <= 255 or width != int(width):
        raise ValueError(f"Expected a grid of 1×1 to 255×255 cells. Received: {width!r}")
    return Grid((-128.0, -128.0), 255 / width, (width, width), tuple(range(width * width)))


@functools.lru_cache
def gamut_grid(step: float = 10.0) -> Grid:
    """The points of a lattice through (0, 0) that are the nearest one to some sRGB colour: 262 for step 10."""
    if not 1 <= step <= 110:
        raise ValueError(f"Expected a step in 1..110. Received: {step!r}")
    reach = math.ceil(110 / step)
    width = 2 * reach + 1
    lattice = Grid((-(reach + 0.5) * step,) * 2, step, (width, width), tuple(range(width * width)))
    seen = np.bincount(cell_of(_cube_surface_ab(), lattice), minlength=lattice.size)
    return dataclasses.replace(lattice, cells=tuple(np.flatnonzero(seen).tolist()))


def frequent(grid: Grid, k: int) -> Grid:
    """The k fullest bins of a grid; every other cell moves to the nearest of them.

    A grid that was never measured is ranked by how many colours of the sRGB cube fall in each bin.
    """
    if not 1 <= k <= grid.size:
        raise ValueError(f"Expected 1 to {grid.size} frequent bins of this grid. Received: {k!r}")
    counts = grid.counts or np.bincount(bin_of(cube_ab(), grid), minlength=grid.size)
    # A stable sort: equally full bins stay in the order of the lattice, whatever the machine.
    kept = np.sort(np.argsort(-np.asarray(counts), kind="stable")[:k])
    return dataclasses.replace(grid, cells=tuple(np.array(grid.cells)[kept].tolist()), counts=None, mean=None, mode=None)


def nearest(points: np.ndarray, among: np.ndarray) -> np.ndarray:
    """For every point the index of the nearest of `among`; both ``(n, 2)``. The first wins a tie."""
    return _squared(points, among).argmin(axis=1)


@functools.lru_cache(maxsize=32)
def near_bins(grid: Grid, count: int) -> np.ndarray:
    """The nearest bins, seen from everywhere: each cell of the lattice is cut into squares of half a unit or less.

    Returns:
        For each square the `count` bins nearest to its middle, in no order: int32 ``(rows · parts, columns · parts, count)``;
        all bins if there are no more.
    """
    count, parts = min(count, grid.size), math.ceil(2 * grid.step)
    across = ((np.arange(parts) + 0.5) / parts - 0.5) * grid.step
    squares = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
    table = np.empty((*grid.shape, parts, parts, count), "int32")
    for cell, middle in enumerate(grid.lattice().centers):
        distance = np.sqrt(_squared(middle[None], grid.centers)[0])
        # Nothing farther than this is near any square: none is farther from the middle than half the cell's diagonal.
        reach = np.partition(distance, count - 1)[count - 1] + math.sqrt(2) * grid.step
        among = np.flatnonzero(distance <= reach)
        order = np.argpartition(_squared(middle + squares, grid.centers[among]), count - 1, axis=1)[:, :count]
        table[divmod(cell, grid.shape[1])] = among[order].reshape(parts, parts, count)
    return table.swapaxes(1, 2).reshape(grid.shape[0] * parts, grid.shape[1] * parts, count)


def cell_of(ab: np.ndarray, grid: Grid) -> np.ndarray:
    """The cell of the lattice that each (a, b) lies in, numpy; beyond the edge it is the one at the edge."""
    rows, columns = grid.shape
    place = np.floor((ab - np.array(grid.origin, ab.dtype)) / ab.dtype.type(grid.step)).astype("int64")
    return np.clip(place[..., 1], 0, rows - 1) * columns + np.clip(place[..., 0], 0, columns - 1)


def bin_of(ab: np.ndarray, grid: Grid) -> np.ndarray:
    """The bin of each (a, b), numpy: what `index` computes on the device."""
    return grid.remap[cell_of(ab, grid)]


def cube_ab(levels: int = 32) -> np.ndarray:
    """ab of an even sampling of the sRGB cube, ``(levels³, 2)``."""
    axis = np.linspace(0, 1, levels, dtype="float32")
    cube = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    return ops.convert_to_numpy(color.rgb_to_lab(cube))[:, 1:]


def _cube_surface_ab(levels=512):
    """ab of the sRGB cube's six faces. A line of equal ab leaves the cube through its surface: it has every ab there is."""
    axis = np.linspace(0, 1, levels, dtype="float32")
    u, v = (plane.ravel() for plane in np.meshgrid(axis, axis))
    faces = [np.roll(np.stack([np.full_like(u, end), u, v], axis=-1), turn, axis=-1) for end in (0, 1) for turn in range(3)]
    return ops.convert_to_numpy(color.rgb_to_lab(np.concatenate(faces)))[:, 1:]


def _squared(points, others):
    return np.square(points[:, None] - others[None]).sum(axis=-1)


def _tupled(value):
    return tuple(_tupled(v) for v in value) if isinstance(value, (list, tuple)) else value
