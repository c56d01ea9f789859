"""A backbone of one's own."""

import keras
from keras import layers, ops


class Pyramid(keras.Model):
    """As KerasHub's backbones: a functional model of a class of its own, with its stages by name."""

    def __init__(self, sides=(None, None), stem=4, channels=(4, 6, 8)):
        picture = keras.Input((*sides, 3), name="images")
        x = layers.Conv2D(4, 3, strides=stem, padding="same", name="stem")(picture)
        first, pyramid = stem.bit_length() - 1, {}
        for n, width in enumerate(channels):
            x = layers.Conv2D(width, 3, strides=2 if n else 1, padding="same", use_bias=False, name=f"stage{n}_conv")(x)
            x = layers.BatchNormalization(name=f"stage{n}_norm")(x)
            x = ops.relu(x)  # an operation, no layer
            pyramid[f"P{first + n}"] = x
        super().__init__(picture, x)
        self.pyramid_outputs = pyramid
