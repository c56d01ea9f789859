"""What years do to a photo, one effect a function, each with its strength given: `kcolor.augment.age` draws the strengths.

All take float32 pictures ``(batch, height, width, channels)`` in [0, 1] and one strength per picture, ``(batch, 1, 1, 1)``.
"""

from keras import ops

from kcolor import color
from kcolor.images.resizing import mirrored

GRAIN_SIGMA = 1.0  # pixels: the Gaussian that gives grain its clumps
GRAIN_RADIUS = 3


def blur(photos, sigma, radius):
    """Blurs each picture with its own Gaussian; edges are mirrored, so the mean stays.

    Args:
        photos: float32 ``(batch, height, width, channels)``, any range.
        sigma: in pixels, ``(batch, 1, 1, 1)``; 0 leaves the picture as it is.
        radius: where the Gaussian is cut off, an int; three times the largest sigma is enough.

    Returns:
        float32 tensor of the same shape, in the range of `photos` give or take rounding.
    """
    for axis in (1, 2):
        photos = mirrored(photos, axis, -radius, ops.shape(photos)[axis] + 2 * radius)
    return _smooth(photos, _gaussian(sigma, radius))


def grain(photos, strength, field):
    """Adds clumps of light and dark, the same in all channels, strongest in the midtones and none in black and white.

    Args:
        photos: float32 RGB in [0, 1], ``(batch, height, width, 3)``.
        strength: standard deviation where luma is a half, ``(batch, 1, 1, 1)``; elsewhere ``4 * luma * (1 - luma)`` of it.
        field: white noise of standard deviation 1, `GRAIN_RADIUS` wider than the picture on all four sides so that its edges
            are like the rest, ``(batch, height + 2 * GRAIN_RADIUS, width + 2 * GRAIN_RADIUS, 1)``.

    Returns:
        float32 tensor of the same shape as `photos`, not clipped.
    """
    weights = _gaussian(ops.full((1, 1, 1, 1), GRAIN_SIGMA, dtype="float32"), GRAIN_RADIUS)
    clumps = _smooth(field, weights) / ops.sum(weights * weights)  # back to standard deviation 1
    luma = color.rgb_to_gray(photos)
    return photos + strength * 4 * luma * (1 - luma) * clumps


def fade(photos, share, level):
    """Takes a share of the contrast away, ``(1 - share) * photos + share * level``: blacks lift and whites dim.

    Args:
        photos: float32 ``(batch, height, width, channels)`` in [0, 1].
        share: of the contrast that is lost, in [0, 1], ``(batch, 1, 1, 1)``.
        level: the grey that everything tends to, in [0, 1], ``(batch, 1, 1, 1)``.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    return (1 - share) * photos + share * level


def _smooth(images, weights):
    """Weighs the neighbours of each pixel, down and across; loses ``taps - 1`` pixels of either side."""
    # Sums of shifted pictures, not a convolution, which cannot have a kernel per picture and which GPUs round.
    taps = weights.shape[-1]
    height, width = (size - taps + 1 for size in ops.shape(images)[1:3])
    images = sum(images[:, tap : tap + height] * weights[..., tap : tap + 1] for tap in range(taps))
    return sum(images[:, :, tap : tap + width] * weights[..., tap : tap + 1] for tap in range(taps))


def _gaussian(sigma, radius):
    """Sigmas ``(batch, 1, 1, 1)`` to weights ``(batch, 1, 1, 2 * radius + 1)`` that sum to 1."""
    steps = ops.arange(-radius, radius + 1, dtype="float32") / ops.maximum(sigma, 1e-3)
    weights = ops.exp(-0.5 * steps * steps)
    return weights / ops.sum(weights, axis=-1, keepdims=True)
