"""Colour spaces as Keras layers, for any model."""

from typing import Any

import keras
from keras import ops

from kcolor import color
from kcolor.images import arrays
from kcolor.utils.types import Tensor

# By name: the function from RGB in [0, 1], the way back, and the middle and half the range of each channel, which bring the
# channels to about [-1, 1].
SPACES = {
    "lab": (color.rgb_to_lab, color.lab_to_rgb, (50.0, 0.0, 0.0), (50.0, 110.0, 110.0)),
    "ycbcr": (color.rgb_to_ycbcr, color.ycbcr_to_rgb, (0.5, color.NEUTRAL, color.NEUTRAL), (0.5, 0.5, 0.5)),
}


class _Space(keras.layers.Layer):
    """The common part of the two layers. They compute in float32: half precision would round the photos."""

    def __init__(self, space: str = "lab", scaled: bool = False, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32"})
        if space not in SPACES:
            raise ValueError(f"Unknown `space`. Expected one of {sorted(SPACES)}. Received: {space!r}")
        self.space, self.scaled = space, scaled

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the pictures, which does not change."""
        return input_shape

    def get_config(self) -> dict:
        """Returns what the layer can be built from again."""
        return {**super().get_config(), "space": self.space, "scaled": self.scaled}


@keras.saving.register_keras_serializable("kcolor")
class FromRGB(_Space):
    """Converts photos to another colour space.

    >>> white = np.full((1, 1, 1, 3), 255, "uint8")
    >>> ops.convert_to_numpy(kcolor.layers.FromRGB("lab", scaled=True)(white))[0, 0, 0].round(2) + 0.0
    array([1., 0., 0.], dtype=float32)

    Args:
        space: ``"lab"`` for L in 0..100 and a, b about -110..110; or ``"ycbcr"`` as JPEG has it, in [0, 1].
        scaled: Whether to bring every channel to about [-1, 1], with neutral colours at 0, as networks like it.
        kwargs: Other arguments of `keras.layers.Layer`.
    """

    def call(self, rgb: Tensor) -> Tensor:
        """Returns photos ``(batch, height, width, 3)``, uint8 or floats in [0, 1], in the other colour space."""
        forward, _, middle, reach = SPACES[self.space]
        colors = forward(arrays.to_float(rgb))
        return (colors - ops.convert_to_tensor(middle)) / ops.convert_to_tensor(reach) if self.scaled else colors


@keras.saving.register_keras_serializable("kcolor")
class ToRGB(_Space):
    """Converts another colour space to RGB in [0, 1]. Colours that sRGB does not have become near ones of the same lightness.

    >>> photo = np.full((1, 1, 1, 3), 0.25, "float32")
    >>> lab = kcolor.layers.FromRGB("lab")(photo)
    >>> ops.convert_to_numpy(kcolor.layers.ToRGB("lab")(lab))[0, 0, 0].round(3)
    array([0.25, 0.25, 0.25], dtype=float32)

    Args:
        space: ``"lab"`` or ``"ycbcr"``, as in `FromRGB`.
        scaled: Whether the channels are about [-1, 1], as in `FromRGB`.
        kwargs: Other arguments of `keras.layers.Layer`.
    """

    def call(self, colors: Tensor) -> Tensor:
        """Returns colours ``(batch, height, width, 3)`` as floats in [0, 1]."""
        _, back, middle, reach = SPACES[self.space]
        if self.scaled:
            colors = colors * ops.convert_to_tensor(reach) + ops.convert_to_tensor(middle)
        return back(colors, gamut="nearest")
