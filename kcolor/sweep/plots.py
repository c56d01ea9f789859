"""The pictures of a sweep's report, as matplotlib figures; seaborn draws what has a regression line or a band."""

import numpy as np

from kcolor.sweep import results
from kcolor.sweep.sweep_file import Sweep, label

_GRAY = "#666666"
_BEST = "#d55e00"
WORDS = {
    "ratio": "weights of the discriminator over the generator's",
    "code_size": "code size, numbers",
    "parameters": "weights",
    "seconds": "training, seconds",
    "flops": "FLOPs a picture",
}


def figures(rows: list[dict], sweep: Sweep) -> dict:
    """All that can be drawn of some rows, by name: ``{name: (title, figure)}``."""
    done = results.finished(rows, sweep)
    found = {}
    for column in (sweep.optimize, _accuracy(done)):
        if column and column not in (None, *found) and _has(done, "code_size") and len({row["code_size"] for row in done}) > 1:
            found[f"code-size-{column}"] = (f"Code size and {words(column)}", code_size(done, column))
    for cost in ("parameters", "seconds"):
        if _has(done, cost) and len({row[cost] for row in done}) > 1:
            found[f"pareto-{cost}"] = (f"{WORDS[cost].capitalize()} and {words(sweep.optimize)}", front(done, cost, sweep))
    if len(done) > 1:
        found["importance"] = ("How much each axis matters", importance(done, sweep))
    if _has(done, "ratio"):
        found["ratio"] = (f"Who has how many weights, and {words(sweep.optimize)}", ratio(done, sweep))
    if any(row.get("losses") for row in rows):
        found["losses"] = ("Content and adversarial loss over the run", losses(rows, sweep))
    if any(row["curve"] for row in rows):
        found["curves"] = ("Learning curves", curves(rows, sweep))
    if len(done) > 1:
        found["effects"] = ("What each axis does", effects(done, sweep))
        found["parallel"] = ("Every trial across the axes", parallel(done, sweep))
    return found


def code_size(rows: list[dict], column: str):
    """Code size against a figure, with a regression line over the logarithm of the size."""
    import pandas
    import seaborn

    table = pandas.DataFrame({"size": np.log2([row["code_size"] for row in rows]), column: [row[column] for row in rows]})
    figure, axis = _axes()
    seaborn.regplot(table, x="size", y=column, ax=axis, seed=0, scatter_kws={"s": 36, "alpha": 0.8}, line_kws={"color": _BEST})
    ticks = sorted(set(np.round(table["size"]).astype(int)))
    axis.set_xticks(ticks, [f"{2**tick:,}" for tick in ticks])
    axis.set(xlabel=WORDS["code_size"], ylabel=words(column))
    axis.set_title(f"correlation {table['size'].corr(table[column]):.2f}", loc="right", fontsize=10, color=_GRAY)
    return figure


def front(rows: list[dict], cost: str, sweep: Sweep):
    """A cost against the value; the Pareto front is a line, and its trials have their numbers."""
    figure, axis = _axes()
    best = results.pareto(rows, cost, sweep)
    axis.scatter([row[cost] for row in rows], [row[sweep.optimize] for row in rows], s=36, alpha=0.7)
    axis.plot(
        [row[cost] for row in best], [row[sweep.optimize] for row in best], "o-", color=_BEST, label="none cheaper is better"
    )
    for row in best:
        axis.annotate(f"{row['trial']}", (row[cost], row[sweep.optimize]), (4, 6), textcoords="offset points", color=_BEST)
    costs = [row[cost] for row in rows]
    if min(costs) > 0 and max(costs) > 10 * min(costs):
        axis.set_xscale("log")
        axis.xaxis.set_major_formatter("{x:,.0f}")
        axis.xaxis.set_minor_formatter("")
    axis.set(xlabel=WORDS[cost], ylabel=words(sweep.optimize))
    axis.legend(frameon=False)
    return figure


def effects(rows: list[dict], sweep: Sweep):
    """For every axis, each of its values with the trials that had it: points, and their mean."""
    import seaborn

    across = min(4, len(sweep.axes))
    figure, panels = _axes(down=-(-len(sweep.axes) // across), across=across, sharey=True)
    panels = np.ravel(panels)
    for axis, panel in zip(sweep.axes, panels, strict=False):
        parts = [(name, [row[sweep.optimize] for row in part]) for name, part in results.groups(rows, axis)]
        names = [name for name, part in parts for _ in part]
        seaborn.stripplot(
            x=names, y=[value for _, part in parts for value in part], ax=panel, alpha=0.5, size=5, color="#0072b2"
        )
        means = [np.mean(part) if part else np.nan for _, part in parts]
        panel.plot(range(len(means)), means, "D-", color=_BEST, markersize=6, zorder=5)
        panel.set(xlabel=axis, ylabel=words(sweep.optimize))
    for panel in panels[len(sweep.axes) :]:
        panel.remove()
    return figure


def importance(rows: list[dict], sweep: Sweep):
    """The share of the variance that each axis explains, as bars."""
    share = sorted(results.importance(rows, sweep).items(), key=lambda item: item[1])
    figure, axis = _axes(height=0.45 * len(share) + 1.2)
    axis.barh([name for name, _ in share], [value for _, value in share], color="#0072b2")
    for place, (_, value) in enumerate(share):
        axis.text(value + 0.01, place, f"{100 * value:.0f} %", va="center", color=_GRAY)
    axis.set(xlim=(0, 1.12), xlabel=f"share of the variance of {words(sweep.optimize)} (η²)")
    axis.grid(visible=False, axis="y")
    return figure


def parallel(rows: list[dict], sweep: Sweep):
    """One line a trial across all axes to its value, which colours it; the best one is drawn thick."""
    import matplotlib

    axes = [*sweep.axes, sweep.optimize]
    figure, axis = _axes(width=1.5 + 1.6 * len(axes))
    heights = [*(_heights(rows, name) for name in sweep.axes), _along([row[sweep.optimize] for row in rows])]
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


def curves(rows: list[dict], sweep: Sweep):
    """The value after each epoch; the best five in colour, what failed or was pruned dashed."""
    import seaborn

    figure, axis = _axes()
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
    axis.set(xlabel="epoch", ylabel=words(sweep.optimize))
    if best:
        axis.legend(frameon=False)
    return figure


def losses(rows: list[dict], sweep: Sweep):
    """For every value of the first axis both losses of its trials, epoch by epoch: content as lines, adversarial dashed."""
    import seaborn

    parts = [(name, [row for row in part if row.get("losses")]) for name, part in results.groups(rows, sweep.axes[0])]
    across = min(3, len(parts))
    figure, panels = _axes(down=-(-len(parts) // across), across=across, sharex=True)
    panels = np.ravel(panels)
    for (name, part), panel in zip(parts, panels, strict=False):
        palette = seaborn.color_palette("colorblind", max(1, len(part)))
        for row, color in zip(part, palette, strict=True):
            others = ", ".join(f"{axis.rpartition('.')[2]} {label(row[axis])}" for axis in sweep.axes[1:])
            for loss, style in zip(results.LOSSES, ("-", "--"), strict=True):
                values = row["losses"].get(loss, [])
                text = others or f"trial {row['trial']}"
                panel.plot(range(1, len(values) + 1), values, style, color=color, label=text if style == "-" else None)
        panel.set_yscale("log")
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.set(title=f"{sweep.axes[0]} {name}", xlabel="epoch", ylabel="content, adversarial (dashed)")
        panel.legend(frameon=False, fontsize=8)
    for panel in panels[len(parts) :]:
        panel.remove()
    return figure


def ratio(rows: list[dict], sweep: Sweep):
    """The value of each trial by how many weights its two sides have; a colour for each value of the last axis."""
    import seaborn

    figure, axis = _axes()
    parts = results.groups(rows, sweep.axes[-1])
    for (name, part), color in zip(parts, seaborn.color_palette("colorblind", len(parts)), strict=True):
        line = sorted((row["ratio"], row[sweep.optimize]) for row in part)
        axis.plot(*zip(*line, strict=True), "o-", color=color, label=f"{sweep.axes[-1].rpartition('.')[2]} {name}")
    axis.set(xlabel=WORDS["ratio"], ylabel=words(sweep.optimize))
    axis.legend(frameon=False)
    return figure


def words(column: str) -> str:
    """A column's name for people."""
    return column.replace("val_", "validation ").replace("_", " ")


def _heights(rows, name):
    """Where each row's value lies between 0 and 1, and the marks beside the axis."""
    values = [row[name] for row in rows]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values) and len(set(values)) > 6:
        return _along(values)
    names = [name for name, _ in results.groups(rows, name)]
    place = {text: i / max(1, len(names) - 1) for i, text in enumerate(names)}
    return [place[str(label(value))] for value in values], [(height, text) for text, height in place.items()]


def _along(values):
    """Numbers in proportion."""
    low, high = min(values), max(values)
    heights = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    return heights, [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")]


def _accuracy(rows):
    return next((name for name in ("val_pixel_accuracy", "val_bin_accuracy") if _has(rows, name)), None)


def _has(rows, column):
    return bool(rows) and all(row.get(column) is not None for row in rows)


def _axes(down=1, across=1, *, width=6.4, height=4.2, **options):
    import matplotlib.figure
    import seaborn

    with seaborn.axes_style("whitegrid"):
        size = (width if across == 1 else 4.2 * across, height if down == 1 else 3.6 * down)
        figure = matplotlib.figure.Figure(figsize=size, layout="constrained")
        axes = figure.subplots(down, across, **options)
    for axis in np.ravel(axes):
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    return figure, axes
