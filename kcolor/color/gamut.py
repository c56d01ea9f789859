"""Brings colours into the sRGB gamut without changing their luminance."""

from keras import ops

from kcolor.color.channels import as_float32, split_channels, three_channels

_OVERSHOOT = 1.2  # in units of the room a channel has
_FAR = 1e6  # beyond every colour that means anything; times 0 it is 0, which infinity is not


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
    channels, luminance = split_channels(three_channels(rgb, "RGB")), as_float32(luminance)[..., 0]
    return ops.stack(fit_channels(channels, luminance, weights), axis=-1)


# Channel by channel: minima and sums over an axis of three, or of six, take several times as long where XLA does not fuse them.


def fit_channels(channels, luminance, weights):
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


def check_gamut(gamut):
    if gamut not in ("clip", "nearest", None):
        raise ValueError(f'Unknown `gamut`. Expected "clip", "nearest" or None. Received: {gamut!r}')
