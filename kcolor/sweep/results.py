"""The results of a sweep as rows of plain values. They come from the study alone: nothing is trained to show them."""

import csv
import io
import itertools
import json
import math
import pathlib
from typing import Any

import numpy as np
import optuna

from kcolor.sweep.axis_values import label
from kcolor.sweep.study import States, trials
from kcolor.sweep.sweep_file import Sweep
from kcolor.utils.files import write_text
from kcolor.utils.types import PathLike

Row = dict[str, Any]

COSTS = ("parameters", "ratio", "code_size", "flops", "seconds")  # ratio: weights of the discriminator over the network's
LOSSES = ("content", "adversarial")  # the two losses of adversarial training, kept for every epoch


def collect(study: optuna.Study, sweep: Sweep) -> list[Row]:
    """Returns a row for each trial that runs or has ended.

    Args:
        study: The sweep's study, from `kcolor.sweep.study.open_study`.
        sweep: The sweep.

    Returns:
        A list of dicts, in the order of the trials' numbers. Each has "trial" (its number), "state", its value on each axis,
        the optimized value, the metrics of its best epoch, its costs, and "curve": the optimized value after each epoch.
    """
    return [_row(trial, sweep) for trial in trials(study) if trial.state != States.WAITING and "point" in trial.user_attrs]


def _row(trial, sweep):
    known = trial.user_attrs
    return {
        "trial": trial.number,
        "state": trial.state.name.lower(),
        **known["point"],
        sweep.optimize: trial.value if trial.state == States.COMPLETE else None,
        **{name: known.get(name) for name in ("best_epoch", *COSTS)},
        **{name: value for name, value in known.get("figures", {}).items() if name != sweep.optimize},
        "error": known.get("error"),
        "losses": known.get("losses"),
        "curve": [trial.intermediate_values[epoch] for epoch in sorted(trial.intermediate_values)],
    }


def finished(rows: list[Row], sweep: Sweep) -> list[Row]:
    """Returns the trials that were trained to the end, the best first."""
    done = [row for row in rows if row["state"] == "complete"]
    return sorted(done, key=lambda row: row[sweep.optimize], reverse=sweep.direction == "maximize")


def write(rows: list[Row], folder: PathLike) -> None:
    """Writes results.csv (without the curves) and results.json.

    Args:
        rows: List of dicts, from `collect`.
        folder: Path of the folder to write to.
    """
    text = io.StringIO()
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in ("curve", "error", "losses")]
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: label(value) for name, value in row.items()} for row in rows)
    write_text(pathlib.Path(folder) / "results.csv", text.getvalue())
    write_text(pathlib.Path(folder) / "results.json", json.dumps(_plain(rows), indent=1) + "\n")


def _plain(value):
    """What JSON can say: it knows no NaN."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def groups(rows: list[Row], axis: str, most: int = 6) -> list[tuple[str, list[Row]]]:
    """Groups rows by their value on an axis.

    Args:
        rows: List of dicts, from `collect`.
        axis: String. Name of the axis.
        most: Integer. If the axis has more different values than this, and all are numbers, they are grouped by quarters.
            This is the case in a search, where no two trials have the same number.

    Returns:
        A list of (name of the value, its rows), in the order of the values.

    >>> from kcolor.sweep.results import groups
    >>> groups([{"model.dropout": 0.5}, {"model.dropout": 0.0}, {"model.dropout": 0.5}], "model.dropout")
    [('0.0', [{'model.dropout': 0.0}]), ('0.5', [{'model.dropout': 0.5}, {'model.dropout': 0.5}])]
    """
    values = {label(row[axis]) for row in rows}
    if len(values) > most and all(isinstance(value, (int, float)) for value in values):
        return _quarters(rows, axis)
    examples = {value: row[axis] for row in rows for value in [label(row[axis])]}
    ordered = sorted(examples.items(), key=lambda item: _rank(item[1]))
    return [(str(value), [row for row in rows if label(row[axis]) == value]) for value, _ in ordered]


def _quarters(rows, axis):
    edges = np.quantile([row[axis] for row in rows], (0, 0.25, 0.5, 0.75, 1))
    quarter = np.searchsorted(edges[1:-1], [row[axis] for row in rows], side="right")
    names = [f"{low:.3g} to {high:.3g}" for low, high in itertools.pairwise(edges)]
    return [(name, [row for row, at in zip(rows, quarter, strict=True) if at == i]) for i, name in enumerate(names)]


def _rank(value):
    """Orders numbers before lists of numbers, and both before words."""
    kinds = [isinstance(value, (int, float)), isinstance(value, list)]
    return (kinds.index(True), value, "") if any(kinds) else (2, 0, str(value))


def importance(rows: list[Row], sweep: Sweep) -> dict[str, float]:
    """Returns how much of the variance of the optimized value each axis explains alone (η²).

    In a full grid the shares add up to at most 1; the rest is interaction of axes. In a search they may overlap.

    Args:
        rows: List of dicts. Finished trials.
        sweep: The sweep.

    Returns:
        A dict from the axis's name to its share in [0, 1].
    """
    values = np.array([row[sweep.optimize] for row in rows], "float64")
    total = float(np.square(values - values.mean()).sum())
    found = {}
    for axis in sweep.axes:
        parts = [np.array([row[sweep.optimize] for row in part]) for _, part in groups(rows, axis) if part]
        between = sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts)
        found[axis] = float(between / total) if total > 0 else 0.0
    return found


def pareto(rows: list[Row], cost: str, sweep: Sweep) -> list[Row]:
    """Returns the Pareto front, the cheapest trial first: the trials for which no other is both cheaper and better.

    Args:
        rows: List of dicts. Finished trials.
        cost: String. Name of a cost, one of `COSTS`.
        sweep: The sweep.

    Returns:
        A list of rows.

    >>> from kcolor.sweep.results import pareto
    >>> sweep = kcolor.sweep.Sweep("sizes", "bins-shapes", grid={"model.filters": [[8], [16], [32]]})
    >>> rows = [{"parameters": 10, "val_loss": 3.0}, {"parameters": 20, "val_loss": 5.0}, {"parameters": 30, "val_loss": 1.0}]
    >>> [row["parameters"] for row in pareto(rows, "parameters", sweep)]
    [10, 30]
    """
    sign = -1 if sweep.direction == "maximize" else 1
    front, best = [], math.inf
    for row in sorted(rows, key=lambda row: (row[cost], sign * row[sweep.optimize])):
        if sign * row[sweep.optimize] < best:
            best = sign * row[sweep.optimize]
            front.append(row)
    return front
