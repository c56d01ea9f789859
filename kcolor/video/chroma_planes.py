"""Paints a film's two planes of colour; its light stays as it is.

What a and b of Lab mean at a level of light is looked up in a table, which is made once. A colour that does not exist at that
light becomes the nearest in hue that does, so that players have nothing to clip.
"""

import functools

import cv2
import numpy as np
from keras import ops

from kcolor.color import rgb_to_lightness
from kcolor.video.layout import MATRICES, Layout
from kcolor.video.numpy_lab import rgb_of_lab
from kcolor.video.pixels import small_light

_STEP, _REACH = 4.0, 128.0  # of a and b in the table
_SIDE = int(2 * _REACH / _STEP) + 1
_LEVELS = 256
_GRAIN = 1.2  # pixels of the film: so much its light is smoothed before colours are painted on it


class ChromaPainter:
    """Paints the planes of colour of a film's frames.

    Args:
        layout: `Layout` that is written.
        size: Pair of integers (height, width) of the film.
    """

    def __init__(self, layout: Layout, size: tuple[int, int]):
        self.layout, self.size = layout, layout.chroma_size(*size)
        self._table = difference_table(layout.matrix)
        self._lightness = _lightness_of_levels()

    def __call__(self, coefficients: np.ndarray, light: np.ndarray, strength: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Returns the two planes of colour.

        Args:
            coefficients: Floats ``(h, w, 4)``: chroma as a function of lightness, as
                `kcolor.video.coefficients.coefficients` returns it. They are stretched to the planes' size.
            light: Floats in [0, 1], of the planes' size.
            strength: Float. Factor on the chroma.
        """
        levels = np.rint(light * (_LEVELS - 1)).astype("uint8")
        lightness = cv2.LUT(levels, self._lightness)
        slopes_and_offsets = cv2.split(cv2.resize(coefficients, self.size[::-1], interpolation=cv2.INTER_LINEAR))
        places = []  # in the table; plane by plane, because NumPy is slow where the last axis has two numbers
        for slope, offset in zip(slopes_and_offsets[:2], slopes_and_offsets[2:], strict=True):
            chroma = (slope * lightness + offset) * np.float32(strength)
            places.append(np.clip((chroma + np.float32(_REACH)) * np.float32(1 / _STEP), 0, _SIDE - 1.01))
        found = cv2.remap(self._table, places[1], places[0] + levels * np.float32(_SIDE), cv2.INTER_LINEAR)
        cb, cr = (self._numbers(plane) for plane in cv2.split(found))
        return cb, cr

    def _numbers(self, difference):
        numbers = difference * np.float32(self.layout.chroma_extent) + np.float32(self.layout.neutral + 0.5)
        return np.minimum(numbers, (1 << self.layout.depth) - 1).astype(self.layout.dtype)

    def light_of(self, luma: np.ndarray, layout: Layout) -> np.ndarray:
        """Returns the light of a frame as it is painted on: of the planes' size, and without the finest grain.

        Colour is a function of light here, and a steep one at edges: grain would come back as coloured grain.

        Args:
            luma: The frame's light.
            layout: `Layout` of it.
        """
        light = small_light(luma, layout, self.size)
        return cv2.GaussianBlur(light, (0, 0), _GRAIN / max(1, *self.layout.steps))

    def lightness(self, light: np.ndarray) -> np.ndarray:
        """Returns lightness in [0, 1], L of Lab divided by 100, of light in [0, 1]."""
        return self._lightness[np.rint(light * (_LEVELS - 1)).astype("uint8")]

    def neutral(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns planes without colour."""
        plane: np.ndarray = np.full(self.size, self.layout.neutral, self.layout.dtype)
        return plane, plane


@functools.cache
def difference_table(matrix: str) -> np.ndarray:
    """Returns the colour differences (Cb, Cr), in [-0.5, 0.5], of every level of light, a and b.

    Args:
        matrix: String, one of `kcolor.video.layout.MATRICES`.

    Returns:
        Floats ``(levels * side, side, 2)``: rows are levels and, within each, a; columns are b.
    """
    red, blue = MATRICES[matrix]
    weights = np.array([red, 1 - red - blue, blue], "float32")
    axis = np.linspace(-_REACH, _REACH, _SIDE, dtype="float32")
    gray = np.linspace(0, 1, _LEVELS, dtype="float32")[:, None, None]
    rgb = rgb_of_lab(100 * _lightness_of_levels()[:, None, None], axis[:, None], axis)
    luma = sum(channel * weight for channel, weight in zip(rgb, weights, strict=True))
    differences = [channel - luma for channel in rgb]
    share = np.float32(1)
    for difference in differences:
        room = np.where(difference > 0, 1 - gray, gray)
        share = np.minimum(share, room / np.maximum(np.abs(difference), 1e-6))
    found = [differences[2] * share / (2 * (1 - blue)), differences[0] * share / (2 * (1 - red))]
    return np.stack(found, axis=-1).reshape(_LEVELS * _SIDE, _SIDE, 2).astype("float32")


@functools.cache
def _lightness_of_levels():
    """L of Lab, divided by 100, of the levels of grey."""
    gray = np.linspace(0, 1, _LEVELS, dtype="float32")[:, None].repeat(3, axis=1)
    return ops.convert_to_numpy(rgb_to_lightness(gray))[:, 0] / np.float32(100)
