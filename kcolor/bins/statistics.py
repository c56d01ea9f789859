"""Measures a grid over photographs: count, true mean and true mode of every bin, in one pass and bounded memory.

Pixels are counted in sub-cells of about one unit of ab. Each sub-cell lies in one cell of the lattice, so counts and sums add
up exactly, whichever cells are kept. The mode of a bin is the mean colour of its fullest sub-cell. For photographs with few
colours that is the colour itself. (If the modes of a and b were taken apart, no pixel might have that colour.)
"""

import dataclasses
import math
from collections.abc import Callable, Iterable

import numpy as np
from keras import ops

from kcolor import color
from kcolor.bins.grid import Grid, frequent
from kcolor.bins.lookup import cell_of
from kcolor.images import arrays


def measure(pictures: Iterable, grid: Grid, keep: int | None = None, progress: Callable[[int], object] | None = None) -> Grid:
    """Fills a grid's tables from photographs.

    >>> photo = np.full((4, 4, 3), 128, "uint8")
    >>> photo[0] = (255, 0, 0)
    >>> grid = kcolor.bins.measure([photo], kcolor.bins.gamut_grid(10.0))
    >>> sorted(grid.counts)[-3:]
    [0, 4, 12]

    Args:
        pictures: Photos or batches of photos ``(..., 3)``, uint8 or floats in [0, 1]. They are gone through once.
        grid: The `Grid` to measure.
        keep: Integer, or None. How many of the most frequent bins of those photographs to keep (see `frequent`). By default
            all.
        progress: Function that is called after each item with the number of pixels so far.

    Returns:
        A `Grid` with `counts`, `mean` and `mode`.

    Raises:
        ValueError: If there are no pictures, or something is none.
    """
    fine = math.ceil(grid.step)
    rows, columns = grid.shape
    counts = np.zeros(rows * columns * fine * fine, "int64")
    sums = np.zeros((2, counts.size), "float64")
    lattice = grid.lattice()
    for picture in pictures:
        rgb = arrays.to_float(arrays.check(picture))
        ab = ops.convert_to_numpy(color.rgb_to_lab(rgb))[..., 1:].reshape(-1, 2)
        place = _sub_cell(ab, lattice, fine)
        counts += np.bincount(place, minlength=counts.size)
        for axis in (0, 1):
            sums[axis] += np.bincount(place, weights=ab[:, axis], minlength=counts.size)
        if progress is not None:
            progress(int(counts.sum()))
    if not counts.any():
        raise ValueError("Expected at least one pixel to measure the bins of. Received none")
    measured = _summarize(grid, counts, sums, fine)
    return measured if keep is None else _summarize(frequent(measured, keep), counts, sums, fine)


def _sub_cell(ab, lattice, fine):
    """Returns the number of each colour's sub-cell: cell · fine² + place within the cell."""
    cell = cell_of(ab, lattice)
    corner = (lattice.centers - lattice.step / 2)[cell]
    within = np.clip((ab - corner) * (fine / lattice.step), 0, fine - 1).astype("int64")
    return cell * fine * fine + within[:, 1] * fine + within[:, 0]


def _summarize(grid, counts, sums, fine):
    owner = np.repeat(grid.remap, fine * fine)  # the bin of every sub-cell
    total = np.bincount(owner, weights=counts, minlength=grid.size)
    mean = np.stack([np.bincount(owner, weights=s, minlength=grid.size) for s in sums], axis=-1)
    # In the order of (bin, count), the last sub-cell of each bin is its fullest.
    order = np.lexsort((-np.arange(counts.size), counts, owner))
    fullest = order[np.searchsorted(owner[order], np.arange(grid.size), side="right") - 1]
    mode = sums[:, fullest].T / np.maximum(counts[fullest], 1)[:, None]
    return dataclasses.replace(
        grid,
        counts=tuple(int(n) for n in total),
        mean=(mean / np.maximum(total, 1)[:, None]).tolist(),
        mode=mode.tolist(),
    )
