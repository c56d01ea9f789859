"""Paints ab chroma onto a photo of 8 bits: in NumPy, tile by tile, so that a tile stays in the processor's cache.

It computes what `kcolor.colorizer.painting.paint` computes for targets whose chroma is ab, to one level of 255, without what
does not change from pixel to pixel: the curves of 8-bit values are tables, chroma is stretched along rows once, and only the
colours that sRGB does not have go through `kcolor.color.fit_gamut`.
"""

import functools
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from keras import ops

from kcolor.color.gamut import fit_channels
from kcolor.color.lab import FOOT_SLOPE, FOOT_START, LAB_FOOT, LAB_FOOT_ROOT, RGB_FROM_XYZ, WHITE, XYZ_FROM_RGB
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear
from kcolor.images.arrays import to_uint8

_PIXELS = 1 << 16  # of a tile: its dozen planes fit into a cache of 2 MB or so, and threads seldom wait for Python
_TILES = 16  # of a band
_LEVELS = 1 << 16  # of linear light: the darkest of 255 levels is 20 of them wide
_WORKERS = min(4, os.cpu_count() or 1)


def paint_ab(coefficients: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """Paints one photo.

    >>> gray = np.full((4, 6, 3), 119, "uint8")
    >>> paint_ab(np.float32([[[0, 0, 40, 20]]]), gray)[0, 0]
    array([188,  88,  87], dtype=uint8)

    Args:
        coefficients: Floats ``(h, w, 4)``: slopes of a and b by luma, then offsets. They are stretched to the photo's size.
        photo: uint8 array ``(height, width, 3)``.

    Returns:
        uint8 RGB of the photo's size and lightness.
    """
    height, width = photo.shape[:2]
    result = np.empty((height, width, 3), "uint8")
    chroma = _Chroma(np.asarray(coefficients, "float32"), height, width)
    rows = max(1, _PIXELS // width)

    def band(tops):
        outside = _Outside()
        for top in tops:
            where = slice(top, min(top + rows, height))
            outside.add(top * width, *_paint(photo[where], chroma.rows(where), result[where]))
        outside.paint(result.reshape(-1, 3))

    tops = range(0, height, rows)
    bands = [tops[first : first + _TILES] for first in range(0, len(tops), _TILES)]
    if len(bands) == 1:
        band(bands[0])
        return result
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(band, bands))
    return result


class _Chroma:
    """Coefficients, stretched bilinearly: along each row at once, from row to row when a tile asks."""

    def __init__(self, coefficients, height, width):
        left, right, share = _between(width, coefficients.shape[1])
        # As f of Lab needs them: fx = fy + a / 500, fz = fy - b / 200; two planes of slopes, two of offsets.
        scaled = np.ascontiguousarray(np.moveaxis(coefficients, -1, 0)) / np.float32([500, -200, 500, -200])[:, None, None]
        self._planes = [one.take(left, axis=1) * (1 - share) + one.take(right, axis=1) * share for one in scaled]
        self._steps = [np.diff(plane, axis=0, append=plane[-1:]) for plane in self._planes]
        self._top, _, self._down = _between(height, coefficients.shape[0])

    def rows(self, where):
        """The four planes at some rows of the photo."""
        top, down = self._top[where], self._down[where, None]
        found = []
        for plane, step in zip(self._planes, self._steps, strict=True):
            values = step.take(top, axis=0)
            values *= down
            values += plane.take(top, axis=0)
            found.append(values)
        return found


def _between(new, old):
    """The two of `old` pixels between which the centre of each of `new` pixels lies, and its distance from the first."""
    place = np.clip((np.arange(new, dtype="float32") + np.float32(0.5)) * np.float32(old / new) - np.float32(0.5), 0, old - 1)
    before = place.astype(int)
    return before, np.minimum(before + 1, old - 1), (place - before).astype("float32")


def _paint(photo, chroma, result):
    """Paints a tile into its place in the result; returns the pixels whose colours sRGB does not have, and these colours."""
    luminance = _luminance(photo)
    fy = np.cbrt(luminance)
    dark = luminance <= np.float32(LAB_FOOT)
    if dark.any():
        fy[dark] = np.float32(FOOT_SLOPE) * luminance[dark] + np.float32(FOOT_START)
    luma = np.float32(1.16) * fy
    luma -= np.float32(0.16)
    x, z = (_lab_power(_along(luma, slope, offset, fy)) for slope, offset in zip(chroma[:2], chroma[2:], strict=True))
    channels, spare = [], np.empty_like(x)
    for row in _RGB_FROM_XYZ:
        channel = row[0] * x
        channel += np.multiply(luminance, row[1], out=spare)
        channel += np.multiply(z, row[2], out=spare)
        channels.append(channel)
    places = _outside(channels)
    colors = [part.take(places) for part in (*channels, luminance)]
    for number, channel in enumerate(channels):
        channel.put(places, 0)
        result[..., number] = _encoded(channel)
    return places, colors


class _Outside:
    """Colours that sRGB does not have, of several tiles: they are fitted together, since a few take as long as thousands."""

    def __init__(self):
        self._places, self._colors = [], []

    def add(self, first, places, colors):
        """Keeps the pixels of a tile whose first pixel has this number."""
        if len(places):
            self._places.append(places + first)
            self._colors.append(colors)

    def paint(self, pixels):
        """Paints them in a photo's pixels ``(count, 3)``."""
        if self._places:
            *channels, luminance = (np.concatenate(parts) for parts in zip(*self._colors, strict=True))
            fitted = fit_channels(channels, luminance, _WEIGHTS, np)
            pixels[np.concatenate(self._places)] = np.stack([_encoded(channel) for channel in fitted], axis=-1)


def _outside(channels):
    """Numbers of the pixels with a channel outside [0, 1]."""
    # The bits of floats in [0, 1] are in the order of the floats; those of negative ones are above all of them.
    bits = [channel.view("uint32") for channel in channels]
    most = np.maximum(bits[0], bits[1])
    np.maximum(most, bits[2], out=most)
    return np.flatnonzero(most > _ONE) if most.max() > _ONE else _NONE


def _encoded(channel):
    """8-bit sRGB of linear light, which is overwritten."""
    channel *= np.float32(_LEVELS - 1)
    channel += np.float32(0.5)
    return _curve().take(channel.astype("intp"))


def _luminance(photo):
    red, green, blue = (photo[..., number] for number in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return _light().sum(axis=0).take(red.astype("intp"))
    return sum(table.take(channel.astype("intp")) for table, channel in zip(_light(), (red, green, blue), strict=True))


def _along(luma, slope, offset, fy):
    slope *= luma
    slope += offset
    slope += fy
    return slope


def _lab_power(f):
    power = f * f
    power *= f
    low = f <= np.float32(LAB_FOOT_ROOT)
    if low.any():
        power[low] = np.maximum((f[low] - np.float32(FOOT_START)) / np.float32(FOOT_SLOPE), 0)
    return power


@functools.cache
def _light():
    """What each level of each channel has of luminance. (Made when a photo is painted, not when this is imported.)"""
    linear = ops.convert_to_numpy(srgb_to_linear(np.arange(256, dtype="float32") / 255))
    return (XYZ_FROM_RGB[1][:, None] * linear).astype("float32")


@functools.cache
def _curve():
    """The 8-bit sRGB of evenly spaced linear light."""
    return to_uint8(linear_to_srgb(np.linspace(0, 1, _LEVELS, dtype="float32")))


_WEIGHTS = XYZ_FROM_RGB[1]
_RGB_FROM_XYZ = (RGB_FROM_XYZ * WHITE).astype("float32")
_ONE, _NONE = np.float32(1).view("uint32"), np.empty(0, "intp")
