"""What a recipe names that no other package has a registry of: optimizers, and discriminators."""

import keras

from kcolor.models import DISCRIMINATORS

__all__ = ["DISCRIMINATORS", "OPTIMIZERS"]

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
