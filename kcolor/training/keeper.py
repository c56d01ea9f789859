"""Keeps a training run on disk: its state and history after every epoch, and the best colorizer so far."""

import pathlib
import time
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from kcolor.colorizer.adversarial import WATCHED
from kcolor.colorizer.colorizer import Colorizer
from kcolor.training import history
from kcolor.training.averaging import averaged
from kcolor.training.callbacks import direction
from kcolor.training.checkpoint import save_state
from kcolor.training.gan_monitor import Watch
from kcolor.utils.files import write_text, write_whole
from kcolor.utils.types import PathLike

# What callbacks remember from epoch to epoch, by their class. Keras's own forget it when a training begins.
REMEMBERED: dict[type, tuple[str, ...]] = {
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
    keras.callbacks.EarlyStopping: ("wait", "best", "best_epoch"),
    Watch: ("memory",),
}


class Keeper(keras.callbacks.Callback):
    """Keeps a run on disk: after every epoch its state and history, and the best colorizer so far.

    It must come after all callbacks that decide something, so that what is on disk has their memory of this epoch.

    Args:
        folder: Path of the run's folder.
        plain: Uncompiled colorizer that shares the network. It is saved as ``model.keras`` and ``last.keras``.
        monitor: Name of the log that the best epoch is best in.
        remembering: Callbacks of the classes in `REMEMBERED`, at most one of each. Their memory is part of the state.
        progress: What `load_progress` found of the run so far, or None.
    """

    def __init__(
        self,
        folder: PathLike,
        plain: Colorizer,
        monitor: str,
        remembering: Sequence[keras.callbacks.Callback] = (),
        progress: dict[str, Any] | None = None,
    ):
        super().__init__()
        self.folder, self.plain, self.monitor = pathlib.Path(folder), plain, monitor
        self.remembering = {type(callback).__name__: callback for callback in remembering}
        new: dict[str, Any] = {"epoch": 0, "best": None, "best_epoch": None, "history": [], "callbacks": {}, "stopped": False}
        self.progress = progress or new

    def consider_start(self, logs: dict[str, float]) -> None:
        """Records what a run began with as the first best; what follows has to be better.

        Args:
            logs: Numbers by name, measured before the first epoch.
        """
        value = self._watched(logs)
        monitoring = [name for name, callback in self.remembering.items() if hasattr(callback, "monitor")]
        self.progress.update(best=value, best_epoch=0, callbacks={name: {"best": value} for name in monitoring})
        write_whole(self.folder / "model.keras", self.plain.save)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        for name, memory in self.progress["callbacks"].items():
            _give_back(self.remembering[name], memory)
        if self.progress["epoch"] == 0:
            self._save_state()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = {name: float(value) for name, value in (logs or {}).items()}
        value = self._watched(logs)
        if self._is_better(value):
            self.progress.update(best=value, best_epoch=epoch + 1)
            with averaged(self.model):
                write_whole(self.folder / "model.keras", self.plain.save)
        self.progress["epoch"], self.progress["stopped"] = epoch + 1, bool(self.model.stop_training)
        self.progress["history"].append(self._row(epoch, logs))
        self.progress["callbacks"] = {name: _memory(callback) for name, callback in self.remembering.items()}
        write_text(self.folder / "history.csv", history.to_csv(self.progress["history"]))
        self._save_state()

    def finish(self) -> None:
        """Writes what a finished run has beside the best of it."""
        write_whole(self.folder / "last.keras", self.plain.save)

    def _row(self, epoch, logs):
        rows = self.progress["history"]
        # Losses of two rivals jump from epoch to epoch: their moving averages are written, too.
        noisy = {name: value for name, value in logs.items() if name in WATCHED}
        averages = history.moving_averages(noisy, rows[-1] if rows else None)
        rate = float(ops.convert_to_numpy(self.model.optimizer.learning_rate))
        seconds = round(time.monotonic() - self._started, 3)
        # Keras adds the rates of two optimizers, by names that differ when a run goes on.
        logs = {name: value for name, value in logs.items() if not name.startswith("learning_rate")}
        return {"epoch": epoch + 1, **logs, **averages, "learning_rate": rate, "seconds": seconds}

    def _watched(self, logs):
        if self.monitor not in logs:
            raise ValueError(f"Expected `train.monitor` as one of {sorted(logs)}. Received: {self.monitor!r}")
        return logs[self.monitor]

    def _save_state(self):
        save_state(self.folder / "state.npz", self.model, self.progress)

    def _is_better(self, value):
        best = self.progress["best"]
        if best is None:
            return True
        return value > best if direction(self.model, self.monitor) == "max" else value < best


def _memory(callback):
    """What a callback remembers, as JSON has it."""
    return {name: _plain(getattr(callback, name)) for name in REMEMBERED[type(callback)]}


def _give_back(callback, memory):
    names = REMEMBERED[type(callback)]
    if unknown := sorted(set(memory) - set(names)):
        raise ValueError(f"Expected a {type(callback).__name__} to remember {names}. Received: {unknown}")
    for name, value in memory.items():
        setattr(callback, name, value)


def _plain(value):
    """A number of NumPy's as one of Python's."""
    return value.item() if hasattr(value, "item") else value
