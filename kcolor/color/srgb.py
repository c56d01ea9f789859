"""The curve of sRGB: between gamma-encoded values and linear light."""

from keras import ops

from kcolor.color.channels import as_float32, power

# Where the straight feet of the curves end.
_SRGB_FOOT, _LINEAR_FOOT = 0.04045, 0.0031308


def srgb_to_linear(rgb):
    """Gamma-encoded sRGB to linear light. Any shape, [0, 1] to [0, 1]; values outside continue the curve."""
    rgb = as_float32(rgb)
    curve = power((ops.maximum(rgb, _SRGB_FOOT) + 0.055) / 1.055, 2.4)
    return ops.where(rgb > _SRGB_FOOT, curve, rgb / 12.92)


def linear_to_srgb(linear):
    """Linear light to gamma-encoded sRGB. Any shape, [0, 1] to [0, 1]; values outside continue the curve."""
    linear = as_float32(linear)
    curve = 1.055 * power(ops.maximum(linear, _LINEAR_FOOT), 1 / 2.4) - 0.055
    return ops.where(linear > _LINEAR_FOOT, curve, linear * 12.92)
