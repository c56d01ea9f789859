"""Bilinear sampling: values of pictures between their pixels."""

from keras import ops

from kcolor.utils.types import Tensor


def bilinear(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Returns the values of pictures at places between their pixels.

    >>> ramp = np.arange(4, dtype="float32").reshape(1, 1, 4, 1)
    >>> ops.convert_to_numpy(bilinear(ramp, np.zeros((1, 1, 2), "float32"), np.float32([[[0.5, 2.25]]])))[0, 0, :, 0]
    array([0.5 , 2.25], dtype=float32)

    Args:
        images: Float tensor ``(batch, height, width, channels)``.
        rows: Float tensor ``(batch, y, x)``. Row of each place, counted from the middle of the first pixel. Places outside
            a picture have the value at its edge.
        columns: Float tensor ``(batch, y, x)``. Column of each place.

    Returns:
        Tensor ``(batch, y, x, channels)``, in the range of `images`.
    """
    batch, height, width, channels = ops.shape(images)
    (top, bottom, down), (left, right, across) = neighbors(rows, height), neighbors(columns, width)
    down, across = down[..., None], across[..., None]
    pixels = ops.reshape(images, (-1, channels))
    first = ops.reshape(ops.arange(batch, dtype="int32") * (height * width), (-1, 1, 1))

    def row(y):
        return _mix(*(ops.take(pixels, first + y * width + x, axis=0) for x in (left, right)), across)

    return _mix(row(top), row(bottom), down)


def neighbors(place: Tensor, size: int | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the two pixels of a row between which each place lies, and the share of the second.

    >>> before, after, share = neighbors(np.float32([-3.0, 1.25, 9.0]), 4)
    >>> [ops.convert_to_numpy(part).tolist() for part in (before, after, share)]
    [[0, 1, 3], [1, 2, 3], [0.0, 0.25, 0.0]]

    Args:
        place: Float tensor of any shape, counted from the middle of the first pixel. It is clipped to the row.
        size: How many pixels the row has: an integer, or a tensor while a graph is made.

    Returns:
        ``(before, after, share)``: two int32 tensors in 0..size - 1, and floats in [0, 1), of the shape of `place`.
    """
    place = ops.clip(place, 0.0, ops.cast(size, "float32") - 1.0)
    before = ops.cast(ops.floor(place), "int32")
    return before, ops.minimum(before + 1, size - 1), place - ops.cast(before, "float32")


def _mix(a, b, share):
    return a * (1 - share) + b * share
