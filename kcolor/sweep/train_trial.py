"""A trial: ``python -m kcolor.sweep.train_trial FOLDER`` trains FOLDER/recipe.toml. It ends when its parent process ends."""

import json
import os
import pathlib
import sys
import threading
import time

from kcolor.utils.files import BusyError, alone_in, write_text
from kcolor.utils.types import PathLike


def train(folder: PathLike, patience: float = 30.0) -> None:
    """Trains a trial, or continues its training, and writes what its network costs to result.json.

    Args:
        folder: Path of the trial's folder, which has a recipe.toml.
        patience: Float. Seconds to wait if another process trains in this folder. If a sweep is killed and started again at
            once, its old worker may not have ended yet.

    Raises:
        BusyError: If another process still trains in this folder after that time.
    """
    # Imported here: a worker whose parent has died while it starts does not import all of this first.
    from kcolor.sweep import network_cost
    from kcolor.training import train as training

    folder = pathlib.Path(folder)
    _wait_for(folder, patience)
    colorizer = training.train(folder / "recipe.toml", out=folder)
    assert colorizer.size is not None  # every recipe has a size
    costs = network_cost.of_network(colorizer.forward_pass.plain, (colorizer.size, colorizer.size))
    costs |= _ratio(folder, costs["parameters"])
    write_text(folder / "result.json", json.dumps(costs) + "\n")


def _ratio(folder, parameters):
    """The discriminator's weights over the generator's, if there is a discriminator."""
    from kcolor.recipes import build
    from kcolor.saving import safe_loading
    from kcolor.training.warm_start import DISCRIMINATOR

    if not (folder / DISCRIMINATOR).is_file():
        return {}
    return {"ratio": build.count_weights(safe_loading.restore(folder / DISCRIMINATOR)) / parameters}


def _wait_for(folder, patience):
    deadline = time.monotonic() + patience
    while True:
        try:
            with alone_in(folder):
                return
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _end_with_parent():
    while os.read(0, 1):  # the parent writes nothing: this returns when the parent has ended
        pass
    os._exit(3)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    train(sys.argv[1])
