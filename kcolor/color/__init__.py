"""Colour spaces as pure functions of tensors: sRGB, linear light, CIE Lab, YCbCr, grey.

>>> ops.convert_to_numpy(kcolor.color.rgb_to_lab(np.float32([1, 0, 0]))).round(1)
array([53.2, 80.1, 67.2], dtype=float32)

Conventions everywhere in kcolor: channels last; RGB is gamma-encoded sRGB in [0, 1]; Lab has L in 0..100 and a, b about
-110..110, with white D65. Every function takes a float tensor of shape ``(..., 3)`` and of any rank. It computes in float32,
whatever comes in and whatever the dtype policy is. Its gradients are finite everywhere, also at black, at white, at the
breakpoints of the curves and outside the gamut, because both branches of every ``where`` are clamped before the power.

The 3×3 products are written out instead of given to ``matmul``. GPUs round float32 matrix products to TF32 or bfloat16 by
default, which costs three digits; and written out they fuse with the curves around them. Axes are added by `expand_dims`,
because LiteRT does not know ``[..., None]``.
"""

from kcolor.color.channels import as_rgb
from kcolor.color.ciede2000 import delta_e_2000
from kcolor.color.gamut import fit_gamut
from kcolor.color.lab import RGB_FROM_XYZ, WHITE, XYZ_FROM_RGB, lab_to_rgb, rgb_to_lab, rgb_to_lightness
from kcolor.color.srgb import linear_to_srgb, srgb_to_linear
from kcolor.color.ycbcr import LUMA, NEUTRAL, rgb_to_gray, rgb_to_ycbcr, ycbcr_to_rgb

__all__ = [
    "LUMA",
    "NEUTRAL",
    "RGB_FROM_XYZ",
    "WHITE",
    "XYZ_FROM_RGB",
    "as_rgb",
    "delta_e_2000",
    "fit_gamut",
    "lab_to_rgb",
    "linear_to_srgb",
    "rgb_to_gray",
    "rgb_to_lab",
    "rgb_to_lightness",
    "rgb_to_ycbcr",
    "srgb_to_linear",
    "ycbcr_to_rgb",
]
