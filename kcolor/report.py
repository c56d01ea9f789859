"""Report: pictures of a training and of a grid of bins, as matplotlib figures, and sheets of photos and results.

matplotlib and seaborn are imported where they are used, so that kcolor works without them. Figures are made directly rather
than with pyplot: nothing of the user's own matplotlib is changed, and nothing needs a screen.
"""

import itertools
import pathlib

import numpy as np
from keras import ops
from PIL import Image

from kcolor import bins, color, files, histories
from kcolor.sheet import contact_sheet

SUFFIXES = (".png", ".svg", ".pdf")
LIGHTNESS = 60.0  # at which bins are painted

_COLUMNS = 3  # panels in a row
_GRAY = "#666666"
_BETWEEN = (0, (2, 4))  # of lines between two phases


# Training


def loss_curves(history):
    """Draws a training's history, one panel a quantity, the loss first: training dashed, validation solid, best epoch marked,
    and a thin line where the next phase begins.

    Args:
        history: path of a ``history.csv`` (columns epoch, loss, val_loss, any metric and val_metric, learning_rate, seconds);
            or a list of dicts, one an epoch; or a dict of columns (as Keras's ``History.history``); or a mapping from names to
            such histories, to compare runs.

    Returns:
        A ``matplotlib.figure.Figure``.
    """
    import matplotlib.figure
    import seaborn

    runs = histories.read(history)
    panels = histories.quantities(runs.values())
    across = 2 if len(panels) in (2, 4) else min(_COLUMNS, len(panels))
    down = -(-len(panels) // across)
    with seaborn.axes_style("whitegrid"):
        figure = matplotlib.figure.Figure(figsize=(4.4 * across + 0.4, 3.2 * down + 0.9), layout="constrained")
        axes = np.ravel(figure.subplots(down, across, squeeze=False))
    palette = seaborn.color_palette("colorblind", len(runs))
    for panel, axis in zip(panels, axes, strict=False):
        for run, paint in zip(runs.values(), palette, strict=True):
            _draw_run(axis, panel, run, paint)
        _dress(axis, panel)
    for axis in axes[len(panels) :]:
        axis.remove()
    _legend(figure, runs, palette, columns=2 if across == 1 else 4)
    return figure


def _draw_run(axis, panel, run, paint):
    validation = f"val_{panel}"
    # What is not measured on both, as the learning rate, is solid.
    if panel in run:
        axis.plot(run["epoch"], run[panel], "--" if validation in run else "-", color=paint, linewidth=1.8)
    if validation in run:
        axis.plot(run["epoch"], run[validation], "-", color=paint, linewidth=1.8)
    if (average := panel + histories.AVERAGE) in run:
        axis.plot(run["epoch"], run[average], ":", color=paint, linewidth=1.8)
    best, column = histories.best_epoch(run), validation if validation in run else panel
    if best is not None and column in run:
        axis.plot(run["epoch"][best], run[column][best], "o", color=paint, markersize=7, markeredgecolor="white", zorder=5)
    for last in np.flatnonzero(np.diff(run.get("phase", ()))):
        axis.axvline(run["epoch"][last] + 0.5, color=_GRAY, linewidth=0.8, linestyle=_BETWEEN)


def _dress(axis, panel):
    axis.set_title(panel.replace("_", " "), fontsize=12, loc="left", fontweight="bold")
    axis.set_xlabel("epoch", color=_GRAY)
    axis.xaxis.get_major_locator().set_params(integer=True)
    if panel == "learning_rate":
        axis.set_yscale("log")
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _legend(figure, runs, palette, columns):
    from matplotlib.lines import Line2D

    gray = {"color": _GRAY, "linewidth": 1.8}
    handles = [Line2D([], [], color=paint, linewidth=4, label=name) for name, paint in zip(runs, palette, strict=True) if name]
    if any(name.startswith("val_") for run in runs.values() for name in run):
        handles += [Line2D([], [], linestyle="--", label="training", **gray), Line2D([], [], label="validation", **gray)]
    if any(name.endswith(histories.AVERAGE) for run in runs.values() for name in run):
        handles.append(Line2D([], [], linestyle=":", label="training, moving average", **gray))
    if any("phase" in run for run in runs.values()):
        handles.append(Line2D([], [], color=_GRAY, linewidth=0.8, linestyle=_BETWEEN, label="next phase"))
    handles.append(Line2D([], [], marker="o", linestyle="", markersize=7, color=_GRAY, label="epoch of the least loss"))
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False)


# Bins


def bin_occupancy(grid):
    """Draws a grid of bins in the ab plane: each cell in its own colour, and beside it how often each occurs.

    Cells whose bin was never seen are hollow. Cells that are no bins (outside the gamut, or not frequent enough) are left out.

    Args:
        grid: a `kcolor.bins.Grid`, or a target of bins.

    Returns:
        A ``matplotlib.figure.Figure``: one panel, or two if the grid was measured.
    """
    import matplotlib.figure
    import seaborn

    grid = grid if isinstance(grid, bins.Grid) else getattr(grid, "table", grid)
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
    hull = _gamut_outline()
    panel.plot(*hull.T, color="black", linewidth=1.0, linestyle=":", label="sRGB")
    panel.axhline(0, color=_GRAY, linewidth=0.6, zorder=0)
    panel.axvline(0, color=_GRAY, linewidth=0.6, zorder=0)
    kept = np.concatenate([grid.centers - grid.step / 2, grid.centers + grid.step / 2, hull])
    low, high = kept.min(axis=0) - 4, kept.max(axis=0) + 4
    panel.set(
        xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xlabel="a*  (green – red)", ylabel="b*  (blue – yellow)"
    )
    panel.legend(loc="lower left", framealpha=1.0, edgecolor="white")


def _edges(grid):
    rows, columns = grid.shape
    return tuple(start + grid.step * np.arange(n + 1) for start, n in zip(grid.origin, (columns, rows), strict=True))


def _gamut_outline():
    """The outline of all ab that sRGB has, closed, ``(points, 2)``: the colour circle, along six edges of the cube.

    (None of the cube's surface lies outside it.)
    """
    circle = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]], "float32")
    along = np.linspace(0, 1, 32, dtype="float32")[:, None]
    edges = np.concatenate([start + (end - start) * along for start, end in itertools.pairwise(circle)])
    return ops.convert_to_numpy(color.rgb_to_lab(edges))[:, 1:]


# Sheets


def grids(originals, results, *, side: int = 3, height: int = 128) -> Image.Image:
    """A square of originals beside a square of results (3×3 each, as system B did).

    Args:
        originals: uint8 photos ``(h, w, 3)``, at most side²; fewer leave the last row short.
        results: as many.
        side: pictures in a row of either.
        height: of a picture.

    Returns:
        A Pillow image.
    """
    _check_alike(originals=originals, results=results)
    if len(originals) > side * side:
        raise ValueError(f"Expected at most {side * side} pictures for grids of {side}×{side}. Received: {len(originals)}")
    left, right = (
        contact_sheet([list(pictures[i : i + side]) for i in range(0, len(pictures), side)], height=height)
        for pictures in (originals, results)
    )
    gap = height // 4
    both = Image.new("RGB", (left.width + gap + right.width, max(left.height, right.height)), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + gap, 0))
    return both


def rows(photos, grays, results, *, captions=(), height: int = 128) -> Image.Image:
    """Rows of photo, grey picture and result.

    Args:
        photos: uint8 photos ``(h, w, 3)``.
        grays: as many, as the network saw them.
        results: as many.
        captions: for each row three texts, or nothing.
        height: of a picture.

    Returns:
        A Pillow image.
    """
    _check_alike(photos=photos, grays=grays, results=results)
    pictures = [list(row) for row in zip(photos, grays, results, strict=True)]
    return contact_sheet(pictures, ["photo", "grey", "result"], captions, height)


def _check_alike(**pictures):
    counts = {name: len(some) for name, some in pictures.items()}
    if len(set(counts.values())) > 1 or not min(counts.values()):
        raise ValueError(f"Expected as many of each, and at least one picture. Received: {counts}")


# Files


def save(figure, path) -> None:
    """Writes a matplotlib figure or a Pillow image, whole or not at all.

    Args:
        figure: what a function here returned.
        path: where; its suffix says how: .png, .svg or .pdf (a Pillow image has no .svg).
    """
    path = pathlib.Path(path)
    is_image = isinstance(figure, Image.Image)
    known = [suffix for suffix in SUFFIXES if not (is_image and suffix == ".svg")]
    if path.suffix.lower() not in known:
        raise ValueError(f"Expected a file name that ends in one of {known}. Received: {str(path)!r}")
    files.write_whole(path, figure.save if is_image else lambda half: figure.savefig(half, dpi=144))
