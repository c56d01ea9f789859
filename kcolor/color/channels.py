"""Checks and arithmetic that the colour spaces share."""

from keras import backend, ops


def as_rgb(x):
    """RGB ``(..., 3)`` as a float32 tensor; integers and other shapes are refused."""
    return three_channels(x, "RGB")


def power(x, exponent):
    # Of what is above 0. Twice as fast as `ops.power` or more, and for exponents as small as these as exact.
    return ops.exp(exponent * ops.log(x))


def mix(channels, matrix):
    return [sum(float(weight) * c for weight, c in zip(row, channels, strict=True)) for row in matrix]


def split_channels(x):
    return x[..., 0], x[..., 1], x[..., 2]


def three_channels(x, name):
    x = as_float32(x)
    if len(x.shape) == 0 or x.shape[-1] != 3:
        raise ValueError(f"Expected {name} of shape (..., 3). Received shape: {tuple(x.shape)}")
    return x


def as_float32(x):
    x = ops.convert_to_tensor(x)
    dtype = backend.standardize_dtype(x.dtype)
    if not backend.is_float_dtype(dtype):
        raise ValueError(
            f"Expected floats, RGB in [0, 1]. Received dtype: {dtype}. Divide 8-bit pictures by 255 "
            "(kcolor.photos.to_float does it)."
        )
    return ops.cast(x, "float32")
