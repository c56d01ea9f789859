"""Colours to try functions on."""

import numpy as np
from keras import ops

from kcolor import color


def cube(levels):
    """An even sampling of the RGB cube, float64 ``(levels, levels, levels, 3)`` in [0, 1]."""
    axis = np.linspace(0, 1, levels)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)


def cube_uint8(levels):
    """The same, rounded to 8 bits."""
    return np.round(cube(levels) * 255).astype("uint8")


def colored(ab, lightness=60.0):
    """A picture of one row with these ab."""
    lab = np.concatenate([np.full((len(ab), 1), lightness), ab], axis=-1)[None].astype("float32")
    rgb = ops.convert_to_numpy(color.lab_to_rgb(lab, gamut=None))
    assert rgb.min() >= 0
    assert rgb.max() <= 1
    return rgb
