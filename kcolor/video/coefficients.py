"""Chroma as a local linear function of lightness, fitted only where the chroma is sure: the guided filter with weights.

`kcolor.images.guided_filter` says what it is for. Here each pixel has a weight: where colours could not be carried to, they
come from the pixels around that are as light.
"""

import cv2
import numpy as np

_FLATNESS = 2e-3  # variance of lightness, 0 to 1, below which a neighbourhood has no edge: grain is below it
_LEAST_WEIGHT = 1e-3  # of what is not sure at all: where nothing around is sure, it is better than nothing


def coefficients(chroma: np.ndarray, lightness: np.ndarray, sure: np.ndarray, reach: int) -> np.ndarray:
    """Returns chroma as a linear function of lightness around each pixel: slopes and offsets.

    >>> from kcolor.video.coefficients import coefficients
    >>> chroma, sure = np.zeros((9, 9, 2), "float32"), np.ones((9, 9), "float32")
    >>> chroma[4:, :, 0], chroma[4, 4, 0], sure[4, 4] = 10, -90, 0
    >>> lightness = chroma[..., 0].clip(0) / 20
    >>> lightness[4, 4] = 0.5
    >>> slope, _, offset, _ = coefficients(chroma, lightness, sure, reach=2)[4, 4]
    >>> bool(abs(slope * 0.5 + offset - 10) < 1)
    True

    Args:
        chroma: Floats ``(height, width, 2)``.
        lightness: Floats ``(height, width)`` in [0, 1].
        sure: Floats ``(height, width)`` in [0, 1]. How sure the chroma is.
        reach: Integer. How many pixels around each are looked at, on every side.

    Returns:
        Floats ``(height, width, 4)``: two slopes, then two offsets.
    """
    window = (2 * reach + 1, 2 * reach + 1)

    def mean(plane):
        return cv2.blur(plane, window, borderType=cv2.BORDER_REFLECT)

    # Plane by plane: NumPy is slow where the last axis has two or four numbers.
    weight = sure + np.float32(_LEAST_WEIGHT)
    light = weight * lightness
    density = mean(weight)
    level, square = mean(light) / density, mean(light * lightness) / density
    variance = np.maximum(square - level * level, 0) + np.float32(_FLATNESS)
    slopes, offsets = [], []
    for plane in cv2.split(np.ascontiguousarray(chroma)):
        average = mean(weight * plane) / density
        slopes.append((mean(light * plane) / density - level * average) / variance)
        offsets.append(average - slopes[-1] * level)
    # The mean of the functions around a pixel, each as sure as its neighbourhood.
    around = mean(density)
    return cv2.merge([mean(plane * density) / around for plane in (*slopes, *offsets)])
