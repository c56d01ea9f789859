"""A trial: ``python -m kcolor.sweep.trial FOLDER`` trains what its recipe.toml says there, and ends when its parent does."""

import json
import os
import pathlib
import sys
import threading
import time

import keras

from kcolor.recipes import build
from kcolor.sweep import network_cost
from kcolor.training import train as training
from kcolor.training.warm_start import DISCRIMINATOR
from kcolor.utils.files import BusyError, alone_in, write_text


def train(folder) -> None:
    """Trains a trial, or goes on with it, and writes what its network is like to result.json."""
    folder = pathlib.Path(folder)
    _wait_for(folder)
    colorizer = training.train(folder / "recipe.toml", out=folder)
    size = (colorizer.size,) * 2 if isinstance(colorizer.size, int) else tuple(colorizer.size)
    found = network_cost.of_network(colorizer.network, size)
    if (folder / DISCRIMINATOR).is_file():
        judge = keras.saving.load_model(folder / DISCRIMINATOR, compile=False)
        found["ratio"] = build.count_weights(judge) / found["parameters"]
    write_text(folder / "result.json", json.dumps(found) + "\n")


def _wait_for(folder, seconds=30.0):
    """Until nobody trains there: a sweep that was killed and at once started again may come before its old worker has ended."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with alone_in(folder):
                return
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _end_with_parent():
    while os.read(0, 1):  # nothing is ever written there: this returns when the parent is gone
        pass
    os._exit(3)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    train(sys.argv[1])
