"""A sweep's folder and those of its trials: where they are, and what their files say about the training."""

import json
import pathlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kcolor import recipes
from kcolor.sweep.results import LOSSES
from kcolor.sweep.sweep_file import Sweep
from kcolor.training import history as histories
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from kcolor.recipes import Recipe


def trial_folder(out: PathLike, number: int) -> pathlib.Path:
    """Returns the path of a trial's folder.

    Args:
        out: Path of the sweep's folder.
        number: Integer. The trial's number.

    Returns:
        The path.

    >>> from kcolor.sweep.trial_folder import trial_folder
    >>> trial_folder("runs/bins", 12).as_posix()
    'runs/bins/trials/0012'
    """
    return pathlib.Path(out) / "trials" / f"{number:04}"


def check_not_foreign(out: PathLike) -> None:
    """Raises ValueError if files of a sweep's results would replace those of somebody else, in a folder that no sweep has made.

    Args:
        out: Path of the sweep's folder, which need not be there.

    >>> from kcolor.sweep.trial_folder import check_not_foreign
    >>> check_not_foreign("runs/bins")
    """
    out = pathlib.Path(out)
    if any((out / name).exists() for name in ("study.db", "trials", "report")):
        return
    for name in ("results.csv", "results.json", "report.html"):
        if (out / name).exists():
            raise ValueError(
                f"Expected a new folder for the sweep, or that of an earlier one. {out} has a {name} that no sweep has made. "
                "It would be replaced. Choose another folder"
            )


def curve(folder: PathLike, column: str) -> list[float]:
    """Returns a column of a trial's history.

    Args:
        folder: Path of the trial's folder.
        column: String. Name of the column, for instance ``"val_loss"``.

    Returns:
        A list of floats, one for each epoch. It is empty if no epoch is finished.
    """
    path = pathlib.Path(folder) / "history.csv"
    return [float(value) for value in histories.read(path).get(column, [])] if path.is_file() else []


def best_of(sweep: Sweep) -> Callable[[Iterable[float]], float]:
    """Returns the function that picks the best of some values of a sweep: `max` or `min`."""
    return max if sweep.direction == "maximize" else min


def outcome(folder: PathLike, sweep: Sweep) -> dict[str, Any]:
    """Returns what a trial's folder says about its best epoch, its network and its time.

    Args:
        folder: Path of the trial's folder.
        sweep: The sweep.

    Returns:
        A dict. From result.json, if the training is finished: "parameters", "code_size", "flops" and perhaps "ratio". From
        history.csv, if an epoch is finished: "best_epoch", "epochs", "seconds", "losses" (after each epoch), and "figures" (the
        validation metrics of the best epoch).
    """
    path, found = pathlib.Path(folder) / "result.json", {}
    if path.is_file():
        found.update(json.loads(path.read_text(encoding="utf-8")))
    if values := curve(folder, sweep.optimize):
        history = histories.read(pathlib.Path(folder) / "history.csv")
        best = values.index(best_of(sweep)(values))
        found["best_epoch"], found["epochs"] = best + 1, len(values)
        found["seconds"] = float(sum(history["seconds"]))
        losses = {name: [float(value) for value in history[name]] for name in LOSSES if name in history}
        found["losses"] = losses or None
        found["figures"] = {name: float(column[best]) for name, column in history.items() if name.startswith("val_")}
    return found


def check_same(folder: PathLike, recipe: "Recipe") -> None:
    """Raises ValueError if a folder has a training of another recipe, as that of a sweep whose study was deleted.

    Args:
        folder: Path of the folder.
        recipe: `Recipe` that is to be trained there.
    """
    file = pathlib.Path(folder) / "recipe.toml"
    if file.is_file() and (changed := recipes.load(file).differences(recipe)):
        raise ValueError(
            f"Expected {folder} as the folder of this trial. It has another training (before, now: {'; '.join(changed)}). "
            f"Delete {folder}, or choose another folder for the sweep"
        )


def log_tail(path: PathLike, lines: int = 3) -> str:
    """Returns the last lines of a log, which say why a worker ended.

    Args:
        path: Path of the log.
        lines: Integer. Number of lines.

    Returns:
        A string, empty if there is no log.
    """
    text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace").strip() if pathlib.Path(path).is_file() else ""
    return "\n".join(text.splitlines()[-lines:])
