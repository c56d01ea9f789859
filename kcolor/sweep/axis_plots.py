"""Plots of what each axis of a sweep does: its values, its importance, all axes side by side."""

from typing import TYPE_CHECKING

import numpy as np

from kcolor.sweep import results
from kcolor.sweep.axis_values import label
from kcolor.sweep.plot_style import BEST, BLUE, GRAY, new_figure, new_panels, readable
from kcolor.sweep.results import Row
from kcolor.sweep.sweep_file import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def effects(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws for each axis its values with the trials that had them: the trials as points, their mean as a line.

    Args:
        rows: List of dicts. Finished trials.
        sweep: The sweep.

    Returns:
        A figure with a panel for each axis.
    """
    import seaborn

    figure, panels = new_panels(len(sweep.axes), across=4, sharey=True)
    for axis, panel in zip(sweep.axes, panels, strict=True):
        parts = [(name, [row[sweep.optimize] for row in part]) for name, part in results.groups(rows, axis)]
        names = [name for name, part in parts for _ in part]
        values = [value for _, part in parts for value in part]
        seaborn.stripplot(x=names, y=values, ax=panel, alpha=0.5, size=5, color=BLUE)
        means = [np.mean(part) if part else np.nan for _, part in parts]
        panel.plot(range(len(means)), means, "D-", color=BEST, markersize=6, zorder=5)
        panel.set(xlabel=axis, ylabel=readable(sweep.optimize))
    return figure


def importance(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws the share of the variance that each axis explains, as bars.

    Args:
        rows: List of dicts. Finished trials.
        sweep: The sweep.

    Returns:
        A figure.
    """
    share = sorted(results.importance(rows, sweep).items(), key=lambda item: item[1])
    figure, axis = new_figure(height=0.45 * len(share) + 1.2)
    axis.barh([name for name, _ in share], [value for _, value in share], color=BLUE)
    for place, (_, value) in enumerate(share):
        axis.text(value + 0.01, place, f"{100 * value:.0f} %", va="center", color=GRAY)
    axis.set(xlim=(0, 1.12), xlabel=f"share of the variance of {readable(sweep.optimize)} (η²)")
    axis.grid(visible=False, axis="y")
    return figure


def parallel(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws each trial as a line across all axes to its optimized value, which gives the colour. The best line is thick.

    Args:
        rows: List of dicts. Finished trials, the best first.
        sweep: The sweep.

    Returns:
        A figure.
    """
    import matplotlib

    axes = [*sweep.axes, sweep.optimize]
    figure, axis = new_figure(width=1.5 + 1.6 * len(axes))
    heights = [*(_heights(rows, name) for name in sweep.axes), _in_proportion([row[sweep.optimize] for row in rows])]
    colors = matplotlib.colormaps["viridis"](heights[-1][0])
    for place, color in reversed(list(zip(range(len(rows)), colors, strict=True))):
        line = [found[place] for found, _ in heights]
        axis.plot(range(len(axes)), line, color=color, linewidth=3.5 if place == 0 else 1.2, alpha=1 if place == 0 else 0.55)
    for place, (_, ticks) in enumerate(heights):
        for height, text in ticks:
            axis.text(place + 0.03, height, text, fontsize=8, color="black", bbox={"facecolor": "white", "alpha": 0.7, "lw": 0})
    axis.set_xticks(range(len(axes)), [name.replace(".", ".\n") for name in axes])
    axis.set_yticks([])
    return figure


def _heights(rows, name):
    """Returns each row's height in [0, 1] on an axis, and the axis's labels as (height, text)."""
    values = [row[name] for row in rows]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values) and len(set(values)) > 6:
        return _in_proportion(values)
    names = [name for name, _ in results.groups(rows, name)]
    place = {text: i / max(1, len(names) - 1) for i, text in enumerate(names)}
    return [place[str(label(value))] for value in values], [(height, text) for text, height in place.items()]


def _in_proportion(values):
    low, high = min(values), max(values)
    heights = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    return heights, [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")]
