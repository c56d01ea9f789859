"""CIE Lab, and its lightness alone."""

import numpy as np
from keras import ops

from kcolor.color.channels import as_rgb, mix, power, split_channels, three_channels, with_foot
from kcolor.color.gamut import check_gamut, fit_channels
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear
from kcolor.utils.types import Tensor

# IEC 61966-2-1 primaries with the D65 white of scikit-image, so that results can be compared with it.
XYZ_FROM_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])
# The root of Lab is straight below LAB_FOOT_ROOT, which is the root of LAB_FOOT: there it is FOOT_SLOPE * light + FOOT_START.
# (scikit-image rounds these to four to seven digits, so that its two parts do not quite meet.)
LAB_FOOT_ROOT = 6 / 29
LAB_FOOT = LAB_FOOT_ROOT**3
FOOT_SLOPE, FOOT_START = 1 / (3 * LAB_FOOT_ROOT**2), 4 / 29


def rgb_to_lab(rgb: Tensor) -> Tensor:
    """Converts sRGB to CIE Lab.

    >>> ops.convert_to_numpy(kcolor.color.rgb_to_lab(np.float32([[1, 0, 0], [0, 0, 0]]))).round(1) + 0.0
    array([[53.2, 80.1, 67.2],
           [ 0. ,  0. ,  0. ]], dtype=float32)

    Args:
        rgb: Floats ``(..., 3)`` in [0, 1].

    Returns:
        float32 tensor of the same shape: L in 0..100, a in -86.2..98.2, b in -107.9..94.5 for colours in gamut. It is
        within 3e-4 of scikit-image's float64 result.
    """
    # Split once, at the start: on a CPU XLA computes a stack between the curves three times over.
    linear = [srgb_to_linear(channel) for channel in split_channels(as_rgb(rgb))]
    fx, fy, fz = (_root_above_black(t) for t in mix(linear, XYZ_FROM_RGB / WHITE[:, None]))
    return ops.stack([116 * fy, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def rgb_to_lightness(rgb: Tensor) -> Tensor:
    """Returns the L of Lab alone.

    >>> ops.convert_to_numpy(kcolor.color.rgb_to_lightness(np.float32([[1, 1, 1], [1, 0, 0]]))).round(1)
    array([[100. ],
           [ 53.2]], dtype=float32)

    Args:
        rgb: Floats ``(..., 3)`` in [0, 1].

    Returns:
        float32 tensor ``(..., 1)`` in 0..100.
    """
    (y,) = mix([srgb_to_linear(channel) for channel in split_channels(as_rgb(rgb))], XYZ_FROM_RGB[1:2])
    return ops.expand_dims(116 * _root_above_black(y), -1)


def lab_to_rgb(lab: Tensor, gamut: str | None = "clip") -> Tensor:
    """Converts CIE Lab to sRGB.

    >>> ops.convert_to_numpy(kcolor.color.lab_to_rgb(np.float32([100, 0, 0]))).round(2)
    array([1., 1., 1.], dtype=float32)
    >>> impossible = np.float32([60, 90, -90])
    >>> for gamut in ("clip", "nearest"):
    ...     lightness = kcolor.color.rgb_to_lightness(kcolor.color.lab_to_rgb(impossible, gamut))
    ...     print(gamut, round(float(lightness[0])))
    clip 56
    nearest 60

    Args:
        lab: Floats ``(..., 3)`` with L in 0..100.
        gamut: What to do with colours that sRGB does not have. ``"clip"`` cuts each channel off, as scikit-image does,
            which shifts lightness. ``"nearest"`` takes a near colour of exactly the same lightness (see `fit_gamut`).
            ``None`` leaves them outside [0, 1].

    Returns:
        float32 tensor of the same shape: sRGB.

    Raises:
        ValueError: If `gamut` is another one, or `lab` is not of that shape.
    """
    check_gamut(gamut)
    lightness, a, b = split_channels(three_channels(lab, "Lab"))
    fy = lightness / 116
    roots = (fy + a / 500, fy, fy - b / 200)
    xyz = [_light_of_root(root) * white for root, white in zip(roots, WHITE, strict=True)]
    linear = mix(xyz, RGB_FROM_XYZ)
    if gamut == "nearest":
        linear = fit_channels(linear, xyz[1], XYZ_FROM_RGB[1])
    # The last curve is of the stacked picture: XLA computes it in three fifths of the time.
    rgb = linear_to_srgb(ops.stack(linear, axis=-1))
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def _root_above_black(light):
    """The root of Lab less that of black, so that L is 116 times it, and black exactly 0."""
    root = power(ops.maximum(light, LAB_FOOT / 2), 1 / 3)
    return with_foot(root, light, LAB_FOOT, FOOT_SLOPE, start=LAB_FOOT_ROOT)


def _light_of_root(above_black):
    root = above_black + FOOT_START
    light = with_foot(root * root * root, above_black, LAB_FOOT_ROOT - FOOT_START, 1 / FOOT_SLOPE, start=LAB_FOOT)
    return ops.maximum(light, 0.0)  # below black there is no light. scikit-image clips Z alone
