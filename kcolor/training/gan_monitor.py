"""Watches an adversarial training: says what goes wrong there, and when a discriminator has learnt enough."""

from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor import color
from kcolor.images import arrays
from kcolor.utils.types import Tensor

PATIENCE = 3  # epochs that something must last before it is said


class Watch(keras.callbacks.Callback):
    """Says what usually ruins an adversarial training, once each, and what to change.

    Args:
        pictures: Photos ``(height, width, 3)``, uint8. They are coloured after every epoch, to see whether all come out alike.
        advises: Bool. Whether the generator listens to the discriminator at all: else there is nothing to advise.
        stop_at_accuracy: Float or None. The training stops as soon as this share of real and made pictures is told apart.
        log: Function that is called with each line of text.
    """

    def __init__(
        self,
        pictures: Iterable[Tensor],
        advises: bool = True,
        stop_at_accuracy: float | None = None,
        log: Callable[[str], object] = print,
    ):
        super().__init__()
        self.pictures, self.advises, self.stop_at_accuracy, self.log = list(pictures), advises, stop_at_accuracy, log
        self.memory: dict[str, Any] = {"lasted": {}, "first_spread": None}  # a run that continues is given it back

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = logs or {}
        if self.advises:
            self._advise(logs)
        found = logs.get("val_discriminator_accuracy", logs["discriminator_accuracy"])
        if self.stop_at_accuracy is not None and found >= self.stop_at_accuracy:
            self.log(f"{100 * found:.0f} % of real and made pictures are told apart: enough")
            self.model.stop_training = True

    def _advise(self, logs):
        accuracy = logs["discriminator_accuracy"]
        self._lasts(
            "undecided",
            abs(accuracy - 0.5) < 0.03,
            "the discriminator cannot tell real pictures from made ones (its accuracy stays at 0.5), and the generator learns "
            "nothing from it. Try a higher discriminator_optimizer.learning_rate, adversarial.discriminator_every=1, or a "
            "larger discriminator",
        )
        self._lasts(
            "certain",
            accuracy > 0.99,
            "the discriminator is always right: what it tells the generator is hardly more than noise. Try a higher "
            "adversarial.discriminator_every, a lower discriminator_optimizer.learning_rate, or "
            "adversarial.label_smoothing=0.1",
        )
        spread = self._spread()
        first = self.memory["first_spread"] = self.memory["first_spread"] or spread
        self._lasts(
            "alike",
            spread < max(1.0, 0.25 * first),
            f"all pictures come out in nearly one colour (ab spreads by {spread:.1f}, {first:.1f} after the first "
            "epoch). Try a lower adversarial.factor, or a lower optimizer.learning_rate",
        )

    def _lasts(self, what, here, words):
        lasted = self.memory["lasted"]
        lasted[what] = lasted.get(what, 0) + 1 if here else 0
        if lasted[what] == PATIENCE:
            self.log(f"warning: for {PATIENCE} epochs {words}")

    def _spread(self):
        """How far the colours of the watched pictures lie from their mean, in the ab plane."""
        ab = [
            ops.convert_to_numpy(color.rgb_to_lab(arrays.to_float(picture)))[..., 1:].reshape(-1, 2)
            for picture in self.model.colorize(self.pictures)
        ]
        ab = np.concatenate(ab)
        return float(np.sqrt(np.square(ab - ab.mean(axis=0)).sum(axis=-1).mean()))
