"""YCbCr as JPEG has it (BT.601, full range), and grey."""

from keras import ops

from kcolor.color.channels import as_rgb, mix, split_channels, three_channels
from kcolor.color.gamut import check_gamut, fit_channels
from kcolor.utils.types import Tensor

LUMA = (0.299, 0.587, 0.114)  # BT.601
NEUTRAL = 128 / 255  # where JPEG puts the zero of Cb and Cr


def rgb_to_ycbcr(rgb: Tensor) -> Tensor:
    """Converts sRGB to YCbCr, BT.601 full range, as JPEG has it.

    >>> ops.convert_to_numpy(kcolor.color.rgb_to_ycbcr(np.float32([1, 0, 0]))).round(3)
    array([0.299, 0.333, 1.002], dtype=float32)

    Args:
        rgb: Floats ``(..., 3)`` in [0, 1].

    Returns:
        float32 tensor of the same shape: Y in [0, 1]; Cb and Cr in [0.002, 1.002], neutral at 128/255.
    """
    rgb = as_rgb(rgb)
    y = rgb_to_gray(rgb)[..., 0]
    red, _, blue = split_channels(rgb)
    return ops.stack([y, (blue - y) / 1.772 + NEUTRAL, (red - y) / 1.402 + NEUTRAL], axis=-1)


def ycbcr_to_rgb(ycbcr: Tensor, gamut: str | None = "clip") -> Tensor:
    """Converts YCbCr (BT.601 full range, neutral at 128/255) to sRGB.

    >>> neutral = kcolor.color.NEUTRAL
    >>> ops.convert_to_numpy(kcolor.color.ycbcr_to_rgb(np.float32([0.5, neutral, neutral]))).round(2)
    array([0.5, 0.5, 0.5], dtype=float32)

    Args:
        ycbcr: Floats ``(..., 3)``.
        gamut: What to do with colours that sRGB does not have: ``"clip"``, ``"nearest"`` or None, as in `lab_to_rgb`.
            ``"nearest"`` keeps Y exactly.

    Returns:
        float32 tensor of the same shape: sRGB.
    """
    check_gamut(gamut)
    y, cb, cr = split_channels(three_channels(ycbcr, "YCbCr"))
    red = y + 1.402 * (cr - NEUTRAL)
    blue = y + 1.772 * (cb - NEUTRAL)
    green = (y - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    channels = [red, green, blue]
    rgb = ops.stack(fit_channels(channels, y, LUMA) if gamut == "nearest" else channels, axis=-1)
    return rgb if gamut is None else ops.clip(rgb, 0.0, 1.0)


def rgb_to_gray(rgb: Tensor) -> Tensor:
    """Returns the BT.601 luma of sRGB, which is what a grey copy of a JPEG shows.

    >>> ops.convert_to_numpy(kcolor.color.rgb_to_gray(np.float32([1, 0, 0])))
    array([0.299], dtype=float32)

    Args:
        rgb: Floats ``(..., 3)`` in [0, 1].

    Returns:
        float32 tensor ``(..., 1)`` in [0, 1].
    """
    return ops.expand_dims(mix(split_channels(as_rgb(rgb)), [LUMA])[0], -1)
