"""Turning, cutting and zooming pictures: one bilinear resampling of a batch, each picture its own way."""

import math

from keras import ops


def warp(photos, angle, window, shift):
    """Looks at each picture through a window of a given size, turned and moved, and stretches the view to the full size.

    This is `keras.ops.image.affine_transform` with ``fill_mode="reflect"``, to 1e-4. TensorFlow's XLA has no kernel for that
    one, and on the CPU this is as fast there and several times faster on JAX and PyTorch.

    Args:
        photos: float32 ``(batch, height, width, channels)``.
        angle: degrees, ``(batch,)``; positive angles turn what is in the picture anticlockwise.
        window: its height and width as shares of the picture's, ``(batch, 2)``.
        shift: how far its centre lies from that of the picture, as shares of height and width, ``(batch, 2)``.

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
    return _bilinear(photos, rows + _middle(height), columns + _middle(width))


def _bilinear(photos, rows, columns):
    """Pictures ``(b, h, w, c)`` at rows and columns ``(b, y, x)``, counted in pixels from the first one's middle."""
    batch, height, width, channels = ops.shape(photos)
    (top, bottom, down), (left, right, across) = _neighbours(rows, height), _neighbours(columns, width)
    pixels = ops.reshape(photos, (-1, channels))
    first = ops.reshape(ops.arange(batch) * (height * width), (-1, 1, 1))

    def row(y):
        return _mix(*(ops.take(pixels, first + y * width + x, axis=0) for x in (left, right)), across)

    return _mix(row(top), row(bottom), down)


def _neighbours(place, size):
    """The two pixels between which a place lies, mirrored into the picture, and the second one's share."""
    last = ops.cast(size, "float32") - 1
    place = ops.clip(_mirror(place, size), 0.0, last)
    before = ops.floor(place)
    return ops.cast(before, "int32"), ops.cast(ops.minimum(before + 1, last), "int32"), (place - before)[..., None]


def _mirror(place, size):
    """Places in -inf..inf to -0.5..size - 0.5, the picture repeated in mirror images: ``d c b a | a b c d | d c b a``."""
    size = ops.cast(size, "float32")
    place = ops.mod(place + 0.5, 2 * size)
    return ops.minimum(place, 2 * size - place) - 0.5


def _mix(a, b, share):
    return a * (1 - share) + b * share


def _middle(size):
    return (ops.cast(size, "float32") - 1) / 2


def _centred(size):
    return ops.cast(ops.arange(size), "float32") - _middle(size)
