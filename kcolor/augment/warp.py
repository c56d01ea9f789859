"""Turns, cuts and zooms pictures by one bilinear resampling, each picture of a batch differently."""

import math

from keras import ops

from kcolor.images.resizing import mirrored_places
from kcolor.images.sampling import bilinear
from kcolor.utils.types import Tensor


def warp(photos: Tensor, angle: Tensor, window: Tensor, shift: Tensor) -> Tensor:
    """Looks at each picture through a window, turned and moved, and stretches the view to the full size.

    This is `keras.ops.image.affine_transform` with ``fill_mode="reflect"``, to 1e-4. TensorFlow's XLA has no kernel for that
    function. On the CPU this one is as fast on TensorFlow, and several times faster on JAX and PyTorch.

    >>> photo = np.float32([[[[0], [1]], [[2], [3]]]])
    >>> turned = warp(photo, angle=[90.0], window=[[1.0, 1.0]], shift=[[0.0, 0.0]])
    >>> np.round(ops.convert_to_numpy(turned))[0, :, :, 0]
    array([[1., 3.],
           [0., 2.]], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, channels)``.
        angle: Float tensor ``(batch,)`` in degrees. Positive angles turn what is in the picture anticlockwise.
        window: Float tensor ``(batch, 2)``. Height and width of the window, as shares of the picture's.
        shift: Float tensor ``(batch, 2)``. How far the window's centre lies from the picture's, as shares of height and
            width.

    Returns:
        float32 tensor of the same shape, in the range of `photos`.
    """
    height, width = ops.shape(photos)[1:3]
    angle, window, shift = (ops.convert_to_tensor(x, "float32")[..., None, None] for x in (angle, window, shift))
    angle = angle * (math.pi / 180)
    cos, sin = ops.cos(angle), ops.sin(angle)
    down, right = _centred(height)[:, None] * window[:, 0], _centred(width) * window[:, 1]
    rows = down * cos + right * sin + shift[:, 0] * ops.cast(height, "float32")
    columns = right * cos - down * sin + shift[:, 1] * ops.cast(width, "float32")
    rows = mirrored_places(rows + _middle(height), height)
    return bilinear(photos, rows, mirrored_places(columns + _middle(width), width))


def _middle(size):
    return (ops.cast(size, "float32") - 1) / 2


def _centred(size):
    return ops.arange(size, dtype="float32") - _middle(size)
