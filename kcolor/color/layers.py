"""Colour spaces as Keras layers, for the models of other people."""

import keras
from keras import ops

from kcolor import color
from kcolor.images import arrays

# By name: from RGB in [0, 1] and back, and what the channels are moved by and divided by where they are to lie in [-1, 1].
SPACES = {
    "lab": (color.rgb_to_lab, color.lab_to_rgb, (50.0, 0.0, 0.0), (50.0, 110.0, 110.0)),
    "ycbcr": (color.rgb_to_ycbcr, color.ycbcr_to_rgb, (0.5, color.NEUTRAL, color.NEUTRAL), (0.5, 0.5, 0.5)),
}


class _Space(keras.layers.Layer):
    """What the two layers share. They compute in float32, whatever the policy: half precision would round the photos."""

    def __init__(self, space="lab", scaled=False, **kwargs):
        super().__init__(**{**kwargs, "dtype": "float32"})
        if space not in SPACES:
            raise ValueError(f"Unknown `space`. Expected one of {sorted(SPACES)}. Received: {space!r}")
        self.space, self.scaled = space, scaled

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "space": self.space, "scaled": self.scaled}


@keras.saving.register_keras_serializable("kcolor")
class FromRGB(_Space):
    """Photos to another colour space: uint8, or floats in [0, 1], ``(batch, height, width, 3)``.

    Args:
        space: ``"lab"`` (L in 0..100, a and b about -110..110) or ``"ycbcr"`` (as JPEG has it, in [0, 1]).
        scaled: whether every channel is to lie about [-1, 1], neutral colours at 0, as networks like it.
        kwargs: Keras's `Layer`'s.
    """

    def call(self, rgb):
        forward, _, middle, reach = SPACES[self.space]
        colors = forward(arrays.to_float(rgb))
        return (colors - ops.convert_to_tensor(middle)) / ops.convert_to_tensor(reach) if self.scaled else colors


@keras.saving.register_keras_serializable("kcolor")
class ToRGB(_Space):
    """The way back, to floats in [0, 1]. What sRGB does not have becomes a near colour of the same lightness.

    Args:
        space, scaled: as `FromRGB` has them.
        kwargs: Keras's `Layer`'s.
    """

    def call(self, colors):
        _, back, middle, reach = SPACES[self.space]
        if self.scaled:
            colors = colors * ops.convert_to_tensor(reach) + ops.convert_to_tensor(middle)
        return back(colors, gamut="nearest")
