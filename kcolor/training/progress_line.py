"""A training's progress as text: a line an epoch, and on a terminal one that moves."""

import functools
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

import keras

from kcolor.training.keeper import Keeper
from kcolor.utils.console import duration, is_terminal


class ProgressLine(keras.callbacks.Callback):
    """Tells of each epoch in one line: its losses and metrics, how long it took and how long is left.

    On a terminal another line moves while the epoch lasts: steps, loss, pictures a second, time left.

    Args:
        epochs: Integer. Epochs of the whole run.
        batch_size: Integer. Pictures of a step.
        keeper: `Keeper`. It knows which epoch was the best.
        log: Function that is called with the line of each epoch. With `print` it goes to `stream`.
        stream: Text stream; standard output by default.
    """

    def __init__(
        self,
        epochs: int,
        batch_size: int,
        keeper: Keeper,
        log: Callable[[str], object] = print,
        stream: TextIO | None = None,
    ):
        super().__init__()
        self.epochs, self.batch_size, self.keeper = epochs, batch_size, keeper
        self.stream = stream or sys.stdout
        prints = log is print
        self.log = functools.partial(print, file=self.stream, flush=True) if prints else log
        self.moves = prints and is_terminal(self.stream)
        self.steps: int | None = None  # of an epoch: known once one is finished
        self.spent: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._started = self._shown = time.monotonic()
        self._epoch, self._step = epoch + 1, 0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._step = batch + 1
        now = time.monotonic()
        if not self.moves or now - self._shown < 0.2:
            return
        self._shown = now
        spent = now - self._started
        share = f"{100 * self._step / self.steps:3.0f} %" if self.steps else f"step {self._step}"
        left = f"  {duration(spent / self._step * (self.steps - self._step))} left in epoch" if self.steps else ""
        rate = self._step * self.batch_size / spent
        loss = float((logs or {})["loss"])
        line = f"epoch {self._epoch}/{self.epochs}  {share}  loss {loss:.4g}  {rate:.0f} pictures/s{left}"
        self.stream.write(f"\r\033[K{line}")
        self.stream.flush()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        spent = time.monotonic() - self._started
        self.steps = self._step
        self.spent.append(spent)
        values = "  ".join(f"{name} {float(value):.4g}" for name, value in (logs or {}).items())
        seconds = sum(self.spent) / len(self.spent) * (self.epochs - self._epoch)
        left = f", {duration(seconds)} left" if self._epoch < self.epochs else ""
        best = "  best" if self.keeper.progress["best_epoch"] == self._epoch else ""
        start = "\r\033[K" if self.moves else ""
        self.log(f"{start}epoch {self._epoch}/{self.epochs}  {values}  ({duration(spent)}{left}){best}")
