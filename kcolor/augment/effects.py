"""Effects of age on a photo, one a function, each with its strength given. `kcolor.augment.age` draws the strengths.

All take float32 pictures ``(batch, height, width, channels)`` in [0, 1] and one strength per picture, ``(batch, 1, 1, 1)``.
"""

from keras import ops

from kcolor import color
from kcolor.images.blur import gaussians, weigh_neighbors
from kcolor.images.resizing import mirrored
from kcolor.utils.types import Tensor

GRAIN_SIGMA = 1.0  # pixels: the Gaussian that gives grain its clumps
GRAIN_RADIUS = 3


def blur(photos: Tensor, sigma: Tensor, radius: int) -> Tensor:
    """Blurs each picture with its own Gaussian. Edges are mirrored, so the mean stays.

    >>> dot = np.zeros((1, 1, 5, 1), "float32")
    >>> dot[0, 0, 2] = 1
    >>> blurred = blur(dot, np.ones((1, 1, 1, 1), "float32"), radius=2)
    >>> np.round(ops.convert_to_numpy(blurred)[0, 0, :, 0], 3)
    array([0.054, 0.244, 0.403, 0.244, 0.054], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, channels)``, in any range.
        sigma: Float tensor ``(batch, 1, 1, 1)``. Standard deviations in pixels; 0 leaves a picture as it is.
        radius: Integer. Where the Gaussian is cut off; three times the largest sigma is enough.

    Returns:
        float32 tensor of the same shape, in the range of `photos` but for rounding.
    """
    for axis in (1, 2):
        photos = mirrored(photos, axis, -radius, ops.shape(photos)[axis] + 2 * radius)
    return weigh_neighbors(photos, gaussians(sigma, radius))


def grain(photos: Tensor, strength: Tensor, field: Tensor) -> Tensor:
    """Adds clumps of light and dark, strongest in the midtones and none in black and white.

    Args:
        photos: float32 tensor ``(batch, height, width, 3)``. RGB in [0, 1].
        strength: Float tensor ``(batch, 1, 1, 1)``. Standard deviation where luma is a half; elsewhere it is
            ``4 * luma * (1 - luma)`` of that.
        field: Float tensor ``(batch, height + 2 * GRAIN_RADIUS, width + 2 * GRAIN_RADIUS, 1)``. White noise of standard
            deviation 1. It is larger than the picture so that the edges are like the rest.

    Returns:
        float32 tensor of the shape of `photos`, not clipped. The change is the same in all channels.
    """
    weights = gaussians(ops.full((1, 1, 1, 1), GRAIN_SIGMA, dtype="float32"), GRAIN_RADIUS)
    clumps = weigh_neighbors(field, weights) / ops.sum(weights * weights)  # back to standard deviation 1
    luma = color.rgb_to_gray(photos)
    return photos + strength * 4 * luma * (1 - luma) * clumps


def fade(photos: Tensor, share: Tensor, level: Tensor) -> Tensor:
    """Takes a share of the contrast away, ``(1 - share) * photos + share * level``: blacks lift and whites dim.

    >>> fade(np.float32([0.0, 0.5, 1.0]), share=0.5, level=0.5)
    array([0.25, 0.5 , 0.75], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, channels)`` in [0, 1].
        share: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. Share of the contrast that is lost.
        level: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. The grey that all pixels move towards.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    return (1 - share) * photos + share * level
