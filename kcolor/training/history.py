"""Histories: what a training wrote down, from a file or from memory, as columns of numbers."""

import csv
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

NO_QUANTITY = ("epoch", "phase", "seconds")  # columns that say when, and not how good
AVERAGE = "_average"  # what the column of a moving average ends with
MEMORY = 0.8  # how much of it stays from one epoch to the next: it follows about the last five


def read(history) -> dict[str, dict[str, np.ndarray]]:
    """One history or several, in any form.

    Args:
        history: path of a ``history.csv`` (columns epoch, loss, val_loss, any metric and val_metric, learning_rate, seconds);
            or a list of dicts, one an epoch; or a dict of columns (as Keras's ``History.history``); or a mapping from names to
            any of these.

    Returns:
        By name (``""`` for a single one) a dict of float columns ``(epochs,)`` with "epoch" among them (from 1 on if there was
        none); NaN where nothing was written.
    """
    named = history if _is_several(history) else {"": history}
    return {name: _columns(run) for name, run in named.items()}


def quantities(runs: Iterable[Mapping]) -> list[str]:
    """The quantities of some runs, without ``val_``, once each: the loss first, the learning rate last."""
    names = dict.fromkeys(name.removeprefix("val_") for run in runs for name in run if _is_quantity(name))
    if not names:
        raise ValueError(f"Expected a history with a quantity beside {NO_QUANTITY}. Received none")
    return sorted(names, key=lambda name: (name != "loss", name == "learning_rate"))


def moving_averages(values: Mapping[str, float], before: Mapping[str, float] | None) -> dict[str, float]:
    """An epoch's values, each averaged with those before it.

    Args:
        values: by name.
        before: the row of the epoch before, with its averages; None for the first epoch.

    Returns:
        By the names with `AVERAGE` at their end.
    """
    before = before or {}
    last = {name: before.get(name + AVERAGE, value) for name, value in values.items()}
    return {name + AVERAGE: MEMORY * last[name] + (1 - MEMORY) * value for name, value in values.items()}


def best_epoch(run: Mapping) -> int | None:
    """The row of the epoch with the least validation loss, or training loss where there is none; None without either.

    Beside a discriminator it is the content's loss that counts: the other one also falls while the discriminator gets worse.
    """
    loss = run.get("val_content", run.get("val_loss", run.get("loss")))
    return None if loss is None or np.isnan(loss).all() else int(np.nanargmin(loss))


def _is_quantity(name):
    return name not in NO_QUANTITY and not name.endswith(AVERAGE)


def _is_several(history):
    return isinstance(history, Mapping) and len(history) > 0 and all(map(_is_history, history.values()))


def _is_history(value):
    rows = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0 and isinstance(value[0], Mapping)
    return rows or isinstance(value, (str, os.PathLike, Mapping))


def _columns(run):
    given = run
    if isinstance(run, (str, os.PathLike)):
        with open(pathlib.Path(run), newline="", encoding="utf-8") as file:
            run = list(csv.DictReader(file))
    if not isinstance(run, Mapping):
        rows = list(run)
        run = {name: [row.get(name) for row in rows] for row in rows for name in row}
    try:
        columns = {name: np.array([np.nan if v is None or v == "" else v for v in run[name]], "float64") for name in run}
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Expected a history of numbers, one column a quantity. Received columns {list(run)}: {error}"
        ) from None
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(
            f"Expected a history of at least one epoch, with columns of one length. Received: {lengths or given!r}"
        )
    columns.setdefault("epoch", np.arange(1.0, len(next(iter(columns.values()))) + 1))
    return columns
