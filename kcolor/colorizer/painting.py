"""Painting: small chroma onto a large photo, along the photo's own edges.

A network answers chroma at a fraction of the photo's resolution. Stretched smoothly it bleeds over every edge. So around each
pixel of the small picture chroma is written as a linear function of lightness (a guided filter: He, Sun, Tang 2010), and it is
the two coefficients of that function that are stretched (its fast version: He, Sun 2015): colour then changes where, and as
sharply as, the photo's lightness does.
"""

import numpy as np
from keras import ops

from kcolor.images import arrays
from kcolor.utils.compile import Compiled, Graph

SMALL = 1 << 18  # pixels: photos of fewer are painted at once, larger ones in pieces of so many, compiled once for all sizes


def paint(target, coefficients, rgb):
    """Photos in the colours of some coefficients.

    Args:
        target: the colour target that the chroma is of.
        coefficients: ``(batch, h, w, 2 * channels)``, stretched to the photos' size.
        rgb: the photos, floats ``(batch, height, width, 3)`` in [0, 1].

    Returns:
        RGB in [0, 1] of the photos' size and lightness.
    """
    same = tuple(coefficients.shape[1:3]) == tuple(rgb.shape[1:3])
    if same and None not in rgb.shape[1:3]:
        return _joined(target, coefficients, rgb)
    small, full = ops.shape(coefficients)[1:3], ops.shape(rgb)[1:3]
    batch, table = ops.shape(rgb)[0], ops.reshape(coefficients, (-1, small[0] * small[1], coefficients.shape[-1]))
    pixels = ops.reshape(rgb, (batch, full[0] * full[1], 3))
    stretched = _stretched(table, (*small, *full), ops.arange(full[0] * full[1]))
    return ops.reshape(_joined(target, stretched, pixels), (batch, *full, 3))


class Painter:
    """`paint` for one photo of any size in uint8, in bounded memory.

    Args:
        target: the colour target.
    """

    def __init__(self, target):
        self._target = target
        self._painted, self._painted_piece = Graph(self.whole), Compiled(self.piece)

    def __call__(self, coefficients, photo):
        """Paints one photo.

        Args:
            coefficients: ``(h, w, 2 * channels)``.
            photo: ``(height, width, 3)``, uint8 or floats in [0, 1], numpy.

        Returns:
            uint8 RGB of the photo's size.
        """
        height, width = photo.shape[:2]
        if height * width <= SMALL:
            return ops.convert_to_numpy(self._painted(coefficients[None], photo[None])[0])
        pixels, result = photo.reshape(-1, 3), np.empty((height * width, 3), "uint8")
        table = _padded(ops.convert_to_numpy(coefficients).reshape(-1, coefficients.shape[-1]), _power_of_two)
        for first in range(0, len(pixels), SMALL):
            piece = pixels[first : first + SMALL]
            where = np.array([*coefficients.shape[:2], height, width, first], "int32")
            painted = self._painted_piece({"table": table, "pixels": _padded(piece, lambda _: SMALL), "where": where})
            result[first : first + len(piece)] = painted[: len(piece)]
        return result.reshape(height, width, 3)

    def whole(self, coefficients, batch):
        """Photos in one piece, as tensors: `paint`, from and to 8 bits."""
        return arrays.rounded(paint(self._target, coefficients, arrays.to_float(batch)))

    def piece(self, given):
        """`SMALL` pixels of a photo, as tensors.

        Args:
            given: ``pixels`` ``(SMALL, 3)``; ``table``, the coefficients one below the other, and zeros up to a power of two;
                ``where``: the coefficients' height and width, the photo's, and which pixel of it is the first.

        Returns:
            uint8 RGB ``(SMALL, 3)``.
        """
        where = ops.unstack(given["where"], 5)
        rgb = arrays.to_float(given["pixels"])[None]
        stretched = _stretched(given["table"][None], where[:4], ops.arange(SMALL) + where[4])
        return arrays.rounded(_joined(self._target, stretched, rgb)[0])


def _joined(target, coefficients, rgb):
    slope, offset = ops.split(coefficients, 2, axis=-1)
    return target.join(slope * target.luma(rgb) + offset, rgb)


def _stretched(table, sizes, index):
    """Bilinear values of a picture ``(batch, h * w, channels)`` where a larger one has its pixels of these numbers."""
    height, width, full_height, full_width = sizes
    top, bottom, down = _between(index // full_width, height, full_height)
    left, right, along = _between(index % full_width, width, full_width)
    rows = []
    for row in (top, bottom):
        first, second = (ops.take(table, row * width + column, axis=1) for column in (left, right))
        rows.append(first + (second - first) * along)
    return rows[0] + (rows[1] - rows[0]) * down


def _between(place, old, new):
    """The two of `old` pixels between which the centre of one of `new` lies, and how far it is from the first."""
    old_side, new_side = (ops.cast(side, "float32") for side in (old, new))
    place = ops.clip((ops.cast(place, "float32") + 0.5) * (old_side / new_side) - 0.5, 0.0, old_side - 1.0)
    before = ops.cast(ops.floor(place), "int32")
    return before, ops.minimum(before + 1, old - 1), (place - ops.cast(before, "float32"))[:, None]


def _padded(rows, count):
    """Rows with as many more below as it takes: what is compiled for a size is not compiled again."""
    return np.pad(rows, ((0, count(len(rows)) - len(rows)), (0, 0)))


def _power_of_two(count):
    return 1 << (count - 1).bit_length()
