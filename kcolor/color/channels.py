"""Checks and arithmetic that the colour spaces share."""

from collections.abc import Sequence

import numpy as np
from keras import backend, ops

from kcolor.utils.types import Tensor


def as_rgb(x: Tensor) -> Tensor:
    """Returns RGB as a float32 tensor.

    >>> ops.convert_to_numpy(kcolor.color.as_rgb([0.2, 0.5, 1.0]))
    array([0.2, 0.5, 1. ], dtype=float32)

    Args:
        x: Floats of shape ``(..., 3)``. They are not clipped.

    Raises:
        ValueError: If `x` has integers or another shape.
    """
    return three_channels(x, "RGB")


def three_channels(x: Tensor, name: str) -> Tensor:
    """Returns colours of any space as a float32 tensor.

    Args:
        x: Floats of shape ``(..., 3)``.
        name: Name of the colour space, for the message.

    Raises:
        ValueError: If `x` has integers or another shape.
    """
    x = as_float32(x)
    if len(x.shape) == 0 or x.shape[-1] != 3:
        raise ValueError(f"Expected {name} of shape (..., 3). Received shape: {tuple(x.shape)}")
    return x


def as_float32(x: Tensor) -> Tensor:
    """Returns floats of any shape as a float32 tensor.

    Args:
        x: Floats of any shape.

    Raises:
        ValueError: If `x` has integers, which would mostly be 8-bit pictures in 0..255.
    """
    x = ops.convert_to_tensor(x)
    dtype = backend.standardize_dtype(x.dtype)
    if not backend.is_float_dtype(dtype):
        raise ValueError(
            f"Expected floats, RGB in [0, 1]. Received dtype: {dtype}. Divide 8-bit pictures by 255 "
            "(kcolor.photos.to_float does it)."
        )
    return ops.cast(x, "float32")


def split_channels(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the three channels of ``(..., 3)`` one by one, each ``(...)``."""
    return x[..., 0], x[..., 1], x[..., 2]


def mix(channels: Sequence[Tensor], matrix: Sequence[Sequence[float]] | np.ndarray) -> list[Tensor]:
    """Returns the product of a matrix and some channels, written out.

    >>> mix([1.0, 10.0], [[1, 2], [3, 4]])
    [21.0, 43.0]

    Args:
        channels: Tensors of one shape.
        matrix: For each new channel a row with one weight per old channel.
    """
    return [sum(float(weight) * channel for weight, channel in zip(row, channels, strict=True)) for row in matrix]


def power(x: Tensor, exponent: float) -> Tensor:
    """Returns ``x ** exponent``.

    This is at least twice as fast as `ops.power`, and as exact for exponents as small as those of the colour spaces.

    Args:
        x: Float tensor above 0.
        exponent: Any number.
    """
    return ops.exp(exponent * ops.log(x))


def with_foot(curve: Tensor, x: Tensor, end: float, slope: float, start: float | None = None) -> Tensor:
    """Returns a rising curve whose lowest part is replaced by a straight line through the origin.

    The line is exact, and so is 0. `ops.where` would be slower: in a TensorFlow graph it takes as long as three additions.

    >>> x = np.float32([0.0, 0.25, 0.5, 1.0])
    >>> ops.convert_to_numpy(with_foot(x**2, x, end=0.5, slope=0.5))
    array([0.   , 0.125, 0.25 , 1.   ], dtype=float32)

    Args:
        curve: Float tensor: the curve of `x`. Below `end` it may be anything up to its value there.
        x: Float tensor.
        end: Where the line ends.
        slope: Slope of the line.
        start: The curve's value at `end`, if the curve is shifted: the result is shifted back. By default, the line's value.
    """
    start = slope * end if start is None else start
    return ops.maximum(curve, start) - start + slope * ops.minimum(x, end)
