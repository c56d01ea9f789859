"""Keras callbacks of a training run: what stops it, and its pictures; and which way a metric is better."""

import math
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation.scores import SCORES
from kcolor.images import arrays
from kcolor.images.contact_sheet import contact_sheet
from kcolor.metrics import higher_is_better
from kcolor.training.averaging import averaged
from kcolor.training.equal_colorfulness import METRICS, PREFIX
from kcolor.utils.files import make_folder, write_whole
from kcolor.utils.types import PathLike, Tensor


class DivergedError(ArithmeticError):
    """The loss is no longer a number."""


class StopIfNotFinite(keras.callbacks.Callback):
    """Stops a run whose loss is no longer finite, at the step where that happens."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._check(logs, "loss", f"at step {batch + 1} of epoch {self._epoch + 1}")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._check(logs, "val_loss", f"on the validation pictures after epoch {epoch + 1}")

    def _check(self, logs, name, where):
        value = float((logs or {}).get(name, 0.0))
        if not math.isfinite(value):
            raise DivergedError(
                f"The loss is {value} {where}. The weights of the last finished epoch are kept. What helps, in another "
                "folder: a smaller learning rate (optimizer.learning_rate=…), clipping (optimizer.clipnorm=1.0), "
                "or train.precision=float32"
            )


class Samples(keras.callbacks.Callback):
    """Draws photo, grey and result of a few fixed pictures: ``samples/epoch-NNN.png``, and for TensorBoard if asked.

    Args:
        folder: Path of the folder of the sheets. It is made if it is missing.
        pictures: Photos ``(height, width, 3)`` of one size, uint8.
        every: Integer. Epochs between two sheets. The first epoch and the last always have one.
        board: Path of a folder for TensorBoard's pictures, or None.
    """

    def __init__(self, folder: PathLike, pictures: Iterable[Tensor], every: int = 5, board: PathLike | None = None):
        super().__init__()
        self.folder, self.pictures, self.every, self.board = make_folder(folder), list(pictures), every, board

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        number = epoch + 1
        last = number == self.params["epochs"] or self.model.stop_training
        if number == 1 or number % self.every == 0 or last:
            self._draw(number)

    def _draw(self, number):
        target = self.model.target
        gray = [arrays.to_uint8(target.gray(arrays.to_float(picture))) for picture in self.pictures]
        with averaged(self.model):
            results = self.model.colorize(np.stack(self.pictures))  # the network sees several at once
        rows = list(zip(self.pictures, gray, results, strict=True))
        half = math.ceil(len(rows) / 2)  # two columns of rows: a sheet that fits a screen
        rows = [left + right for left, right in zip(rows[:half], [*rows[half:], ()], strict=False)]
        sheet = contact_sheet(rows, ["photo", "grey", f"epoch {number}"] * 2)
        write_whole(self.folder / f"epoch-{number:03}.png", sheet.save)
        if self.board is not None:
            _show_on_board(self.board, np.asarray(sheet), number)


def direction(colorizer: Colorizer, monitor: str) -> str:
    """Returns which way a log is better, as the metric of that name says; a loss is better when it is lower.

    Args:
        colorizer: Compiled colorizer.
        monitor: Name of a loss or metric, with or without ``val_``.

    Returns:
        "max" or "min".

    Raises:
        ValueError: If more of it is neither better nor worse, or there is none of that name.
    """
    name = monitor.removeprefix("val_")
    if name == "loss":
        return "min"
    if name.startswith(PREFIX) and name.removeprefix(PREFIX) in METRICS:
        return "max" if SCORES[name.removeprefix(PREFIX)].higher_is_better else "min"
    for metric in colorizer.metrics:
        if metric.name == name and (better := higher_is_better(metric)) is not None:
            return "max" if better else "min"
    raise ValueError(f"`{monitor}` has no better and no worse: monitor a loss, an error or an accuracy")


def _show_on_board(folder, sheet, number):
    import tensorflow as tf

    with tf.summary.create_file_writer(str(folder)).as_default():
        tf.summary.image("samples", sheet[None], step=number)
