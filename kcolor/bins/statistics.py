"""Measuring a bin grid over photographs: counts, true mean and true mode of every bin, in one pass and bounded memory.

Pixels are counted in sub-cells of about one unit of ab. A sub-cell lies in one cell of the lattice, so counts and sums add up
exactly, whatever is kept; the mode of a bin is the mean colour of its fullest sub-cell, which for photographs with few
colours is the colour itself. (Means and modes of a and b taken apart could name a colour that nothing in the bin has.)
"""

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
from keras import ops

from kcolor import color
from kcolor.bins.grid import Grid, cell_of, frequent
from kcolor.images import arrays


def measure(pictures: Iterable, grid: Grid, keep: int | None = None, progress=None) -> Grid:
    """Fills a grid's tables from photographs.

    Args:
        pictures: photos or batches of photos, ``(..., 3)``, uint8 or floats in [0, 1]; gone through once.
        grid: the grid to measure.
        keep: keep only the so many most frequent bins of those photographs (see `frequent`).
        progress: called with the number of pixels so far after each item.

    Returns:
        The grid with `counts`, `mean` and `mode`.
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
    """The number of the sub-cell of each colour: cell · fine² + place within the cell."""
    cell = cell_of(ab, lattice)
    corner = (lattice.centers - lattice.step / 2)[cell]
    within = np.clip((ab - corner) * (fine / lattice.step), 0, fine - 1).astype("int64")
    return cell * fine * fine + within[:, 1] * fine + within[:, 0]


def _summarize(grid, counts, sums, fine):
    owner = np.repeat(grid.remap, fine * fine)  # the bin of every sub-cell
    total = np.bincount(owner, weights=counts, minlength=grid.size)
    mean = np.stack([np.bincount(owner, weights=s, minlength=grid.size) for s in sums], axis=-1)
    # The last sub-cell of each bin in order of (bin, count) is the bin's fullest.
    order = np.lexsort((-np.arange(counts.size), counts, owner))
    fullest = order[np.searchsorted(owner[order], np.arange(grid.size), side="right") - 1]
    mode = sums[:, fullest].T / np.maximum(counts[fullest], 1)[:, None]
    return dataclasses.replace(
        grid,
        counts=tuple(int(n) for n in total),
        mean=(mean / np.maximum(total, 1)[:, None]).tolist(),
        mode=mode.tolist(),
    )
