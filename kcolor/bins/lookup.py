"""Which bin a colour belongs to, and which bins are near it, in NumPy."""

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kcolor.bins.grid import Grid

_AT_ONCE = 1 << 22  # distances


def nearest(points: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Returns for every point the index of the nearest of some others. Of equally near ones it is the first.

    >>> kcolor.bins.nearest(np.array([[0, 0], [9, 9]]), among=np.array([[1, 1], [8, 8], [-1, -1]])).tolist()
    [0, 1]

    Args:
        points: Array ``(points, 2)``.
        among: Array ``(others, 2)``.

    Returns:
        Integer array ``(points,)``.
    """
    if not len(points):
        return np.zeros(0, "int64")
    rows = max(1, _AT_ONCE // len(among))  # fine grids have tens of thousands of bins: not all distances at a time
    return np.concatenate([squared_distances(points[i : i + rows], among).argmin(axis=1) for i in range(0, len(points), rows)])


@functools.lru_cache(maxsize=32)
def near_bins(grid: "Grid", count: int) -> np.ndarray:
    """Returns the nearest bins for every place of the lattice. Each cell is cut into squares of half a unit or less.

    >>> table = kcolor.bins.near_bins(kcolor.bins.uniform_grid(51), 3)  # cells of 5 units: 10 squares a side
    >>> table.shape
    (510, 510, 3)

    Args:
        grid: A `Grid`.
        count: Integer. How many bins to name, or all if there are fewer.

    Returns:
        int32 array ``(rows · parts, columns · parts, count)``: for each square the bins nearest to its middle, in no order.
    """
    count, parts = min(count, grid.size), math.ceil(2 * grid.step)
    across = ((np.arange(parts) + 0.5) / parts - 0.5) * grid.step
    squares = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
    table = np.empty((*grid.shape, parts, parts, count), "int32")
    for cell, middle in enumerate(grid.lattice().centers):
        distance = np.sqrt(squared_distances(middle[None], grid.centers)[0])
        # No square's middle is farther from the cell's than half the diagonal. So no bin beyond this is near any of them.
        reach = np.partition(distance, count - 1)[count - 1] + math.sqrt(2) * grid.step
        among = np.flatnonzero(distance <= reach)
        order = np.argpartition(squared_distances(middle + squares, grid.centers[among]), count - 1, axis=1)[:, :count]
        table[divmod(cell, grid.shape[1])] = among[order].reshape(parts, parts, count)
    return table.swapaxes(1, 2).reshape(grid.shape[0] * parts, grid.shape[1] * parts, count)


def cell_of(ab: np.ndarray, grid: "Grid") -> np.ndarray:
    """Returns the cell of the lattice that each colour lies in.

    >>> kcolor.bins.cell_of(np.float32([[-9, -9], [500, 9]]), kcolor.bins.uniform_grid(2)).tolist()
    [0, 3]

    Args:
        ab: Float array ``(..., 2)``.
        grid: A `Grid`.

    Returns:
        Integer array ``(...)``. Beyond the edge of the lattice it is the cell at the edge.
    """
    rows, columns = grid.shape
    place = np.floor((ab - np.array(grid.origin, ab.dtype)) / ab.dtype.type(grid.step)).astype("int64")
    return np.clip(place[..., 1], 0, rows - 1) * columns + np.clip(place[..., 0], 0, columns - 1)


def bin_of(ab: np.ndarray, grid: "Grid") -> np.ndarray:
    """Returns the bin of each colour: what `index` computes on the device, in NumPy.

    >>> kcolor.bins.bin_of(np.float32([[-9, -9], [9, 9]]), kcolor.bins.uniform_grid(2)).tolist()
    [0, 3]

    Args:
        ab: Float array ``(..., 2)``.
        grid: A `Grid`.

    Returns:
        Integer array ``(...)`` in 0..bins - 1.
    """
    return grid.remap[cell_of(ab, grid)]


def squared_distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns the squared distance of every point to every other, ``(points, others)``."""
    return np.square(points[:, None] - others[None]).sum(axis=-1)
