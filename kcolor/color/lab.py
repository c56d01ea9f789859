"""CIE Lab, and the lightness of it."""

import numpy as np
from keras import ops

from kcolor.color.channels import as_rgb, mix, power, split_channels, three_channels
from kcolor.color.gamut import check_gamut, fit_channels
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear

# IEC 61966-2-1 primaries with the D65 white of scikit-image, so that figures can be compared with it.
XYZ_FROM_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])
_LAB_FOOT, _LAB_FOOT_ROOT = 0.008856, 0.2068966


def rgb_to_lab(rgb):
    """sRGB to CIE Lab.

    Args:
        rgb: floats in [0, 1], shape ``(..., 3)``.

    Returns:
        Lab of the same shape, float32: L in 0..100, a in -86.2..98.2, b in -107.9..94.5 for colours in gamut.
        Within 3e-4 of scikit-image's float64 result.
    """
    # Taken apart once, at the start: a stack between the curves is computed three times over by XLA on a CPU.
    linear = [srgb_to_linear(channel) for channel in split_channels(as_rgb(rgb))]
    fx, fy, fz = (_lab_root(t) for t in mix(linear, XYZ_FROM_RGB / WHITE[:, None]))
    return ops.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def rgb_to_lightness(rgb):
    """sRGB ``(..., 3)`` in [0, 1] to the L of Lab, ``(..., 1)`` in 0..100."""
    (y,) = mix([srgb_to_linear(channel) for channel in split_channels(as_rgb(rgb))], XYZ_FROM_RGB[1:2])
    return ops.expand_dims(116 * _lab_root(y) - 16, -1)


def lab_to_rgb(lab, gamut="clip"):
    """CIE Lab to sRGB.

    Args:
        lab: floats, shape ``(..., 3)``, L in 0..100.
        gamut: what happens to colours that sRGB does not have. ``"clip"`` cuts each channel off, as scikit-image does, which
            shifts lightness; ``"nearest"`` takes a near one of exactly the same lightness (see `fit_gamut`); ``None``
            leaves them outside [0, 1].

    Returns:
        sRGB of the same shape, float32.
    """
    check_gamut(gamut)
    lightness, a, b = split_channels(three_channels(lab, "Lab"))
    fy = (lightness + 16) / 116
    xyz = [_lab_power(f) * white for f, white in zip((fy + a / 500, fy, fy - b / 200), WHITE, strict=True)]
    linear = mix(xyz, RGB_FROM_XYZ)
    if gamut == "nearest":
        linear = fit_channels(linear, xyz[1], XYZ_FROM_RGB[1])
    rgb = linear_to_srgb(ops.stack(linear, axis=-1))
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def _lab_root(t):
    root = power(ops.maximum(t, _LAB_FOOT), 1 / 3)
    return ops.where(t > _LAB_FOOT, root, 7.787 * t + 16 / 116)


def _lab_power(f):
    # Below black there is no light: scikit-image clips Z alone, here each of the three.
    above = ops.maximum(f, _LAB_FOOT_ROOT)
    return ops.maximum(ops.where(f > _LAB_FOOT_ROOT, above * above * above, (f - 16 / 116) / 7.787), 0.0)
