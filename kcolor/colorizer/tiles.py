"""Paints ab chroma onto a photo of 8 bits: in NumPy, tile by tile, so that a tile stays in the processor's cache.

It computes what `kcolor.colorizer.painting.paint` computes for targets whose chroma is ab, to one level of 255, without what
does not change from pixel to pixel: the curves of 8-bit values are tables, chroma is stretched along rows once, and only the
colours that sRGB does not have go through `kcolor.color.fit_gamut`.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kcolor.color.gamut import fit_channels
from kcolor.color.lab import FOOT_SLOPE, FOOT_START, LAB_FOOT_ROOT, RGB_FROM_XYZ, WHITE, XYZ_FROM_RGB
from kcolor.colorizer.curve_tables import (
    LEVELS,
    LUMA_SLOPE,
    LUMA_START,
    gray_light_of_levels,
    lab_root,
    light_of_levels,
    srgb_of_light,
)
from kcolor.images.arrays import is_gray
from kcolor.utils.processors import cpus

_PIXELS = 1 << 17  # of a tile: with fewer, threads wait for Python; with more, its dozen planes leave the cache
_TILES = 8  # of a band
_PRODUCT = 1 << 18  # multiplications of a product of matrices, at most: with more, BLAS would start threads of its own
_WORKERS = min(4, cpus())


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
    rows = min(height, max(1, _PIXELS // width))

    def band(tops):
        outside, buffers = _Outside(), _Buffers(rows * width)
        for top in tops:
            where = slice(top, min(top + rows, height))
            outside.add(top * width, *_paint(photo[where], chroma, where, result[where], buffers))
        outside.paint(result.reshape(-1, 3))

    tops = range(0, height, rows)
    bands = [tops[first : first + _TILES] for first in range(0, len(tops), _TILES)]
    if len(bands) == 1:
        band(bands[0])
        return result
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(band, bands))
    return result


class _Buffers:
    """What a tile is computed in. The next tile takes it again: memory that is new costs as much as what is computed in it."""

    def __init__(self, count):
        self.levels, self.encoded = np.empty(count, "intp"), np.empty(count, "uint8")
        self.fy, self.slope, self.offset = (np.empty(count, "float32") for _ in range(3))
        self.xyz = np.ones((4, count), "float32")  # and a row of ones, for what is added to every product
        self.channels = np.empty((3, count), "float32")


class _Chroma:
    """Coefficients, stretched bilinearly: along each row at once, from row to row when a tile asks.

    Stretched are the coefficients of what Lab goes through to light: fx = fy + a / 500 and fz = fy - b / 200. As a and b are
    linear in luma and luma is linear in fy, fx and fz are linear in fy.
    """

    def __init__(self, coefficients, height, width):
        left, right, share = _between(width, coefficients.shape[1])
        slopes, offsets = np.split(np.moveaxis(coefficients, -1, 0) / np.float32([500, -200, 500, -200])[:, None, None], 2)
        scaled = (1 + np.float32(LUMA_SLOPE) * slopes, np.float32(LUMA_START) * slopes + offsets)
        self._planes = [
            [one.take(left, axis=1) * (1 - share) + one.take(right, axis=1) * share for one in each] for each in scaled
        ]
        self._above, self._below, self._down = _between(height, coefficients.shape[0])

    def along(self, number, where, fy, buffers):
        """fx (number 0) or fz (number 1) at some rows of the photo."""
        above, below, down = (part[where] for part in (self._above, self._below, self._down))
        rows, first = np.arange(len(down)), above[0]
        mix = np.zeros((len(down), below[-1] + 1 - first), "float32")
        mix[rows, above - first] = 1 - down
        mix[rows, below - first] += down
        slope, offset = (part[: len(fy)] for part in (buffers.slope, buffers.offset))
        for planes, found in zip(self._planes, (slope, offset), strict=True):
            _product(mix, planes[number][first : first + mix.shape[1]], found.reshape(len(down), -1))
        slope *= fy
        slope += offset
        return slope


def _between(new, old):
    """The two of `old` pixels between which the centre of each of `new` pixels lies, and its distance from the first."""
    place = np.clip((np.arange(new, dtype="float32") + np.float32(0.5)) * np.float32(old / new) - np.float32(0.5), 0, old - 1)
    before = place.astype(int)
    return before, np.minimum(before + 1, old - 1), (place - before).astype("float32")


def _product(matrix, planes, result):
    """Writes the product of a small matrix and long rows into the result."""
    step = max(1, _PRODUCT // matrix.size)
    for first in range(0, planes.shape[1], step):
        np.matmul(matrix, planes[:, first : first + step], out=result[:, first : first + step])


def _paint(photo, chroma, where, result, buffers):
    """Paints a tile into its place in the result; returns the pixels whose colours sRGB does not have, and these colours."""
    count = photo.shape[0] * photo.shape[1]
    xyz, channels = buffers.xyz[:, :count], buffers.channels[:, :count]
    fy = _light_of(photo, xyz[1], buffers)
    for number, light in enumerate((xyz[0], xyz[2])):
        _lab_power(chroma.along(number, where, fy, buffers), light)
    _product(_LEVELS_FROM_XYZ, xyz, channels)
    places = _outside(channels)
    colors = [part.take(places) for part in (*channels, xyz[1])]
    levels, encoded, pixels = buffers.levels[:count], buffers.encoded[:count], result.reshape(-1, 3)
    for number, channel in enumerate(channels):
        levels[...] = channel
        srgb_of_light().take(levels, out=encoded, mode="clip")  # those outside are painted later
        pixels[:, number] = encoded
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
            linear = [(channel - np.float32(0.5)) / np.float32(LEVELS - 1) for channel in channels]
            fitted = fit_channels(linear, luminance, _WEIGHTS, np)
            pixels[np.concatenate(self._places)] = _encoded(np.stack(fitted, axis=-1))


def _encoded(linear):
    """8-bit sRGB of linear light in [0, 1]."""
    return srgb_of_light().take((linear * np.float32(LEVELS - 1) + np.float32(0.5)).astype("intp"))


def _outside(channels):
    """Numbers of the pixels with a channel that is not one of the levels."""
    # The bits of floats above 0 are in the order of the floats; those of negative ones are above all of them.
    bits = channels.view("uint32")
    most = np.maximum(bits[0], bits[1])
    np.maximum(most, bits[2], out=most)
    return np.flatnonzero(most >= _END) if most.max() >= _END else _NONE


def _light_of(photo, luminance, buffers):
    """Writes a tile's luminance, and returns its cube root as Lab has it."""
    red, green, blue = (photo[..., number] for number in range(3))
    levels, fy = buffers.levels[: luminance.size], buffers.fy[: luminance.size]
    levels[...] = red.reshape(-1)
    if is_gray(photo):
        for table, found in zip(gray_light_of_levels(), (luminance, fy), strict=True):
            table.take(levels, out=found, mode="clip")
        return fy
    light_of_levels()[0].take(levels, out=luminance, mode="clip")
    for table, channel in zip(light_of_levels()[1:], (green, blue), strict=True):
        levels[...] = channel.reshape(-1)
        luminance += table.take(levels)
    fy[...] = lab_root(luminance)
    return fy


def _lab_power(f, light):
    """Writes the light of a cube root."""
    np.multiply(f, f, out=light)
    light *= f
    if f.min() <= np.float32(LAB_FOOT_ROOT):
        low = f <= np.float32(LAB_FOOT_ROOT)
        light[low] = np.maximum((f[low] - np.float32(FOOT_START)) / np.float32(FOOT_SLOPE), 0)


_WEIGHTS = XYZ_FROM_RGB[1]
# From light to the number of its level, rounded: 0.5 is added to every product.
_LEVELS_FROM_XYZ = np.column_stack([RGB_FROM_XYZ * WHITE * (LEVELS - 1), np.full(3, 0.5)]).astype("float32")
_END, _NONE = np.float32(LEVELS).view("uint32"), np.empty(0, "intp")
