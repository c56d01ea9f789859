"""What came out of a sweep, as rows of plain values: from the book alone, so that it can be shown without training anything."""

import csv
import io
import itertools
import json
import math
import pathlib

import numpy as np

from kcolor.sweep import study as book
from kcolor.sweep.sweep_file import Sweep, label
from kcolor.utils.files import write_text

COSTS = ("parameters", "ratio", "code_size", "flops", "seconds")  # ratio: the discriminator's weights over the network's
LOSSES = ("content", "adversarial")  # of both sides of an adversarial training, kept for every epoch


def collect(study, sweep: Sweep) -> list[dict]:
    """A row a trial that ended or runs: number, state, the axes' values, the value, the best epoch's figures, what it costs.

    Args:
        study: from `kcolor.sweep.book.open_book`.
        sweep: the same.

    Returns:
        Rows in the order of their numbers; ``curve`` has the value after each epoch.
    """
    rows = []
    for trial in book.trials(study):
        if trial.state == book.States.WAITING or "point" not in trial.user_attrs:
            continue
        known = trial.user_attrs
        rows.append(
            {
                "trial": trial.number,
                "state": trial.state.name.lower(),
                **known["point"],
                sweep.optimize: trial.value if trial.state == book.States.COMPLETE else None,
                **{name: known.get(name) for name in ("best_epoch", *COSTS)},
                **{name: value for name, value in known.get("figures", {}).items() if name != sweep.optimize},
                "error": known.get("error"),
                "losses": known.get("losses"),
                "curve": [trial.intermediate_values[epoch] for epoch in sorted(trial.intermediate_values)],
            }
        )
    return rows


def finished(rows: list[dict], sweep: Sweep) -> list[dict]:
    """Those that were trained to the end, the best first."""
    done = [row for row in rows if row["state"] == "complete"]
    return sorted(done, key=lambda row: row[sweep.optimize], reverse=sweep.direction == "maximize")


def write(rows: list[dict], folder) -> None:
    """Writes results.csv (without curves) and results.json."""
    text = io.StringIO()
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in ("curve", "error", "losses")]
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: label(value) for name, value in row.items()} for row in rows)
    write_text(pathlib.Path(folder) / "results.csv", text.getvalue())
    write_text(pathlib.Path(folder) / "results.json", json.dumps(rows, indent=1) + "\n")


def groups(rows: list[dict], axis: str, most: int = 6) -> list[tuple[str, list[dict]]]:
    """Rows by their value on an axis, in order; numbers of a search, of which no two are alike, by quarters."""
    values = {label(row[axis]) for row in rows}
    if len(values) > most and all(isinstance(value, (int, float)) for value in values):
        edges = np.quantile([row[axis] for row in rows], (0, 0.25, 0.5, 0.75, 1))
        place = np.searchsorted(edges[1:-1], [row[axis] for row in rows], side="right")
        names = [f"{low:.3g} to {high:.3g}" for low, high in itertools.pairwise(edges)]
        return [(name, [row for row, at in zip(rows, place, strict=True) if at == i]) for i, name in enumerate(names)]
    ordered = sorted(
        {value: row[axis] for row in rows for value in [label(row[axis])]}.items(), key=lambda item: _rank(item[1])
    )
    return [(str(value), [row for row in rows if label(row[axis]) == value]) for value, _ in ordered]


def _rank(value):
    """Numbers, then lists by their numbers, then words."""
    kinds = [isinstance(value, (int, float)), isinstance(value, list)]
    return (kinds.index(True), value, "") if any(kinds) else (2, 0, str(value))


def importance(rows: list[dict], sweep: Sweep) -> dict[str, float]:
    """The share of the value's variance that each axis explains alone (η²): 0 nothing, 1 all. In a full grid they add up to the
    part that is not interplay; in a search they may overlap.
    """
    values = np.array([row[sweep.optimize] for row in rows], "float64")
    total = float(np.square(values - values.mean()).sum())
    found = {}
    for axis in sweep.axes:
        parts = [np.array([row[sweep.optimize] for row in part]) for _, part in groups(rows, axis) if part]
        between = sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts)
        found[axis] = float(between / total) if total > 0 else 0.0
    return found


def pareto(rows: list[dict], cost: str, sweep: Sweep) -> list[dict]:
    """Those than which none is both cheaper and better, from the cheapest on."""
    sign = -1 if sweep.direction == "maximize" else 1
    front, best = [], math.inf
    for row in sorted(rows, key=lambda row: (row[cost], sign * row[sweep.optimize])):
        if sign * row[sweep.optimize] < best:
            best = sign * row[sweep.optimize]
            front.append(row)
    return front
