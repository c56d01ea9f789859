"""Paints small chroma onto a large photo, along the photo's own edges.

A network outputs chroma at a fraction of the photo's resolution. Stretched smoothly, it bleeds over every edge. So chroma is
written as a linear function of lightness around each small pixel (the guided filter: He, Sun, Tang 2010), and the two
coefficients of that function are stretched instead (its fast version: He, Sun 2015). Colour then changes where the photo's
lightness does, and as sharply.
"""

import numpy as np
from keras import ops

from kcolor.colorizer.tiles import paint_ab
from kcolor.images import arrays
from kcolor.images.sampling import neighbors
from kcolor.targets import ColorTarget
from kcolor.utils.compile import Compiled, Graph
from kcolor.utils.types import Tensor

# Pixels. Photos up to this size are painted at once, larger ones in pieces of this size: one compilation serves all sizes.
PIXELS_AT_ONCE = 1 << 18


def paint(target: ColorTarget, coefficients: Tensor, rgb: Tensor) -> Tensor:
    """Paints photos, as tensors.

    Args:
        target: `ColorTarget` whose chroma the coefficients give.
        coefficients: ``(batch, h, w, 2 * channels)``: slopes, then offsets. They are stretched to the photos' size.
        rgb: Floats ``(batch, height, width, 3)`` in [0, 1]. The photos.

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
    """Paints one photo of any size in 8 bits, in bounded memory.

    Args:
        target: `ColorTarget` whose chroma the coefficients give.
    """

    def __init__(self, target: ColorTarget):
        self._target = target
        self._painted, self._painted_piece = Graph(self.whole), Compiled(self.piece)

    def __call__(self, coefficients: Tensor, photo: np.ndarray) -> np.ndarray:
        """Paints one photo.

        Args:
            coefficients: ``(h, w, 2 * channels)``.
            photo: ``(height, width, 3)``, uint8 or floats in [0, 1].

        Returns:
            uint8 RGB of the photo's size.
        """
        if self._target.chroma_is_ab and photo.dtype == np.uint8:
            return paint_ab(ops.convert_to_numpy(coefficients), photo)
        height, width = photo.shape[:2]
        if height * width <= PIXELS_AT_ONCE:
            return ops.convert_to_numpy(self._painted(coefficients[None], photo[None])[0])
        pixels, result = photo.reshape(-1, 3), np.empty((height * width, 3), "uint8")
        table = _padded(ops.convert_to_numpy(coefficients).reshape(-1, coefficients.shape[-1]), _power_of_two)
        where = [*coefficients.shape[:2], height, width]
        firsts = range(0, len(pixels), PIXELS_AT_ONCE)
        pieces = (
            {
                "table": table,
                "pixels": _padded(pixels[first : first + PIXELS_AT_ONCE], lambda _: PIXELS_AT_ONCE),
                "where": np.array([*where, first], "int32"),
            }
            for first in firsts
        )
        for first, painted in zip(firsts, self._painted_piece.each(pieces), strict=True):
            result[first : first + PIXELS_AT_ONCE] = painted[: height * width - first]
        return result.reshape(height, width, 3)

    def whole(self, coefficients: Tensor, batch: Tensor) -> Tensor:
        """Paints photos in one piece, as tensors: `paint` from and to 8 bits."""
        return arrays.rounded(paint(self._target, coefficients, arrays.to_float(batch)))

    def piece(self, given: dict[str, Tensor]) -> Tensor:
        """Paints `PIXELS_AT_ONCE` pixels of a photo, as tensors.

        Args:
            given: Dict of ``pixels``, ``(PIXELS_AT_ONCE, 3)``; ``table``, the coefficients in one column, with zeros up to a
                power of two; and ``where``, five integers: the coefficients' height and width, the photo's, and the number of
                the first pixel.

        Returns:
            uint8 RGB ``(PIXELS_AT_ONCE, 3)``.
        """
        where = ops.unstack(given["where"], 5)
        rgb = arrays.to_float(given["pixels"])[None]
        stretched = _stretched(given["table"][None], where[:4], ops.arange(PIXELS_AT_ONCE) + where[4])
        return arrays.rounded(_joined(self._target, stretched, rgb)[0])


def _joined(target, coefficients, rgb):
    slope, offset = ops.split(coefficients, 2, axis=-1)
    return target.join(slope * target.luma(rgb) + offset, rgb)


def _stretched(table, sizes, index):
    """Bilinear values of a picture ``(batch, h * w, channels)`` at the pixels of a larger one that have these numbers."""
    height, width, full_height, full_width = sizes
    top, bottom, down = _between(index // full_width, height, full_height)
    left, right, along = _between(index % full_width, width, full_width)
    rows = []
    for row in (top, bottom):
        first, second = (ops.take(table, row * width + column, axis=1) for column in (left, right))
        rows.append(first + (second - first) * along)
    return rows[0] + (rows[1] - rows[0]) * down


def _between(place, old, new):
    """The two of `old` pixels between which the centre of one of `new` pixels lies, and its distance from the first."""
    old_side, new_side = (ops.cast(side, "float32") for side in (old, new))
    before, after, share = neighbors((ops.cast(place, "float32") + 0.5) * (old_side / new_side) - 0.5, old)
    return before, after, share[:, None]


def _padded(rows, count):
    """Rows, with rows of zeros below up to a count: what is compiled for that count is not compiled again."""
    return np.pad(rows, ((0, count(len(rows)) - len(rows)), (0, 0)))


def _power_of_two(count):
    return 1 << (count - 1).bit_length()
