"""Bins of the ab plane: grids as plain data, and everything that turns colours into bins and back.

A grid is a lattice of square cells, of which some are *kept* as bins. `remap` says for every cell of the lattice which bin
it belongs to: its own, or the nearest kept one. So the index of a colour is one division, one rounding and one look-up, and
nothing falls outside. Three grids are made that way: `uniform_grid` (system A's W×W), `gamut_grid` (the lattice points
that sRGB reaches) and `frequent` (the k fullest cells of either). `measure` fills a grid's tables from photographs.
"""

from kcolor.bins.encode_decode import DECODINGS, decode, index, neighbors_of, soft_encode
from kcolor.bins.grid import Grid, bin_of, cell_of, cube_ab, frequent, gamut_grid, near_bins, nearest, uniform_grid
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
