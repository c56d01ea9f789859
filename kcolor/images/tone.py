"""Stretches lightness, so that a faded photo looks to a network as it did when it was new."""

from keras import ops

from kcolor.images.percentiles import inner_part, percentiles
from kcolor.utils.types import Tensor

# Percentiles of the photo's inner part become black and white. The rest is for photos that are meant to be flat, as fog:
# no contrast grows by more than a factor, and what has next to none stays as it is.
_SHARES = (0.005, 0.995)
_MOST = 3.0
_LEAST_RANGE = 20 / 255


def stretch_tone(photos: Tensor, luma: Tensor) -> Tensor:
    """Stretches photos so that the darkest of each is black and the lightest white.

    The photo's range is from percentile 0.5 to 99.5 of its lightness, in the inner nine tenths of height and width. Contrast
    grows at most threefold, around the middle of that range, and a photo whose range is below 20 levels of 255 stays as it is.

    >>> faded = np.linspace(0.3, 0.7, 400, dtype="float32").reshape(1, 20, 20, 1)
    >>> from kcolor.images.tone import stretch_tone
    >>> stretched = ops.convert_to_numpy(stretch_tone(faded, faded))
    >>> float(stretched.min()), float(stretched.max())
    (0.0, 1.0)

    Args:
        photos: Floats ``(batch, height, width, channels)`` in [0, 1].
        luma: Floats ``(batch, height, width, 1)``. Their lightness, which decides.

    Returns:
        Floats of the shape of `photos`, in [0, 1].
    """
    photos, luma = ops.convert_to_tensor(photos), ops.convert_to_tensor(luma)
    low, high = ops.split(ops.expand_dims(percentiles(inner_part(luma), _SHARES), (1, 2)), 2, axis=-1)
    return stretch_between(photos, low, high)


def stretch_between(photos: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Stretches photos as `stretch_tone` does, with a range that is given: that of a whole scene, for a frame of it.

    >>> from kcolor.images.tone import stretch_between
    >>> [round(float(level), 2) for level in stretch_between(np.float32([0.2, 0.5, 0.7]), 0.2, 0.7)]
    [0.0, 0.6, 1.0]

    Args:
        photos: Floats in [0, 1].
        low: Float, or floats that fit `photos`. What becomes black, as far as contrast may grow.
        high: Float, or floats that fit `photos`. What becomes white.

    Returns:
        Floats of the shape of `photos`, in [0, 1].
    """
    photos, low, high = (ops.convert_to_tensor(part, dtype="float32") for part in (photos, low, high))
    extent = high - low
    gain = ops.where(extent < _LEAST_RANGE, 1.0, ops.minimum(_MOST, 1 / ops.maximum(extent, _LEAST_RANGE)))
    # Around the middle of the range, which moves to the middle of what there is as far as the range is stretched.
    middle = (low + high) / 2
    new_middle = ops.where(gain > 1, ops.clip(middle, gain * extent / 2, 1 - gain * extent / 2), middle)
    return ops.clip((photos - middle) * gain + new_middle, 0.0, 1.0)
