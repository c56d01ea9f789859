"""Checks of what a sweep's file says. A wrong key or value is named before anything is trained."""

import math
import pathlib
from typing import TYPE_CHECKING, Any

from kcolor.sweep.axis_values import label

if TYPE_CHECKING:
    from kcolor.recipes import Recipe

# Key: (type, default). A sweep's file also has the sections [set], [grid] and [search].
KEYS: dict[str, tuple[type, Any]] = {
    "recipe": (str, None),  # a recipe's name, or a TOML file beside the sweep
    "optimize": (str, "val_loss"),  # a column of history.csv
    "repeats": (int, 1),  # of every point of the grid, each with another seed
    "trials": (int, None),  # of a search
    "prune": (bool, False),  # whether to stop a trial that is worse than half of the others at the same epoch
}
RANGE = {"low", "high", "log", "step"}
# Columns of the results, which no axis may be called.
COLUMNS = {"trial", "state", "error", "losses", "curve", "best_epoch", "parameters", "ratio", "code_size", "flops", "seconds"}


def checked_settings(given: dict[str, Any], path: pathlib.Path) -> dict[str, Any]:
    """Checks the keys outside of sections, and fills in those that are missing.

    Args:
        given: Dict. What the file says.
        path: Path of the file, for the messages.

    Returns:
        A dict with all of `KEYS`.

    Raises:
        ValueError: If a key is unknown, or a value is wrong.
    """
    if unknown := sorted(set(given) - set(KEYS)):
        raise ValueError(
            f"Unknown key in {path}. Expected some of {[*KEYS, '[set]', '[grid]', '[search]']}. Received: {unknown}"
        )
    for key, value in given.items():
        if type(value) is not KEYS[key][0]:
            raise ValueError(f"Expected {key} in {path} as {KEYS[key][0].__name__}. Received: {value!r}")
    settings = {key: given.get(key, default) for key, (_, default) in KEYS.items()}
    if settings["recipe"] is None:
        raise ValueError(f"Expected `recipe` in {path}: what every trial starts from. Received none.")
    for key in ("repeats", "trials"):
        if settings[key] is not None and settings[key] < 1:
            raise ValueError(f"Expected {key} in {path} as 1 or more. Received: {settings[key]}")
    return settings


def check_axes(grid: dict[str, Any], search: dict[str, Any], settings: dict[str, Any], path: pathlib.Path) -> None:
    """Raises ValueError unless a file has a valid grid, or else a valid search.

    Args:
        grid: Dict. The section [grid].
        search: Dict. The section [search].
        settings: Dict. From `checked_settings`.
        path: Path of the file, for the messages.
    """
    if bool(grid) == bool(search):
        raise ValueError(f"Expected a [grid] or a [search] in {path}. Received: {'both' if grid else 'neither'}")
    for key in (*grid, *search):
        if key in {*COLUMNS, settings["optimize"]} or key.startswith("val_"):
            raise ValueError(f"Expected another name for the axis {key} in {path}: a column of the results is called so")
    for key, values in grid.items():
        _check_values(key, values, path)
    for key, values in search.items():
        is_range = isinstance(values, dict) and {"low", "high"} <= set(values) <= RANGE
        if not is_range and not (isinstance(values, list) and values):
            raise ValueError(
                f"Expected {key} in [search] of {path} as {{low = …, high = …}} (also log = true, step = …) or a list of "
                f"choices. Received: {values!r}"
            )
        if is_range:
            _check_range(key, values, path)
    seeds = [
        key for key, values in grid.items() for value in values if "train.seed" in (value if isinstance(value, dict) else [key])
    ]
    if seeds and settings["repeats"] != 1:
        raise ValueError(
            f"Expected `repeats` in {path} without train.seed in [grid]: repeats count the seed up themselves. "
            f"Received: repeats = {settings['repeats']} and train.seed in the axis {seeds[0]}. Leave one of the two out."
        )
    if search and settings["trials"] is None:
        raise ValueError(f"Expected `trials` in {path}: the number of trials of the search. Received none.")
    if search and settings["repeats"] != 1:
        raise ValueError(
            f"Expected `repeats` in {path} with a [grid] only: a search tries good points several times by itself. "
            f"Received: repeats = {settings['repeats']} with a [search]"
        )


def _check_range(key, given, path):
    low, high, step, log = given["low"], given["high"], given.get("step"), given.get("log", False)
    numbers = [low, high] + ([] if step is None else [step])
    wrong = [one for one in numbers if isinstance(one, bool) or not isinstance(one, (int, float)) or not math.isfinite(one)]
    if wrong or not isinstance(log, bool):
        problem = "finite numbers, and log as true or false"
    elif low > high:
        problem = "low, not above high"
    elif step is not None and (step <= 0 or log):
        problem = "a step above 0, without log"
    elif step is not None and isinstance(low, int) and isinstance(high, int) and step != int(step):
        problem = "a whole step between whole numbers"
    elif log and low <= 0:
        problem = "a low above 0 with log"
    else:
        return
    raise ValueError(f"Expected {key} in [search] of {path} with {problem}. Received: {given!r}")


def _check_values(key, values, path):
    if not isinstance(values, list) or not values:
        raise ValueError(f"Expected {key} in [grid] of {path} as a list of values to try. Received: {values!r}")
    for value in values:
        if isinstance(value, dict) and not (isinstance(value.get("name", ""), str) and set(value) - {"name"}):
            raise ValueError(
                f"Expected values of {key} in [grid] of {path} as keys that change together, perhaps with a name, a text. "
                f"Received: {value!r}"
            )
    if len({str(label(value)) for value in values}) < len(values):
        raise ValueError(f"Expected the values of {key} in [grid] of {path} to differ. Received: {values!r}")


def check_optimize(column: str, base: "Recipe", path: pathlib.Path) -> None:
    """Raises ValueError unless a recipe's history has the column to optimize.

    Args:
        column: String. Name of the column.
        base: The recipe that every trial starts from.
        path: Path of the sweep's file, for the messages.
    """
    is_higher_better(column)
    if base.data.val:  # then metrics are of the validation pictures, else of the training
        known, why = ["loss", "val_loss", *(f"val_{metric}" for metric in base.train.metrics)], "by train.metrics"
    else:
        known, why = ["loss", *base.train.metrics], "by train.metrics, as data.val is 0"
    if column not in known:
        raise ValueError(f"Expected `optimize` in {path} as one of {known}, {why}. Received: {column!r}")


def is_higher_better(column: str) -> bool:
    """Returns whether higher values of a column of ``history.csv`` are better.

    Args:
        column: String. Name of the column, with or without ``val_``.

    Returns:
        Boolean.

    Raises:
        ValueError: If the column cannot be optimized.
    """
    from kcolor import metrics  # imports Keras

    registry: dict[str, Any] = metrics.METRICS
    better = {"loss": False} | {name: metric.higher_is_better for name, metric in registry.items()}
    known = {name: is_higher for name, is_higher in better.items() if is_higher is not None}
    name = column.removeprefix("val_")
    if name not in known:
        raise ValueError(f"Expected `optimize` as one of {sorted(known)}, with or without val_. Received: {column!r}")
    return known[name]
