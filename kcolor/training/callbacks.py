"""Keras callbacks of a training run: its files, its line of progress, and what stops it."""

import csv
import io
import math
import pathlib
import sys
import time

import keras
import numpy as np
from keras import ops

from kcolor.colorizer.adversarial import WATCHED
from kcolor.images import arrays
from kcolor.images.contact_sheet import contact_sheet
from kcolor.metrics import higher_is_better
from kcolor.training.checkpoint import save_state
from kcolor.training.history import moving_averages
from kcolor.utils.console import duration
from kcolor.utils.files import make_folder, write_text, write_whole

# What Keras's own callbacks remember from epoch to epoch: they forget it when a training begins.
REMEMBERED = ("wait", "best", "best_epoch", "cooldown_counter")


class DivergedError(ArithmeticError):
    """The loss is no longer a number."""


class StopIfNotFinite(keras.callbacks.Callback):
    """Stops a run whose loss is no longer finite, at the step where that happens."""

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._check(logs, "loss", f"at step {batch + 1} of epoch {self._epoch + 1}")

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs, "val_loss", f"on the validation pictures after epoch {epoch + 1}")

    def _check(self, logs, name, where):
        value = float((logs or {}).get(name, 0.0))
        if not math.isfinite(value):
            raise DivergedError(
                f"The loss is {value} {where}. The weights of the last finished epoch are kept. What helps, in another "
                "folder (--out): a smaller learning rate (--set optimizer.learning_rate=…), clipping "
                "(--set optimizer.clipnorm=1.0), --precision float32"
            )


class Keeper(keras.callbacks.Callback):
    """Keeps a run on disk: after every epoch its state and history, and the best colorizer so far.

    Must come after all that decide something: what is on disk then has their memory of this epoch.

    Args:
        folder: of the run.
        plain: an uncompiled colorizer that shares the network: what is saved as ``model.keras``, and ``last.keras``.
        monitor: the log that is best.
        remembering: Keras callbacks whose `REMEMBERED` attributes are part of the state.
        progress: of the run so far (see `load_progress`), or None.
    """

    def __init__(self, folder, plain, monitor, remembering=(), progress=None):
        super().__init__()
        self.folder, self.plain, self.monitor = pathlib.Path(folder), plain, monitor
        self.remembering = list(remembering)
        self.progress = progress or {
            "epoch": 0,
            "best": None,
            "best_epoch": None,
            "history": [],
            "callbacks": [],
            "stopped": False,
        }

    def consider_start(self, logs):
        """What a run began with, measured, is the first of its candidates; what follows has to be better."""
        value = self._watched(logs)
        self.progress.update(best=value, best_epoch=0)
        self.progress["callbacks"] = [{"best": value} if hasattr(callback, "monitor") else {} for callback in self.remembering]
        write_whole(self.folder / "model.keras", self.plain.save)

    def on_train_begin(self, logs=None):
        for callback, memory in zip(self.remembering, self.progress["callbacks"], strict=False):
            vars(callback).update(memory)
        if self.progress["epoch"] == 0:
            self._save_state()

    def on_epoch_begin(self, epoch, logs=None):
        self._started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        logs = {name: float(value) for name, value in (logs or {}).items()}
        value = self._watched(logs)
        if self._is_better(value):
            self.progress.update(best=value, best_epoch=epoch + 1)
            write_whole(self.folder / "model.keras", self.plain.save)
        self.progress["epoch"], self.progress["stopped"] = epoch + 1, bool(self.model.stop_training)
        rate = float(ops.convert_to_numpy(self.model.optimizer.learning_rate))
        seconds = round(time.monotonic() - self._started, 3)
        rows = self.progress["history"]
        duel = {name: value for name, value in logs.items() if name in WATCHED}  # which no single epoch says much of
        logs |= moving_averages(duel, rows[-1] if rows else None)
        rows.append({"epoch": epoch + 1, **logs, "learning_rate": rate, "seconds": seconds})
        self.progress["callbacks"] = [_memory(callback) for callback in self.remembering]
        write_text(self.folder / "history.csv", history_csv(self.progress["history"]))
        self._save_state()

    def finish(self):
        """Writes what a finished run has beside the best of it."""
        write_whole(self.folder / "last.keras", self.plain.save)

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


class Samples(keras.callbacks.Callback):
    """Draws photo, grey and result of a few fixed pictures: ``samples/epoch-NNN.png``, and for TensorBoard if asked.

    Args:
        folder: of the run.
        pictures: uint8 photos.
        every: so many epochs; the first and the last always.
        board: a folder for TensorBoard's images, or None.
    """

    def __init__(self, folder, pictures, every=5, board=None):
        super().__init__()
        self.folder, self.pictures, self.every, self.board = make_folder(folder), list(pictures), every, board

    def on_epoch_end(self, epoch, logs=None):
        number = epoch + 1
        last = number == self.params["epochs"] or self.model.stop_training
        if number == 1 or number % self.every == 0 or last:
            self._draw(number)

    def _draw(self, number):
        target = self.model.target
        gray = [arrays.to_uint8(target.gray(arrays.to_float(picture))) for picture in self.pictures]
        results = self.model.colorize(self.pictures)
        rows = list(zip(self.pictures, gray, results, strict=True))
        half = math.ceil(len(rows) / 2)  # two columns of rows: a sheet that fits a screen
        rows = [left + right for left, right in zip(rows[:half], [*rows[half:], ()], strict=False)]
        sheet = contact_sheet(rows, ["photo", "grey", f"epoch {number}"] * 2)
        write_whole(self.folder / f"epoch-{number:03}.png", sheet.save)
        if self.board is not None:
            _show_on_board(self.board, np.asarray(sheet), number)


class ProgressLine(keras.callbacks.Callback):
    """One line an epoch, and on a terminal one that moves while it lasts: steps, loss, pictures a second, time left.

    Args:
        epochs: of the whole run.
        batch_size: pictures a step.
        keeper: knows which epoch was the best.
        stream: standard output by default.
    """

    def __init__(self, epochs, batch_size, keeper, stream=None):
        super().__init__()
        self.epochs, self.batch_size, self.keeper = epochs, batch_size, keeper
        self.stream = stream or sys.stdout
        self.steps = None  # of an epoch: known once one is finished
        self.spent = []

    def on_epoch_begin(self, epoch, logs=None):
        self._started = self._shown = time.monotonic()
        self._epoch, self._step = epoch + 1, 0

    def on_train_batch_end(self, batch, logs=None):
        self._step = batch + 1
        now = time.monotonic()
        if not self.stream.isatty() or now - self._shown < 0.2:
            return
        self._shown = now
        spent = now - self._started
        share = f"{100 * self._step / self.steps:3.0f} %" if self.steps else f"step {self._step}"
        left = f"  {duration(spent / self._step * (self.steps - self._step))} left in epoch" if self.steps else ""
        rate = self._step * self.batch_size / spent
        line = f"epoch {self._epoch}/{self.epochs}  {share}  loss {float(logs['loss']):.4g}  {rate:.0f} pictures/s{left}"
        self.stream.write(f"\r\033[K{line}")
        self.stream.flush()

    def on_epoch_end(self, epoch, logs=None):
        spent = time.monotonic() - self._started
        self.steps = self._step
        self.spent.append(spent)
        figures = "  ".join(f"{name} {float(value):.4g}" for name, value in (logs or {}).items())
        left = sum(self.spent) / len(self.spent) * (self.epochs - self._epoch)
        left = f", {duration(left)} left" if self._epoch < self.epochs else ""
        best = "  best" if self.keeper.progress["best_epoch"] == self._epoch else ""
        start = "\r\033[K" if self.stream.isatty() else ""
        print(
            f"{start}epoch {self._epoch}/{self.epochs}  {figures}  ({duration(spent)}{left}){best}",
            file=self.stream,
            flush=True,
        )


def direction(colorizer, monitor: str) -> str:
    """``"max"`` or ``"min"``: what is better, as the metric of that name says; a loss is better when it is lower."""
    name = monitor.removeprefix("val_")
    if name == "loss":
        return "min"
    for metric in colorizer.metrics:
        if metric.name == name and (better := higher_is_better(metric)) is not None:
            return "max" if better else "min"
    raise ValueError(f"`{monitor}` has no better and no worse: monitor a loss, an error or an accuracy")


def history_csv(rows: list[dict]) -> str:
    """Rows of logs as a table; a column that a row does not have is empty there."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _memory(callback):
    if hasattr(callback, "memory"):  # one of ours, that says itself what it is to remember
        return {"memory": callback.memory}
    kept = {name: vars(callback)[name] for name in REMEMBERED if name in vars(callback)}
    return {name: None if value is None else float(value) if name == "best" else int(value) for name, value in kept.items()}


def _show_on_board(folder, sheet, number):
    import tensorflow as tf

    with tf.summary.create_file_writer(str(folder)).as_default():
        tf.summary.image("samples", sheet[None], step=number)
