"""Histories: the losses and metrics of every epoch, from a file or from memory, as columns of numbers."""

import csv
import io
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from kcolor.utils.types import PathLike

History: TypeAlias = PathLike | Mapping[str, Any] | Sequence[Mapping[str, Any]]
Columns: TypeAlias = dict[str, np.ndarray]

NO_QUANTITY = ("epoch", "phase", "seconds")  # columns that say when, and not how good
AVERAGE = "_average"  # what the column of a moving average ends with
MEMORY = 0.8  # how much of it stays from one epoch to the next: it follows about the last five


def read(history: History) -> Columns:
    """Reads one history, in any form.

    >>> from kcolor.training import history
    >>> {name: values.tolist() for name, values in history.read([{"loss": 2.0}, {"loss": 1.5}]).items()}
    {'loss': [2.0, 1.5], 'epoch': [1.0, 2.0]}

    Args:
        history: Path of a ``history.csv`` (columns epoch, loss, val_loss, any metric and val_metric, learning_rate, seconds);
            or a list of dicts, one an epoch; or a dict of columns, as Keras's ``History.history``.

    Returns:
        Dict of float columns ``(epochs,)`` with "epoch" among them (from 1 on if there was none); NaN where nothing was
        written.
    """
    given = history
    if isinstance(history, (str, os.PathLike)):
        try:
            with open(pathlib.Path(history), newline="", encoding="utf-8") as file:
                history = list(csv.DictReader(file))
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(f"Expected {given} as a history.csv of a run. {error}") from None
        if any(None in row for row in history):
            raise ValueError(f"Expected {given} as a history.csv of a run. Some of its rows are longer than the first one")
    if not isinstance(history, Mapping):
        rows = list(history)
        history = {name: [row.get(name) for row in rows] for row in rows for name in row}
    try:
        columns = {
            name: np.array([np.nan if value is None or value == "" else value for value in values], "float64")
            for name, values in history.items()
        }
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Expected a history of numbers, one column a quantity. Received columns {list(history)}: {error}"
        ) from None
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(
            f"Expected a history of at least one epoch, with columns of one length. Received: {lengths or given!r}"
        )
    columns.setdefault("epoch", np.arange(1.0, len(next(iter(columns.values()))) + 1))
    return columns


def read_several(histories: History | Mapping[str, History]) -> dict[str, Columns]:
    """Reads several histories, or a single one, as `read` does.

    Args:
        histories: Mapping from names to histories, or one history.

    Returns:
        Dict of columns by name; a single history has the name ``""``.
    """
    if isinstance(histories, Mapping) and _is_several(histories):
        return {name: read(history) for name, history in histories.items()}
    return {"": read(histories)}


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Returns rows of logs as a table; a column that a row does not have is empty there.

    >>> from kcolor.training import history
    >>> history.to_csv([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 1.0}])
    'epoch,loss,val_loss\\n1,0.5,\\n2,0.25,1.0\\n'
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def quantities(runs: Iterable[Mapping]) -> list[str]:
    """Returns the quantities of some runs, without ``val_``, once each: the loss first, the learning rate last."""
    names = dict.fromkeys(name.removeprefix("val_") for run in runs for name in run if _is_quantity(name))
    if not names:
        raise ValueError(f"Expected a history with a quantity beside {NO_QUANTITY}. Received none")
    return sorted(names, key=lambda name: (name != "loss", name == "learning_rate"))


def moving_averages(values: Mapping[str, float], before: Mapping[str, float] | None) -> dict[str, float]:
    """Returns an epoch's values, each averaged with those before it.

    Args:
        values: Mapping from names to numbers.
        before: The row of the epoch before, with its averages; None for the first epoch.

    Returns:
        Dict of numbers by the names with `AVERAGE` at their end.
    """
    before = before or {}
    last = {name: before.get(name + AVERAGE, value) for name, value in values.items()}
    return {name + AVERAGE: MEMORY * last[name] + (1 - MEMORY) * value for name, value in values.items()}


def best_epoch(run: Mapping) -> int | None:
    """Returns the row of the epoch with the least validation loss, or training loss where there is none; None without either.

    Beside a discriminator it is the content's loss that counts: the other one also falls while the discriminator gets worse.
    """
    loss = run.get("val_content", run.get("val_loss", run.get("loss")))
    return None if loss is None or np.isnan(loss).all() else int(np.nanargmin(loss))


def _is_quantity(name):
    return name not in NO_QUANTITY and not name.endswith(AVERAGE)


def _is_several(history):
    return len(history) > 0 and all(map(_is_history, history.values()))


def _is_history(value):
    rows = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0 and isinstance(value[0], Mapping)
    return rows or isinstance(value, (str, os.PathLike, Mapping))
