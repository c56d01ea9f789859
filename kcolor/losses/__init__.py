"""Losses: each is a pure function, and a thin Keras class that adds reduction and config.

Here are the cross entropy over bins, with hard or soft truth and weights, and with an error of colours beside it, the
adversarial losses, and the perceptual loss.
The pixel losses of continuous targets are Keras's own; `LOSSES` has their names, too.

>>> loss = kcolor.losses.get("bin_cross_entropy")
>>> truth, logits = np.array([[0]]), np.zeros((1, 4), "float32")
>>> round(float(loss(truth, logits)), 4)  # log(4): four bins, all equally likely
1.3863
"""

import keras

from kcolor.losses.adversarial import ADVERSARIAL_KINDS, Adversarial, adversarial
from kcolor.losses.bin_cross_entropy import BinCrossEntropy, bin_cross_entropy
from kcolor.losses.bins_and_colors import BinsAndColors, equal_color_error
from kcolor.losses.perceptual import Perceptual, RGBLoss
from kcolor.utils import registry

__all__ = [
    "ADVERSARIAL_KINDS",
    "LOSSES",
    "Adversarial",
    "BinCrossEntropy",
    "BinsAndColors",
    "Perceptual",
    "RGBLoss",
    "adversarial",
    "bin_cross_entropy",
    "equal_color_error",
    "get",
]

LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "bin_cross_entropy": BinCrossEntropy,
    "bins_and_colors": BinsAndColors,
    "perceptual": Perceptual,
    "adversarial": Adversarial,
}


def get(name: str, **options: object) -> keras.losses.Loss:
    """Builds a loss by its name in `LOSSES`.

    Args:
        name: String. A key of `LOSSES`.
        options: Arguments of the loss.

    Raises:
        ValueError: If there is no such loss, or it has no such option.

    >>> kcolor.losses.get("adversarial", kind="least_squares").kind
    'least_squares'
    """
    return registry.build(LOSSES, "loss", name, **options)
