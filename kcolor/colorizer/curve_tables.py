"""Curves of 8-bit values as tables, for painting: what is looked up need not be computed for each pixel."""

import functools

import numpy as np
from keras import ops

from kcolor.color.lab import FOOT_SLOPE, FOOT_START, LAB_FOOT, XYZ_FROM_RGB
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear
from kcolor.images.arrays import to_uint8

LUMA_SLOPE, LUMA_START = 1.16, -0.16  # of luma, L / 100, along Lab's cube root of luminance
# Of linear light: the darkest of 255 levels of sRGB is 20 of them wide. The last one is the largest number in half precision,
# in which LiteRT may keep constants.
LEVELS = 65505


@functools.cache
def linear_levels() -> np.ndarray:
    """Returns the linear light of each 8-bit level of sRGB: floats ``(256,)``.

    >>> linear_levels()[[0, 128, 255]].round(3)
    array([0.   , 0.216, 1.   ], dtype=float32)
    """
    return ops.convert_to_numpy(srgb_to_linear(np.arange(256, dtype="float32") / 255))


@functools.cache
def light_of_levels() -> np.ndarray:
    """Returns what each level of each channel adds to the luminance: floats ``(3, 256)``.

    >>> light_of_levels()[:, 255].round(3)
    array([0.213, 0.715, 0.072], dtype=float32)
    """
    return (XYZ_FROM_RGB[1][:, None] * linear_levels()).astype("float32")


@functools.cache
def gray_light_of_levels() -> tuple[np.ndarray, np.ndarray]:
    """Returns the luminance of each grey level, and its cube root as Lab has it.

    >>> luminance, root = gray_light_of_levels()
    >>> luminance[255].round(3), root[255].round(3)
    (np.float32(1.0), np.float32(1.0))
    """
    luminance = light_of_levels().sum(axis=0)
    return luminance, lab_root(luminance)


@functools.cache
def srgb_of_light() -> np.ndarray:
    """Returns the 8-bit sRGB of `LEVELS` evenly spaced amounts of linear light, from none to all.

    >>> srgb_of_light()[[0, LEVELS // 5, LEVELS - 1]]
    array([  0, 124, 255], dtype=uint8)
    """
    return to_uint8(linear_to_srgb(np.linspace(0, 1, LEVELS, dtype="float32")))


def lab_root(luminance: np.ndarray) -> np.ndarray:
    """Returns the cube root of luminance, with a straight foot, as Lab has it."""
    luminance = np.asarray(luminance)
    root, dark = np.asarray(np.cbrt(luminance)), luminance <= np.float32(LAB_FOOT)
    if dark.any():
        root[dark] = np.float32(FOOT_SLOPE) * luminance[dark] + np.float32(FOOT_START)
    return root
