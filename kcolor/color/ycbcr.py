"""YCbCr as JPEG has it (BT.601, full range), and grey."""

from keras import ops

from kcolor.color.channels import as_rgb, mix, split_channels, three_channels
from kcolor.color.gamut import check_gamut, fit_channels

LUMA = (0.299, 0.587, 0.114)  # BT.601
NEUTRAL = 128 / 255  # where JPEG puts the zero of Cb and Cr


def rgb_to_ycbcr(rgb):
    """sRGB to YCbCr, BT.601 full range, as JPEG has it.

    Args:
        rgb: floats in [0, 1], shape ``(..., 3)``.

    Returns:
        The same shape, float32: Y in [0, 1]; Cb and Cr in [0.002, 1.002], neutral at 128/255.
    """
    rgb = as_rgb(rgb)
    y = rgb_to_gray(rgb)[..., 0]
    red, _, blue = split_channels(rgb)
    return ops.stack([y, (blue - y) / 1.772 + NEUTRAL, (red - y) / 1.402 + NEUTRAL], axis=-1)


def ycbcr_to_rgb(ycbcr, gamut="clip"):
    """YCbCr (BT.601 full range, neutral at 128/255) to sRGB; `gamut` as in `lab_to_rgb`, keeping Y for ``"nearest"``.

    Args:
        ycbcr: floats, shape ``(..., 3)``.
        gamut: ``"clip"``, ``"nearest"`` or None.

    Returns:
        sRGB of the same shape, float32.
    """
    check_gamut(gamut)
    y, cb, cr = split_channels(three_channels(ycbcr, "YCbCr"))
    red = y + 1.402 * (cr - NEUTRAL)
    blue = y + 1.772 * (cb - NEUTRAL)
    green = (y - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    channels = [red, green, blue]
    rgb = ops.stack(fit_channels(channels, y, LUMA) if gamut == "nearest" else channels, axis=-1)
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def rgb_to_gray(rgb):
    """sRGB ``(..., 3)`` in [0, 1] to its BT.601 luma, ``(..., 1)`` in [0, 1]: what a "grey copy" of a JPEG is."""
    return ops.expand_dims(mix(split_channels(as_rgb(rgb)), [LUMA])[0], -1)
