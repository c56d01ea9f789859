"""Colours to try functions on."""

import numpy as np


def cube(levels):
    """An even sampling of the RGB cube, float64 ``(levels, levels, levels, 3)`` in [0, 1]."""
    axis = np.linspace(0, 1, levels)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)


def cube_uint8(levels):
    """The same, rounded to 8 bits."""
    return np.round(cube(levels) * 255).astype("uint8")
