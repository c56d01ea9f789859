"""Colour spaces as pure functions of tensors: sRGB, linear light, CIE Lab, YCbCr, grey.

Conventions, everywhere in kcolor: channels last; RGB is gamma-encoded sRGB in [0, 1]; Lab has L in 0..100 and a, b about
-110..110, white D65. Every function takes a float tensor of shape ``(..., 3)`` and any rank, computes in float32 whatever
comes in and whatever the mixed-precision policy says, and has finite gradients everywhere (also at black, at white, at the
breakpoints of the curves and outside the gamut), because both branches of every ``where`` are clamped before the power.

The 3×3 products are written out rather than given to ``matmul``: GPUs round float32 matrix products to TF32 or bfloat16 by
default, which costs three digits, and written out they fuse with the curves around them. Axes are added by `expand_dims`:
``[..., None]`` is something that LiteRT does not know.
"""

import numpy as np
from keras import backend, ops

# IEC 61966-2-1 primaries with the D65 white of scikit-image, so that figures can be compared with it.
XYZ_FROM_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])

LUMA = (0.299, 0.587, 0.114)  # BT.601
NEUTRAL = 128 / 255  # where JPEG puts the zero of Cb and Cr

# Where the straight feet of the curves end.
_SRGB_FOOT, _LINEAR_FOOT = 0.04045, 0.0031308
_LAB_FOOT, _LAB_FOOT_ROOT = 0.008856, 0.2068966

_OVERSHOOT = 1.2  # in units of the room a channel has
_FAR = 1e6  # beyond every colour that means anything; times 0 it is 0, which infinity is not


def srgb_to_linear(rgb):
    """Gamma-encoded sRGB to linear light. Any shape, [0, 1] to [0, 1]; values outside continue the curve."""
    rgb = _float32(rgb)
    curve = _power((ops.maximum(rgb, _SRGB_FOOT) + 0.055) / 1.055, 2.4)
    return ops.where(rgb > _SRGB_FOOT, curve, rgb / 12.92)


def linear_to_srgb(linear):
    """Linear light to gamma-encoded sRGB. Any shape, [0, 1] to [0, 1]; values outside continue the curve."""
    linear = _float32(linear)
    curve = 1.055 * _power(ops.maximum(linear, _LINEAR_FOOT), 1 / 2.4) - 0.055
    return ops.where(linear > _LINEAR_FOOT, curve, linear * 12.92)


def rgb_to_lab(rgb):
    """sRGB to CIE Lab.

    Args:
        rgb: floats in [0, 1], shape ``(..., 3)``.

    Returns:
        Lab of the same shape, float32: L in 0..100, a in -86.2..98.2, b in -107.9..94.5 for colours in gamut.
        Within 3e-4 of scikit-image's float64 result.
    """
    # Taken apart once, at the start: a stack between the curves is computed three times over by XLA on a CPU.
    linear = [srgb_to_linear(channel) for channel in _channels(as_rgb(rgb))]
    fx, fy, fz = (_lab_root(t) for t in _mix(linear, XYZ_FROM_RGB / WHITE[:, None]))
    return ops.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def rgb_to_lightness(rgb):
    """sRGB ``(..., 3)`` in [0, 1] to the L of Lab, ``(..., 1)`` in 0..100."""
    (y,) = _mix([srgb_to_linear(channel) for channel in _channels(as_rgb(rgb))], XYZ_FROM_RGB[1:2])
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
    _check_gamut(gamut)
    lightness, a, b = _channels(_three(lab, "Lab"))
    fy = (lightness + 16) / 116
    xyz = [_lab_power(f) * white for f, white in zip((fy + a / 500, fy, fy - b / 200), WHITE, strict=True)]
    linear = _mix(xyz, RGB_FROM_XYZ)
    if gamut == "nearest":
        linear = _fitted(linear, xyz[1], XYZ_FROM_RGB[1])
    rgb = linear_to_srgb(ops.stack(linear, axis=-1))
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def rgb_to_ycbcr(rgb):
    """sRGB to YCbCr, BT.601 full range, as JPEG has it.

    Args:
        rgb: floats in [0, 1], shape ``(..., 3)``.

    Returns:
        The same shape, float32: Y in [0, 1]; Cb and Cr in [0.002, 1.002], neutral at 128/255.
    """
    rgb = as_rgb(rgb)
    y = rgb_to_gray(rgb)[..., 0]
    red, _, blue = _channels(rgb)
    return ops.stack([y, (blue - y) / 1.772 + NEUTRAL, (red - y) / 1.402 + NEUTRAL], axis=-1)


def ycbcr_to_rgb(ycbcr, gamut="clip"):
    """YCbCr (BT.601 full range, neutral at 128/255) to sRGB; `gamut` as in `lab_to_rgb`, keeping Y for ``"nearest"``.

    Args:
        ycbcr: floats, shape ``(..., 3)``.
        gamut: ``"clip"``, ``"nearest"`` or None.

    Returns:
        sRGB of the same shape, float32.
    """
    _check_gamut(gamut)
    y, cb, cr = _channels(_three(ycbcr, "YCbCr"))
    red = y + 1.402 * (cr - NEUTRAL)
    blue = y + 1.772 * (cb - NEUTRAL)
    green = (y - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    channels = [red, green, blue]
    rgb = ops.stack(_fitted(channels, y, LUMA) if gamut == "nearest" else channels, axis=-1)
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def rgb_to_gray(rgb):
    """sRGB ``(..., 3)`` in [0, 1] to its BT.601 luma, ``(..., 1)`` in [0, 1]: what a "grey copy" of a JPEG is."""
    return ops.expand_dims(_mix(_channels(as_rgb(rgb)), [LUMA])[0], -1)


def fit_gamut(rgb, luminance, weights):
    """A colour near the given one that exists and has its luminance: in [0, 1] with ``Σ weights · rgb = luminance``.

    In two steps. Colours far outside are mixed with the grey of their luminance, which keeps their hue, until they overshoot
    by no more than a fifth of the room between that grey and the end of the channel. What is left goes to the nearest point of
    the plane of equal luminance in the cube. (Mixing alone pales a pure blue by a quarter for a channel that is a hair below
    0; the nearest point alone turns the blue of a bright sky into cyan; clipping shifts luminance.) Colours that fit stay.

    Args:
        rgb: floats, shape ``(..., 3)``: linear light, or gamma-encoded if `luminance` is luma.
        luminance: of each, shape ``(..., 1)``, in [0, 1].
        weights: of the three channels in it; their sum is 1.

    Returns:
        Floats in [0, 1], shape ``(..., 3)``.
    """
    channels, luminance = _channels(_three(rgb, "RGB")), _float32(luminance)[..., 0]
    return ops.stack(_fitted(channels, luminance, weights), axis=-1)


# Channel by channel: minima and sums over an axis of three, or of six, take several times as long where XLA does not fuse them.


def _fitted(channels, luminance, weights):
    luminance, weights = ops.clip(luminance, 0.0, 1.0), [float(weight) for weight in weights]
    beyond = [ops.logical_or(channel < 0, channel > 1) for channel in channels]
    outside = ops.logical_or(ops.logical_or(beyond[0], beyond[1]), beyond[2])
    mixed = _mix_with_gray(channels, luminance)
    shift = _shift_to_luminance([ops.stop_gradient(channel) for channel in mixed], ops.stop_gradient(luminance), weights)
    moved = [channel + shift * weight for channel, weight in zip(mixed, weights, strict=True)]
    return [ops.clip(ops.where(outside, new, old), 0.0, 1.0) for new, old in zip(moved, channels, strict=True)]


def _mix_with_gray(channels, gray):
    distances, share = [channel - gray for channel in channels], 1.0
    for distance in distances:
        room = _OVERSHOOT * ops.where(distance > 0, 1 - gray, gray)
        share = ops.minimum(share, room / ops.maximum(ops.abs(distance), 1e-6))
    return [gray + share * distance for distance in distances]


def _shift_to_luminance(channels, luminance, weights):
    """The λ with which ``clip(rgb + λ · weights)``, the nearest point of a cube on a plane, has a luminance.

    Luminance grows with λ along straight pieces, which end where a channel enters or leaves the cube; so the two of the six
    ends between which the wanted one lies say exactly where λ is.
    """
    pairs = list(zip(channels, weights, strict=True))
    low, high, low_light, high_light = -_FAR, _FAR, 0.0, 1.0
    for end in [(bound - channel) / weight for channel, weight in pairs for bound in (0.0, 1.0)]:
        light = sum(weight * ops.clip(channel + end * weight, 0.0, 1.0) for channel, weight in pairs)
        below, above = light <= luminance, light >= luminance
        low = ops.maximum(low, ops.where(below, end, -_FAR))
        high = ops.minimum(high, ops.where(above, end, _FAR))
        low_light = ops.maximum(low_light, ops.where(below, light, 0.0))
        high_light = ops.minimum(high_light, ops.where(above, light, 1.0))
    share = (luminance - low_light) / ops.maximum(high_light - low_light, 1e-9)
    return low + ops.clip(share, 0.0, 1.0) * (high - low)


def as_rgb(x):
    """RGB ``(..., 3)`` as a float32 tensor; integers and other shapes are refused."""
    return _three(x, "RGB")


def _check_gamut(gamut):
    if gamut not in ("clip", "nearest", None):
        raise ValueError(f'Unknown `gamut`. Expected "clip", "nearest" or None. Received: {gamut!r}')


def _lab_root(t):
    root = _power(ops.maximum(t, _LAB_FOOT), 1 / 3)
    return ops.where(t > _LAB_FOOT, root, 7.787 * t + 16 / 116)


def _lab_power(f):
    # Below black there is no light: scikit-image clips Z alone, here each of the three.
    above = ops.maximum(f, _LAB_FOOT_ROOT)
    return ops.maximum(ops.where(f > _LAB_FOOT_ROOT, above * above * above, (f - 16 / 116) / 7.787), 0.0)


def _power(x, exponent):
    # Of what is above 0. Twice as fast as `ops.power` or more, and for exponents as small as these as exact.
    return ops.exp(exponent * ops.log(x))


def _mix(channels, matrix):
    return [sum(float(weight) * c for weight, c in zip(row, channels, strict=True)) for row in matrix]


def _channels(x):
    return x[..., 0], x[..., 1], x[..., 2]


def _three(x, name):
    x = _float32(x)
    if len(x.shape) == 0 or x.shape[-1] != 3:
        raise ValueError(f"Expected {name} of shape (..., 3). Received shape: {tuple(x.shape)}")
    return x


def _float32(x):
    x = ops.convert_to_tensor(x)
    dtype = backend.standardize_dtype(x.dtype)
    if not backend.is_float_dtype(dtype):
        raise ValueError(
            f"Expected floats, RGB in [0, 1]. Received dtype: {dtype}. Divide 8-bit pictures by 255 "
            "(kcolor.photos.to_float does it)."
        )
    return ops.cast(x, "float32")
