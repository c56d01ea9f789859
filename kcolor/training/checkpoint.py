"""The state of a training run in one file: every variable, and what else is needed to go on as if nothing had happened."""

import json
import pathlib

import numpy as np
from keras import ops

from kcolor.utils.files import write_whole


def variables(colorizer) -> list:
    """All that changes in training: weights, statistics, the optimizer's moments and step, the seeds of random layers."""
    counters = {id(variable) for variable in colorizer.metrics_variables}  # which begin anew with every epoch
    kept = [variable for variable in colorizer.variables if id(variable) not in counters]
    return [*kept, *colorizer.optimizer.variables]


def save_state(path, colorizer, progress: dict) -> None:
    """Writes the state of a compiled colorizer, whole or not at all.

    Args:
        path: of the file, ``.npz``.
        colorizer: compiled, its optimizer built.
        progress: what else to keep, as JSON has it.
    """
    arrays = {f"v{i:05}": ops.convert_to_numpy(variable) for i, variable in enumerate(variables(colorizer))}
    text = np.frombuffer(json.dumps(progress).encode(), "uint8")
    # np.savez would add its own suffix to a path; a file it takes as it is.
    write_whole(path, lambda half: _write(half, {"progress": text, **arrays}))


def load_progress(path) -> dict | None:
    """What `save_state` was told to keep; None if there is no such file."""
    if not pathlib.Path(path).is_file():
        return None
    with np.load(path, allow_pickle=False) as state:
        return json.loads(state["progress"].tobytes())


def restore_state(path, colorizer) -> None:
    """Gives a colorizer, built and compiled alike, the variables of `save_state`."""
    mine = variables(colorizer)
    with np.load(path, allow_pickle=False) as state:
        if len(state.files) - 1 != len(mine):
            raise ValueError(f"Expected a state of {len(mine)} variables. {path} has {len(state.files) - 1}")
        for i, variable in enumerate(mine):
            value = state[f"v{i:05}"]
            if value.shape != tuple(variable.shape):
                raise ValueError(f"Expected {variable.path} of shape {variable.shape} in {path}. It has {value.shape}")
            variable.assign(value)


def _write(half, arrays):
    with open(half, "wb") as file:
        np.savez(file, **arrays)
