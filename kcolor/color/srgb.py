"""The curve of sRGB, between gamma-encoded values and linear light."""

from keras import ops

from kcolor.color.channels import as_float32, power, with_foot
from kcolor.utils.types import Tensor

# Where the straight feet of the curves end.
_SRGB_FOOT, _LINEAR_FOOT = 0.04045, 0.0031308


def srgb_to_linear(rgb: Tensor) -> Tensor:
    """Converts gamma-encoded sRGB to linear light.

    >>> ops.convert_to_numpy(kcolor.color.srgb_to_linear(np.float32([0, 0.5, 1]))).round(3)
    array([0.   , 0.214, 1.   ], dtype=float32)

    Args:
        rgb: Floats of any shape in [0, 1]. Values outside continue the curve.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    rgb = as_float32(rgb)
    curve = power((ops.maximum(rgb, 0.0) + 0.055) / 1.055, 2.4)
    return with_foot(curve, rgb, _SRGB_FOOT, 1 / 12.92)


def linear_to_srgb(linear: Tensor) -> Tensor:
    """Converts linear light to gamma-encoded sRGB.

    >>> ops.convert_to_numpy(kcolor.color.linear_to_srgb(np.float32([0, 0.214, 1]))).round(2)
    array([0. , 0.5, 1. ], dtype=float32)

    Args:
        linear: Floats of any shape in [0, 1]. Values outside continue the curve.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    linear = as_float32(linear)
    shifted = 1.055 * power(ops.maximum(linear, _LINEAR_FOOT / 2), 1 / 2.4)
    return with_foot(shifted, linear, _LINEAR_FOOT, 12.92, start=12.92 * _LINEAR_FOOT + 0.055)
