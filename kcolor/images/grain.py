"""Smooths grain away, for a network's eyes: it takes the grain of old films for things."""

from keras import ops

from kcolor.images.guided_filter import box_mean, guided_filter
from kcolor.images.percentiles import inner_part, percentiles
from kcolor.utils.types import Tensor

_NEAR = 2  # pixels around each, on every side, in which it is looked how rough a photo is
_REACH = 6  # and in which it is smoothed
_SHARE = 0.2  # of a photo is taken to be plain: what is rough there is grain
_FINE = 0.008  # standard deviation: what photos without grain have there, too
_STRENGTH = 3.0  # what varies by less than so many times what is above it is smoothed
_MOST = 0.06
_LEAST = 1e-3  # a quarter of a level of 8 bits


def smooth_grain(photos: Tensor) -> Tensor:
    """Smooths the grain of photos, and keeps their edges.

    How strong the grain of a photo is, is read from its plainest fifth. A guided filter, the photo its own guide, smooths what
    varies by less than a few times of that. A photo without grain hardly changes.

    >>> from kcolor.images.grain import smooth_grain
    >>> photo = np.repeat(np.float32([0.3, 0.7]), 20).reshape(1, 1, 40, 1).repeat(40, axis=1)
    >>> grainy = photo + np.random.default_rng(0).normal(0, 0.03, photo.shape).astype("float32")
    >>> smooth = ops.convert_to_numpy(smooth_grain(grainy))
    >>> [round(float(np.abs(seen - photo).mean()), 3) for seen in (grainy, smooth)]
    [0.024, 0.012]

    Args:
        photos: Floats ``(batch, height, width, channels)`` in [0, 1].

    Returns:
        Floats of the shape of `photos`.
    """
    photos = ops.convert_to_tensor(photos)
    light = ops.mean(photos, axis=-1, keepdims=True)
    level = ops.clip(_STRENGTH * (grain_of(light) - _FINE), _LEAST, _MOST)
    slope, offset = ops.split(guided_filter(photos, light, _REACH, flatness=level * level), 2, axis=-1)
    return slope * light + offset


def grain_of(light: Tensor) -> Tensor:
    """Returns how rough the plainest fifth of each photo is: a standard deviation.

    >>> from kcolor.images.grain import grain_of
    >>> float(ops.convert_to_numpy(grain_of(np.full((1, 9, 9, 1), 0.5, "float32")))[0, 0, 0, 0]) < 1e-3
    True

    Args:
        light: Floats ``(batch, height, width, 1)`` in [0, 1].

    Returns:
        Floats ``(batch, 1, 1, 1)``.
    """
    mean, square = ops.split(box_mean(ops.concatenate([light, light * light], axis=-1), _NEAR), 2, axis=-1)
    rough = ops.sqrt(ops.maximum(square - mean * mean, 0.0))
    found = percentiles(inner_part(rough), (_SHARE,), steps=13)
    return ops.expand_dims(found, (1, 2))
