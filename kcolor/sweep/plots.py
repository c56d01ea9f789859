"""The plots of a sweep's report, as matplotlib figures. Seaborn draws regression lines and bands."""

from typing import TYPE_CHECKING

import numpy as np

from kcolor.sweep import axis_plots, results
from kcolor.sweep.axis_values import label
from kcolor.sweep.plot_style import BEST, COST_NAMES, GRAY, new_figure, new_panels, readable
from kcolor.sweep.results import Row
from kcolor.sweep.sweep_file import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figures(rows: list[Row], sweep: Sweep) -> "dict[str, tuple[str, Figure]]":
    """Draws everything that some rows have the values for.

    Args:
        rows: List of dicts, from `kcolor.sweep.results.collect`.
        sweep: The sweep.

    Returns:
        A dict from a plot's name to its title and its figure.
    """
    done = results.finished(rows, sweep)
    found = {}
    for column in dict.fromkeys(column for column in (sweep.optimize, _accuracy(done)) if column):
        if _varies(done, "code_size"):
            found[f"code-size-{column}"] = (f"Code size and {readable(column)}", code_size(done, column))
    for cost in ("parameters", "seconds"):
        if _varies(done, cost):
            title = f"{COST_NAMES[cost].capitalize()} and {readable(sweep.optimize)}"
            found[f"pareto-{cost}"] = (title, pareto(done, cost, sweep))
    if len(done) > 1:
        found["importance"] = ("How much each axis matters", axis_plots.importance(done, sweep))
    if _has(done, "ratio"):
        found["ratio"] = (f"Who has how many weights, and {readable(sweep.optimize)}", ratio(done, sweep))
    if any(row.get("losses") for row in rows):
        found["losses"] = ("Content and adversarial loss over the run", losses(rows, sweep))
    if any(row["curve"] for row in rows):
        found["curves"] = ("Learning curves", curves(rows, sweep))
    if len(done) > 1:
        found["effects"] = ("What each axis does", axis_plots.effects(done, sweep))
        found["parallel"] = ("Every trial across the axes", axis_plots.parallel(done, sweep))
    return found


def code_size(rows: list[Row], column: str) -> "Figure":
    """Draws a column against the code size, with a regression line over the logarithm of the size.

    Args:
        rows: List of dicts. Finished trials.
        column: String. Name of the column, for instance ``"val_loss"``.

    Returns:
        A figure. Its title says how the two are correlated.
    """
    import pandas
    import seaborn

    table = pandas.DataFrame({"size": np.log2([row["code_size"] for row in rows]), column: [row[column] for row in rows]})
    figure, axis = new_figure()
    seaborn.regplot(table, x="size", y=column, ax=axis, seed=0, scatter_kws={"s": 36, "alpha": 0.8}, line_kws={"color": BEST})
    ticks = sorted(set(np.round(table["size"]).astype(int)))
    axis.set_xticks(ticks, [f"{2**tick:,}" for tick in ticks])
    axis.set(xlabel=COST_NAMES["code_size"], ylabel=readable(column))
    axis.set_title(f"correlation {table['size'].corr(table[column]):.2f}", loc="right", fontsize=10, color=GRAY)
    return figure


def pareto(rows: list[Row], cost: str, sweep: Sweep) -> "Figure":
    """Draws the optimized value against a cost. The Pareto front is a line with the numbers of its trials.

    Args:
        rows: List of dicts. Finished trials.
        cost: String. Name of the cost, one of `kcolor.sweep.results.COSTS`.
        sweep: The sweep.

    Returns:
        A figure.
    """
    figure, axis = new_figure()
    best = results.pareto(rows, cost, sweep)
    axis.scatter([row[cost] for row in rows], [row[sweep.optimize] for row in rows], s=36, alpha=0.7)
    front = ([row[cost] for row in best], [row[sweep.optimize] for row in best])
    axis.plot(*front, "o-", color=BEST, label="none cheaper is better")
    for row in best:
        axis.annotate(f"{row['trial']}", (row[cost], row[sweep.optimize]), (4, 6), textcoords="offset points", color=BEST)
    costs = [row[cost] for row in rows]
    if min(costs) > 0 and max(costs) > 10 * min(costs):
        axis.set_xscale("log")
        axis.xaxis.set_major_formatter("{x:,.0f}")
        axis.xaxis.set_minor_formatter("")
    axis.set(xlabel=COST_NAMES[cost], ylabel=readable(sweep.optimize))
    axis.legend(frameon=False)
    return figure


def curves(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws the optimized value after each epoch: the best five in colour, what failed or was pruned dashed.

    Args:
        rows: List of dicts, from `kcolor.sweep.results.collect`.
        sweep: The sweep.

    Returns:
        A figure.
    """
    import seaborn

    figure, axis = new_figure()
    best = [row["trial"] for row in results.finished(rows, sweep)[:5]]
    palette = dict(zip(best, seaborn.color_palette("colorblind", len(best)), strict=True))
    for row in sorted(rows, key=lambda row: best.index(row["trial"]) if row["trial"] in best else -1):
        color = palette.get(row["trial"], "#bbbbbb")
        style = "-" if row["state"] in ("complete", "running") else "--"
        name = f"trial {row['trial']}" if row["trial"] in palette else None
        axis.plot(range(1, len(row["curve"]) + 1), row["curve"], style, color=color, linewidth=1.6, label=name)
    values = [value for row in rows for value in row["curve"][1:]]
    if values and min(values) > 0 and max(values) / min(values) > 20:
        axis.set_yscale("log")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.set(xlabel="epoch", ylabel=readable(sweep.optimize))
    if best:
        axis.legend(frameon=False)
    return figure


def losses(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws both losses of adversarial training over the epochs: content as lines, adversarial dashed.

    Args:
        rows: List of dicts, from `kcolor.sweep.results.collect`. Rows without these losses are left out.
        sweep: The sweep.

    Returns:
        A figure with a panel for each value of the first axis.
    """
    import seaborn

    parts = [(name, [row for row in part if row.get("losses")]) for name, part in results.groups(rows, sweep.axes[0])]
    figure, panels = new_panels(len(parts), across=3, sharex=True)
    for (name, part), panel in zip(parts, panels, strict=True):
        palette = seaborn.color_palette("colorblind", max(1, len(part)))
        for row, color in zip(part, palette, strict=False):
            others = ", ".join(f"{axis.rpartition('.')[2]} {label(row[axis])}" for axis in sweep.axes[1:])
            for loss, style in zip(results.LOSSES, ("-", "--"), strict=True):
                values = row["losses"].get(loss, [])
                text = others or f"trial {row['trial']}"
                panel.plot(range(1, len(values) + 1), values, style, color=color, label=text if style == "-" else None)
        panel.set_yscale("log")
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.set(title=f"{sweep.axes[0]} {name}", xlabel="epoch", ylabel="content, adversarial (dashed)")
        if part:
            panel.legend(frameon=False, fontsize=8)
    return figure


def ratio(rows: list[Row], sweep: Sweep) -> "Figure":
    """Draws the optimized value against the discriminator's weights over the generator's.

    Args:
        rows: List of dicts. Finished trials.
        sweep: The sweep.

    Returns:
        A figure with a line for each value of the last axis.
    """
    import seaborn

    figure, axis = new_figure()
    parts = results.groups(rows, sweep.axes[-1])
    for (name, part), color in zip(parts, seaborn.color_palette("colorblind", len(parts)), strict=True):
        line = sorted((row["ratio"], row[sweep.optimize]) for row in part)
        axis.plot(*zip(*line, strict=True), "o-", color=color, label=f"{sweep.axes[-1].rpartition('.')[2]} {name}")
    axis.set(xlabel=COST_NAMES["ratio"], ylabel=readable(sweep.optimize))
    axis.legend(frameon=False)
    return figure


def _accuracy(rows):
    return next((name for name in ("val_pixel_accuracy", "val_bin_accuracy") if _has(rows, name)), None)


def _has(rows, column):
    return bool(rows) and all(row.get(column) is not None for row in rows)


def _varies(rows, column):
    return _has(rows, column) and len({row[column] for row in rows}) > 1
