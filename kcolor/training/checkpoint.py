"""The state of a training run in one file: every variable, and what else is needed to continue as if nothing had happened."""

import json
import pathlib
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor.colorizer.colorizer import Colorizer
from kcolor.utils.files import write_whole
from kcolor.utils.types import PathLike


def variables(colorizer: Colorizer) -> list[keras.Variable]:
    """Returns all that changes in training: weights, statistics, the optimizer's moments and step, the seeds of random layers.

    Args:
        colorizer: Compiled colorizer.
    """
    counters = {id(variable) for variable in colorizer.metrics_variables}  # which begin anew with every epoch
    kept = [variable for variable in colorizer.variables if id(variable) not in counters]
    return [*kept, *colorizer.optimizer.variables]


def save_state(path: PathLike, colorizer: Colorizer, progress: dict[str, Any]) -> None:
    """Writes the state of a compiled colorizer, whole or not at all.

    Args:
        path: Path of the file, ``.npz``.
        colorizer: Compiled colorizer, its optimizer built.
        progress: Dict of what else to keep, as JSON has it.
    """
    arrays = {f"v{i:05}": ops.convert_to_numpy(variable) for i, variable in enumerate(variables(colorizer))}
    write_whole(path, lambda half: _write(half, {"progress": _as_bytes(progress), **arrays}))


def load_progress(path: PathLike) -> dict[str, Any] | None:
    """Returns the `progress` that `save_state` was given; None if there is no such file."""
    if not pathlib.Path(path).is_file():
        return None
    with np.load(path, allow_pickle=False) as state:
        return json.loads(state["progress"].tobytes())


def forget_stop(path: PathLike) -> None:
    """Changes a state so that a run that was stopped early goes on. Its patience begins anew.

    Args:
        path: Path of the file that `save_state` wrote.
    """
    progress = load_progress(path)
    if progress is None or not progress["stopped"]:
        return
    progress["stopped"] = False
    if memory := progress["callbacks"].get("EarlyStopping"):
        memory["wait"] = 0
    with np.load(path, allow_pickle=False) as state:
        arrays = {name: state[name] for name in state.files}
    write_whole(path, lambda half: _write(half, {**arrays, "progress": _as_bytes(progress)}))


def restore_state(path: PathLike, colorizer: Colorizer) -> None:
    """Gives a colorizer the variables that `save_state` wrote.

    Args:
        path: Path of the file.
        colorizer: Colorizer that is built and compiled as the saved one was.

    Raises:
        ValueError: If it is built in another way.
    """
    mine = variables(colorizer)
    with np.load(path, allow_pickle=False) as state:
        if len(state.files) - 1 != len(mine):
            raise ValueError(f"Expected a state of {len(mine)} variables. {path} has {len(state.files) - 1}")
        for i, variable in enumerate(mine):
            value = state[f"v{i:05}"]
            if value.shape != tuple(variable.shape):
                raise ValueError(f"Expected {variable.path} of shape {variable.shape} in {path}. It has {value.shape}")
            variable.assign(value)


def _as_bytes(progress):
    return np.frombuffer(json.dumps(progress).encode(), "uint8")


def _write(half, arrays):
    # np.savez would add its own suffix to a path; a file it takes as it is.
    with open(half, "wb") as file:
        np.savez(file, **arrays)
