"""CIE Lab, and its lightness alone."""

import numpy as np
from keras import ops

from kcolor.color.channels import as_rgb, mix, power, split_channels, three_channels
from kcolor.color.gamut import check_gamut, fit_channels
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear
from kcolor.utils.types import Tensor

# IEC 61966-2-1 primaries with the D65 white of scikit-image, so that results can be compared with it.
XYZ_FROM_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])
# Where the straight feet of f end, in light and in f, and these feet: f = FOOT_SLOPE * light + FOOT_START.
LAB_FOOT, LAB_FOOT_ROOT = 0.008856, 0.2068966
FOOT_SLOPE, FOOT_START = 7.787, 16 / 116


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
    fx, fy, fz = (_lab_root(t) for t in mix(linear, XYZ_FROM_RGB / WHITE[:, None]))
    return ops.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


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
    return ops.expand_dims(116 * _lab_root(y) - 16, -1)


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
    fy = (lightness + 16) / 116
    xyz = [_lab_power(f) * white for f, white in zip((fy + a / 500, fy, fy - b / 200), WHITE, strict=True)]
    linear = mix(xyz, RGB_FROM_XYZ)
    if gamut == "nearest":
        linear = fit_channels(linear, xyz[1], XYZ_FROM_RGB[1])
    # The last curve is of the stacked picture: XLA computes it in three fifths of the time.
    rgb = linear_to_srgb(ops.stack(linear, axis=-1))
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def _lab_root(t):
    root = power(ops.maximum(t, LAB_FOOT), 1 / 3)
    return ops.where(t > LAB_FOOT, root, FOOT_SLOPE * t + FOOT_START)


def _lab_power(f):
    # Below black there is no light. Here X, Y and Z are clipped; scikit-image clips Z alone.
    above = ops.maximum(f, LAB_FOOT_ROOT)
    return ops.maximum(ops.where(f > LAB_FOOT_ROOT, above * above * above, (f - FOOT_START) / FOOT_SLOPE), 0.0)
