"""Bins of the ab plane: grids as plain data, and the functions that turn colours into bins and back.

A grid is a lattice of square cells. Some of the cells are *kept* as bins. `Grid.remap` says for every cell of the lattice
which bin it belongs to: its own, or the nearest kept one. So the index of a colour takes one division, one rounding and one
look-up, and no colour falls outside. Three functions make grids: `uniform_grid` (system A's W×W), `gamut_grid` (the lattice
points that sRGB reaches) and `frequent` (the k fullest cells of either). `measure` fills a grid's tables from photographs.

>>> grid = kcolor.bins.uniform_grid(6)
>>> index = kcolor.bins.index(np.float32([[0, 0], [60, -70]]), grid)
>>> ops.convert_to_numpy(index).tolist()
[21, 10]
"""

from kcolor.bins.encode_decode import DECODINGS, decode, index, neighbors_of, soft_encode
from kcolor.bins.grid import Grid, cube_ab, frequent, gamut_grid, uniform_grid
from kcolor.bins.lookup import bin_of, cell_of, near_bins, nearest
from kcolor.bins.statistics import measure

__all__ = [
    "DECODINGS",
    "Grid",
    "bin_of",
    "cell_of",
    "cube_ab",
    "decode",
    "frequent",
    "gamut_grid",
    "index",
    "measure",
    "near_bins",
    "nearest",
    "neighbors_of",
    "soft_encode",
    "uniform_grid",
]
