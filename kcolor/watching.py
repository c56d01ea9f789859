"""Watching over an adversarial training: what goes wrong there, said in words, and when a discriminator has learnt enough."""

import math

import keras
import numpy as np
from keras import ops

from kcolor import color, photos

PATIENCE = 3  # epochs that something must last before it is said
_UNDECIDED = math.log(2)  # cross entropy of a discriminator that says half and half to everything


class Watch(keras.callbacks.Callback):
    """Says what usually ruins an adversarial training, once each, and what to change.

    Args:
        pictures: uint8 photos that are coloured after every epoch, to see whether all come out alike.
        enough: stop the training as soon as so large a share of real and made pictures is told apart; None never.
        say: where lines of text go.
    """

    def __init__(self, pictures, enough=None, say=print):
        super().__init__()
        self.pictures, self.enough, self.say = list(pictures), enough, say or (lambda line: None)
        self.lasted, self.first_spread = {}, None

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        accuracy = logs["discriminator_accuracy"]
        real, fake = logs["discriminator_real"], logs["discriminator_fake"]
        self._lasts(
            "undecided",
            max(abs(real - _UNDECIDED), abs(fake - _UNDECIDED)) < 0.02,
            "the discriminator cannot tell real pictures from made ones (its losses stay at 0.69), and the generator learns "
            "nothing from it. Try a higher discriminator_optimizer.learning_rate, hold_out=1, a larger discriminator",
        )
        self._lasts(
            "certain",
            accuracy > 0.99,
            "the discriminator is always right: what it tells the generator is hardly more than noise. Try a higher "
            "adversarial.hold_out, a lower discriminator_optimizer.learning_rate, or adversarial.label_smoothing=0.1",
        )
        spread = self._spread()
        self.first_spread = self.first_spread or spread
        self._lasts(
            "alike",
            spread < 0.25 * self.first_spread or spread < 1.0,
            f"all pictures come out in nearly one colour (ab spreads by {spread:.1f}, {self.first_spread:.1f} after the first "
            "epoch). Try a lower adversarial.factor, or a lower optimizer.learning_rate",
        )
        found = logs.get("val_discriminator_accuracy", accuracy)
        if self.enough is not None and found >= self.enough:
            self.say(f"{100 * found:.0f} % of real and made pictures are told apart: enough")
            self.model.stop_training = True

    def _lasts(self, what, here, words):
        self.lasted[what] = self.lasted.get(what, 0) + 1 if here else 0
        if self.lasted[what] == PATIENCE:
            self.say(f"warning: for {PATIENCE} epochs {words}")

    def _spread(self):
        """How far the colours of the watched pictures lie from their mean, in the ab plane."""
        ab = [
            ops.convert_to_numpy(color.rgb_to_lab(photos.to_float(picture)))[..., 1:].reshape(-1, 2)
            for picture in self.model.colorize(self.pictures)
        ]
        ab = np.concatenate(ab)
        return float(np.sqrt(np.square(ab - ab.mean(axis=0)).sum(axis=-1).mean()))
