"""What a recipe names that no other package has a registry of: optimizers, and discriminators."""

import keras

from kcolor.models import MODELS, takes_target

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
DISCRIMINATORS = {name: model for name, model in MODELS.items() if not takes_target(name)}
