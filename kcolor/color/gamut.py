"""Brings colours into the sRGB gamut without changing their luminance."""

from collections.abc import Sequence
from types import ModuleType

from keras import ops

from kcolor.color.channels import as_float32, split_channels, three_channels
from kcolor.utils.types import Tensor

_OVERSHOOT = 1.2  # of the room that a channel has between grey and its end
# Beyond every real colour; times 0 it is 0, which infinity is not. This and the next one exist in half precision, too.
_FAR = 1e4
_TINY = 1e-7


def fit_gamut(rgb: Tensor, luminance: Tensor, weights: Sequence[float]) -> Tensor:
    """Returns a colour in [0, 1] near the given one that has its luminance: ``Σ weights · rgb = luminance``.

    There are two steps. Colours far outside are mixed with the grey of their luminance, which keeps their hue, until they
    overshoot by at most a fifth of the room between that grey and the end of the channel. Then they move to the nearest
    point in the cube that has their luminance. Colours inside the cube stay as they are.

    (Mixing alone makes a pure blue paler by a quarter for a channel that is slightly below 0. The nearest point alone turns
    the blue of a bright sky into cyan. Clipping shifts luminance.)

    >>> too_blue = np.float32([0.1, 0.2, 1.4])
    >>> luma = kcolor.color.rgb_to_gray(too_blue)
    >>> fitted = kcolor.color.fit_gamut(too_blue, luma, kcolor.color.LUMA)
    >>> ops.convert_to_numpy(fitted).round(2)
    array([0.16, 0.25, 1.  ], dtype=float32)
    >>> bool(ops.abs(kcolor.color.rgb_to_gray(fitted) - luma)[0] < 1e-5)
    True

    Args:
        rgb: Floats ``(..., 3)``: linear light, or gamma-encoded if `luminance` is luma.
        luminance: Floats ``(..., 1)`` in [0, 1]. Luminance of each colour.
        weights: Three numbers with the sum 1. Share of each channel in the luminance.

    Returns:
        float32 tensor ``(..., 3)`` in [0, 1].
    """
    channels, luminance = split_channels(three_channels(rgb, "RGB")), as_float32(luminance)[..., 0]
    return ops.stack(fit_channels(channels, luminance, weights), axis=-1)


def fit_channels(
    channels: Sequence[Tensor], luminance: Tensor, weights: Sequence[float], numpy: ModuleType | None = None
) -> list[Tensor]:
    """Returns what `fit_gamut` returns, channel by channel.

    (Minima and sums over an axis of three take several times as long where XLA does not fuse them.)

    Args:
        channels: Three float32 tensors ``(...)``.
        luminance: float32 tensor ``(...)`` in [0, 1].
        weights: Three numbers with the sum 1.
        numpy: The module NumPy, if these are NumPy's arrays. They have no gradients.
    """
    xp, fixed = (ops, ops.stop_gradient) if numpy is None else (numpy, lambda x: x)
    luminance, weights = xp.clip(luminance, 0.0, 1.0), [float(weight) for weight in weights]
    beyond = [xp.logical_or(channel < 0, channel > 1) for channel in channels]
    outside = xp.logical_or(xp.logical_or(beyond[0], beyond[1]), beyond[2])
    mixed = _mix_with_gray(channels, luminance, xp)
    shift = _shift_to_luminance([fixed(channel) for channel in mixed], fixed(luminance), weights, xp)
    moved = [channel + shift * weight for channel, weight in zip(mixed, weights, strict=True)]
    return [xp.clip(xp.where(outside, new, old), 0.0, 1.0) for new, old in zip(moved, channels, strict=True)]


def _mix_with_gray(channels, gray, xp):
    distances, share = [channel - gray for channel in channels], 1.0
    for distance in distances:
        room = _OVERSHOOT * xp.where(distance > 0, 1 - gray, gray)
        share = xp.minimum(share, room / xp.maximum(xp.abs(distance), 1e-6))
    return [gray + share * distance for distance in distances]


def _shift_to_luminance(channels, luminance, weights, xp):
    """Returns the λ for which ``clip(rgb + λ · weights)``, the nearest point of the cube, has a luminance.

    Luminance grows with λ along straight pieces. They end where a channel enters or leaves the cube. So λ follows exactly
    from the two of these six ends between which the luminance lies.
    """
    pairs = list(zip(channels, weights, strict=True))
    low, high, low_light, high_light = -_FAR, _FAR, 0.0, 1.0
    for end in [(bound - channel) / weight for channel, weight in pairs for bound in (0.0, 1.0)]:
        light = sum(weight * xp.clip(channel + end * weight, 0.0, 1.0) for channel, weight in pairs)
        below, above = light <= luminance, light >= luminance
        low = xp.maximum(low, xp.where(below, end, -_FAR))
        high = xp.minimum(high, xp.where(above, end, _FAR))
        low_light = xp.maximum(low_light, xp.where(below, light, 0.0))
        high_light = xp.minimum(high_light, xp.where(above, light, 1.0))
    share = (luminance - low_light) / xp.maximum(high_light - low_light, _TINY)
    return low + xp.clip(share, 0.0, 1.0) * (high - low)


def check_gamut(gamut: str | None) -> None:
    """Raises ValueError unless `gamut` is "clip", "nearest" or None."""
    if gamut not in ("clip", "nearest", None):
        raise ValueError(f'Unknown `gamut`. Expected "clip", "nearest" or None. Received: {gamut!r}')
