"""The best trials of a sweep, trained longer."""

import pathlib
import shutil
import subprocess

from kcolor import recipes
from kcolor.exporting.export import export
from kcolor.sweep import local_worker
from kcolor.sweep.sweep_file import Sweep
from kcolor.sweep.trial_folder import log_tail, trial_folder
from kcolor.utils.files import make_folder, write_text
from kcolor.utils.processors import cpus


def train_best(rows: list[dict], sweep: Sweep, out, epochs: int, say=print) -> list[pathlib.Path]:
    """Trains some trials so many epochs longer, one after another, and exports them. Stopped and called again, it goes on.

    A trial goes on from its last epoch; where the learning rate falls towards the last epoch, it is trained anew.

    Args:
        rows: of the trials, the best first.
        sweep: theirs.
        out: the sweep's folder; they go to ``OUT/top/NNNN``.
        epochs: how many more.
        say: where lines of text go.

    Returns:
        The colorizers' files, in the same order; beside each a ``saved_model/`` for programs without Keras.
    """
    found = []
    for row in rows:
        folder = _prepare(row, sweep, out, epochs)
        say(f"trial {row['trial']:04}: {epochs} epochs more, in {folder}")
        worker = local_worker.start(folder, cpus())
        try:
            status = worker.process.wait()
        finally:
            worker.stop()
        if status:
            raise subprocess.SubprocessError(f"Training {folder} longer failed: {log_tail(folder / 'log.txt')}")
        found.append(folder / "model.keras")
        if not (folder / "saved_model").is_dir():
            export(folder, "savedmodel", folder / "saved_model")
    return found


def _prepare(row, sweep, out, epochs):
    recipe = sweep.plan({**{axis: row[axis] for axis in sweep.axes}, **_seed(row)})
    folder, source = pathlib.Path(out) / "top" / f"{row['trial']:04}", trial_folder(out, row["trial"])
    if not (folder / "recipe.toml").is_file():
        half = make_folder(folder.parent) / f".{folder.name}.half"
        shutil.rmtree(half, ignore_errors=True)
        if recipe.schedule.name == "cosine" or not (source / "state.npz").is_file():
            make_folder(half)
        else:
            shutil.copytree(source, half, ignore=shutil.ignore_patterns("log.txt", "result.json", ".lock", "last.keras"))
        longer = recipes.load(recipe, [f"train.epochs={recipe.train.epochs + epochs}"])
        write_text(half / "recipe.toml", longer.to_toml(f"Trial {row['trial']} of {sweep.name}, {epochs} epochs longer"))
        half.rename(folder)
    return folder


def _seed(row):
    return {"train.seed": row["train.seed"]} if "train.seed" in row else {}
