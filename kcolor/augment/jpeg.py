"""What JPEG leaves of a picture: blocks of eight by eight pixels, in which fine waves are rounded."""

import math

import numpy as np
from keras import ops

from kcolor import color
from kcolor.images.graph_sizes import ceiling
from kcolor.images.resizing import mirror_pad
from kcolor.utils.types import Tensor

# The steps of luma in the standard (ITU-T T.81, table K.1), of 255, at quality 50. Down are slow to fast waves from row to row.
STEPS = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    "float32",
)
MOST = 5.0  # times these steps at strength 1: quality 10


def compress(photos: Tensor, strength: Tensor) -> Tensor:
    """Rounds the luma of pictures as JPEG does. Colour stays.

    >>> flat = ops.full((1, 8, 8, 3), 0.503)  # a block has its mean in steps of 2 * 5 / 255
    >>> ops.convert_to_numpy(compress(flat, ops.ones((1, 1, 1, 1))))[0, 0, 0].round(3)
    array([0.502, 0.502, 0.502], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, 3)``. RGB in [0, 1].
        strength: Float tensor ``(batch, 1, 1, 1)`` in (0, 1]. 1 is quality 10, 0.2 is quality 50, 0.04 is quality 90.

    Returns:
        float32 tensor of the same shape, not clipped. The change is the same in all channels.
    """
    batch, height, width, _ = ops.shape(photos)
    rows, columns = ceiling(height, 8), ceiling(width, 8)
    luma = mirror_pad(color.rgb_to_gray(photos) - 128 / 255, (8 * rows, 8 * columns))
    blocks = ops.transpose(ops.reshape(luma, (batch, rows, 8, columns, 8)), (0, 1, 3, 2, 4))
    waves = ops.convert_to_tensor(_waves())
    amounts = ops.matmul(ops.reshape(blocks, (batch, -1, 64)), waves)
    steps = ops.reshape(strength, (-1, 1, 1)) * ops.convert_to_tensor(MOST / 255 * STEPS.ravel())
    lost = ops.round(amounts / steps) * steps - amounts
    change = ops.reshape(ops.matmul(lost, ops.transpose(waves)), (batch, rows, columns, 8, 8))
    change = ops.reshape(ops.transpose(change, (0, 1, 3, 2, 4)), (batch, 8 * rows, 8 * columns, 1))
    return photos + change[:, :height, :width]


def _waves():
    """The 64 waves of a block, a column each: products of cosines down and across, of length 1."""
    cosines = np.array([[math.cos((2 * place + 1) * wave * math.pi / 16) for wave in range(8)] for place in range(8)])
    cosines *= np.sqrt([0.125] + [0.25] * 7)
    return np.kron(cosines, cosines).astype("float32")
