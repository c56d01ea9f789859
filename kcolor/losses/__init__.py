"""Losses: a pure function that does the sum, and a thin Keras class that adds reduction and config.

Pixel losses of continuous targets are Keras's own (`LOSSES` has them too). What is here is cross entropy over bins, with hard
or soft truth and weights, and the two adversarial losses; the perceptual loss has a file of its own.
"""

import keras

from kcolor.losses.adversarial import ADVERSARIAL_KINDS, Adversarial, adversarial
from kcolor.losses.bin_cross_entropy import BinCrossEntropy, bin_cross_entropy
from kcolor.losses.perceptual import Perceptual, RGBLoss
from kcolor.utils import registry

__all__ = [
    "ADVERSARIAL_KINDS",
    "LOSSES",
    "Adversarial",
    "BinCrossEntropy",
    "Perceptual",
    "RGBLoss",
    "adversarial",
    "bin_cross_entropy",
    "get",
]

LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "bin_cross_entropy": BinCrossEntropy,
    "perceptual": Perceptual,
    "adversarial": Adversarial,
}


def get(name, **options):
    """A loss by its name in `LOSSES`; `options` are its arguments."""
    return registry.build(LOSSES, "loss", name, **options)
