"""Draws how often each bin of a grid occurs, in the ab plane."""

import itertools
from typing import Any

import numpy as np
from keras import ops

from kcolor import bins, color
from kcolor.utils.figures import GRAY

LIGHTNESS = 60.0  # at which bins are painted


def bin_occupancy(grid: bins.Grid | Any) -> Any:
    """Draws a grid of bins in the ab plane: each cell in its own colour, and beside it how often each occurs.

    Cells whose bin was never seen are hollow. Cells that are no bins (outside the gamut, or not frequent enough) are missing.

    Args:
        grid: A `kcolor.bins.Grid`, or a target of bins.

    Returns:
        A ``matplotlib.figure.Figure``. It has one panel, or two if the grid was measured.

    Raises:
        ValueError: If `grid` is neither.
    """
    import matplotlib.figure
    import seaborn

    grid = grid if isinstance(grid, bins.Grid) else getattr(grid, "bins", grid)
    if not isinstance(grid, bins.Grid):
        raise ValueError(f"Expected a kcolor.bins.Grid, or a target of bins. Received: {grid!r}")
    measured = grid.counts is not None
    with seaborn.axes_style("white"):
        figure = matplotlib.figure.Figure(figsize=(12.4 if measured else 6.2, 5.8), layout="constrained")
        panels = np.ravel(figure.subplots(1, 1 + measured, squeeze=False))
    _paint_bins(panels[0], grid)
    if measured:
        _heat_map(panels[1], grid)
    for panel in panels:
        _dress_plane(panel, grid)
    return figure


def _paint_bins(panel, grid):
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    lab = np.concatenate([np.full((grid.size, 1), LIGHTNESS), grid.centers], axis=-1).astype("float32")
    rgb = ops.convert_to_numpy(color.lab_to_rgb(lab, gamut="nearest"))
    seen = np.ones(grid.size, bool) if grid.counts is None else np.array(grid.counts) > 0
    # Cells that no colour lies in (a uniform grid has many) are pale.
    in_gamut = np.bincount(bins.cell_of(bins.cube_ab(64), grid), minlength=np.prod(grid.shape))[list(grid.cells)] > 0
    alpha = np.where(seen, np.where(in_gamut, 1.0, 0.2), 0.0)[:, None]
    side = grid.step * 0.92
    cells = [Rectangle(center - side / 2, side, side) for center in grid.centers]
    edges = [(0, 0, 0, 0) if there else (0.6, 0.6, 0.6, 1) for there in seen]
    panel.add_collection(
        PatchCollection(cells, facecolors=np.concatenate([rgb, alpha], axis=-1), edgecolors=edges, linewidths=0.8)
    )
    empty = int(np.count_nonzero(~seen))
    note = f"; {empty} never seen (hollow)" if empty else ""
    panel.set_title(f"{grid.size} bins, step {grid.step:.4g}, at L = {LIGHTNESS:g}{note}")


def _heat_map(panel, grid):
    import seaborn
    from matplotlib.colors import LogNorm

    share = 100 * np.array(grid.counts, "float64") / sum(grid.counts)
    cells = np.full(np.prod(grid.shape), np.nan)
    cells[np.array(grid.cells)] = np.where(share > 0, share, np.nan)
    mesh = panel.pcolormesh(
        *_edges(grid),
        cells.reshape(grid.shape),
        cmap=seaborn.color_palette("rocket_r", as_cmap=True),
        norm=LogNorm(np.nanmin(cells), max(np.nanmax(cells), 1.01 * np.nanmin(cells))),
    )
    panel.figure.colorbar(mesh, ax=panel, label="% of the pixels", shrink=0.85)
    fullest = np.sort(share)[::-1]
    half = int(np.searchsorted(np.cumsum(fullest), 50.0)) + 1
    panel.set_title(f"how often: half of the pixels are in {half} of the bins")


def _dress_plane(panel, grid):
    hull = gamut_outline()
    panel.plot(*hull.T, color="black", linewidth=1.0, linestyle=":", label="sRGB")
    panel.axhline(0, color=GRAY, linewidth=0.6, zorder=0)
    panel.axvline(0, color=GRAY, linewidth=0.6, zorder=0)
    kept = np.concatenate([grid.centers - grid.step / 2, grid.centers + grid.step / 2, hull])
    low, high = kept.min(axis=0) - 4, kept.max(axis=0) + 4
    panel.set(
        xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xlabel="a*  (green – red)", ylabel="b*  (blue – yellow)"
    )
    panel.legend(loc="lower left", framealpha=1.0, edgecolor="white")


def _edges(grid):
    rows, columns = grid.shape
    return tuple(start + grid.step * np.arange(n + 1) for start, n in zip(grid.origin, (columns, rows), strict=True))


def gamut_outline() -> np.ndarray:
    """Returns the closed outline of all ab that sRGB has: the colour circle along six edges of the cube.

    No part of the cube's surface lies outside it.

    Returns:
        Array ``(points, 2)``.
    """
    circle = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]], "float32")
    along = np.linspace(0, 1, 32, dtype="float32")[:, None]
    edges = np.concatenate([start + (end - start) * along for start, end in itertools.pairwise(circle)])
    return ops.convert_to_numpy(color.rgb_to_lab(edges))[:, 1:]
