"""Trains the best trials of a sweep for more epochs, and exports them."""

import pathlib
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from kcolor import recipes
from kcolor.exporting.export import export
from kcolor.sweep import local_worker
from kcolor.sweep.results import Row
from kcolor.sweep.sweep_file import Sweep
from kcolor.sweep.trial_folder import check_same, log_tail, trial_folder
from kcolor.training.checkpoint import forget_stop
from kcolor.utils.files import replace_folder, write_text
from kcolor.utils.processors import cpus
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from kcolor.recipes import Recipe

# Files of a trial that its longer training does not begin with.
NOT_COPIED = ("log.txt", "result.json", ".lock", "last.keras")


def train_best(
    rows: list[Row], sweep: Sweep, out: PathLike, epochs: int, say: Callable[[str], object] = print
) -> list[pathlib.Path]:
    """Trains some trials longer, one after another, and exports them. If it is stopped, the same call continues.

    A trial continues from its last epoch; one that was stopped early waits for a better epoch anew. If its learning rate falls
    towards the last epoch, it is trained from the beginning.

    Args:
        rows: List of dicts. The trials, the best first.
        sweep: The sweep.
        out: Path of the sweep's folder. The results are written to ``OUT/top/NNNN``.
        epochs: Integer. Number of epochs to add.
        say: Function of one line of text.

    Returns:
        The paths of the colorizers, in the same order. Beside each is a folder ``saved_model`` for programs without Keras.

    Raises:
        OSError: If a training fails.
    """
    found = []
    for row in rows:
        folder = _prepare(row, sweep, pathlib.Path(out), epochs)
        say(f"trial {row['trial']:04}: {epochs} epochs more, in {folder}")
        _train(folder)
        found.append(folder / "model.keras")
        if not (folder / "saved_model").is_dir():
            export(folder, "savedmodel", folder / "saved_model")
    return found


def _train(folder):
    worker = local_worker.start(folder, cpus())
    try:
        status = worker.process.wait()
    finally:
        worker.stop()
    if status:
        said = log_tail(folder / "log.txt") or "its log is empty"
        raise OSError(f"Training {folder} longer failed with status {status}: {said}")


def _prepare(row, sweep, out, epochs):
    """Makes the folder of the longer training, unless it exists already."""
    folder = out / "top" / f"{row['trial']:04}"
    seed = {"train.seed": row["train.seed"]} if "train.seed" in row else {}
    recipe = sweep.trial_recipe({**{axis: row[axis] for axis in sweep.axes}, **seed})
    longer = recipes.load(recipe, sections={"train": {"epochs": recipe.train.epochs + epochs}})
    if (folder / "recipe.toml").is_file():
        check_same(folder, longer)
        return folder
    comment = f"Trial {row['trial']} of {sweep.name}, {epochs} epochs longer"

    def write(half):
        if _can_continue(recipe, trial_folder(out, row["trial"])):
            ignore = shutil.ignore_patterns(*NOT_COPIED)
            shutil.copytree(trial_folder(out, row["trial"]), half, ignore=ignore, dirs_exist_ok=True)
            forget_stop(half / "state.npz")
        write_text(half / "recipe.toml", longer.to_toml(comment))

    replace_folder(folder, write)
    return folder


def _can_continue(recipe: "Recipe", source: pathlib.Path) -> bool:
    return recipe.schedule.name != "cosine" and (source / "state.npz").is_file()
