"""Draws loss and metric curves of training runs, as matplotlib figures.

matplotlib and seaborn are imported where they are used, so that kcolor works without them. Figures are made directly rather
than with pyplot: nothing of the user's own matplotlib is changed, and nothing needs a screen.
"""

import pathlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from kcolor.training import history as histories
from kcolor.utils.figures import GRAY
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 3  # panels in a row
_BETWEEN = (0, (2, 4))  # matplotlib's dash pattern of the line where a phase begins


def loss_curves(history: histories.History | Mapping[str, histories.History]) -> "Figure":
    """Draws the history of a training, one panel a quantity, the loss first.

    Training is dashed, validation solid. The best epoch is marked, and a thin line shows where the next phase begins.

    Args:
        history: What `kcolor.training.history.read` takes: the path of a ``history.csv``, a list of dicts, or a dict of
            columns. Or a mapping from names to such histories, to compare runs.

    Returns:
        A ``matplotlib.figure.Figure``.
    """
    import matplotlib.figure
    import seaborn

    runs = histories.read_several(history)
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


def curves(folders: Iterable[PathLike]) -> "Figure":
    """Draws how one run went, or several in one picture, also while they are being trained: see `loss_curves`.

    Args:
        folders: Paths of the runs' folders.

    Returns:
        A ``matplotlib.figure.Figure``.

    Raises:
        ValueError: If a folder has no ``history.csv``.
    """
    paths = {str(folder): pathlib.Path(folder) / "history.csv" for folder in folders}
    if missing := ", ".join(str(path) for path in paths.values() if not path.is_file()):
        raise ValueError(f"Expected folders of runs, which have a history.csv from their first epoch on. Not there: {missing}")
    names = [path.parent.resolve().name for path in paths.values()]
    short = len(set(names)) == len(names)
    return loss_curves(dict(zip(names if short else paths, paths.values(), strict=True)))


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
        axis.axvline(run["epoch"][last] + 0.5, color=GRAY, linewidth=0.8, linestyle=_BETWEEN)


def _dress(axis, panel):
    axis.set_title(panel.replace("_", " "), fontsize=12, loc="left", fontweight="bold")
    axis.set_xlabel("epoch", color=GRAY)
    axis.xaxis.get_major_locator().set_params(integer=True)
    if panel == "learning_rate" and any(np.greater(line.get_ydata(), 0).any() for line in axis.get_lines()):
        axis.set_yscale("log")  # of zeros alone there is no logarithm
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _legend(figure, runs, palette, columns):
    from matplotlib.lines import Line2D

    gray = {"color": GRAY, "linewidth": 1.8}
    handles = [Line2D([], [], color=paint, linewidth=4, label=name) for name, paint in zip(runs, palette, strict=True) if name]
    if any(name.startswith("val_") for run in runs.values() for name in run):
        handles += [Line2D([], [], linestyle="--", label="training", **gray), Line2D([], [], label="validation", **gray)]
    if any(name.endswith(histories.AVERAGE) for run in runs.values() for name in run):
        handles.append(Line2D([], [], linestyle=":", label="training, moving average", **gray))
    if any("phase" in run for run in runs.values()):
        handles.append(Line2D([], [], color=GRAY, linewidth=0.8, linestyle=_BETWEEN, label="next phase"))
    handles.append(Line2D([], [], marker="o", linestyle="", markersize=7, color=GRAY, label="epoch of the least loss"))
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False)
