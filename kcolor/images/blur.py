"""Separable filters: Gaussians, and the weighted sum of a pixel's neighbours along both axes."""

import math
from typing import Any

from keras import ops

from kcolor.utils.types import Tensor


def gaussian(sigma: float, radius: int) -> list[float]:
    """Returns the weights of a Gaussian, which sum to 1.

    >>> [round(weight, 3) for weight in gaussian(1.0, 2)]
    [0.054, 0.244, 0.403, 0.244, 0.054]

    Args:
        sigma: Positive number. Standard deviation in pixels.
        radius: Integer. How many pixels on either side have a weight.

    Returns:
        List of ``2 * radius + 1`` numbers.
    """
    weights = [math.exp(-(step**2) / (2 * sigma**2)) for step in range(-radius, radius + 1)]
    return [weight / sum(weights) for weight in weights]


def gaussians(sigma: Tensor, radius: int) -> Tensor:
    """Returns the weights of one Gaussian per picture.

    >>> gaussians(ops.reshape([0.0, 1.0], (2, 1, 1, 1)), 3).shape[-1]
    7

    Args:
        sigma: Float tensor ``(batch, 1, 1, 1)``. Standard deviations in pixels; 0 leaves a picture as it is.
        radius: Integer. How many pixels on either side have a weight.

    Returns:
        float32 tensor ``(batch, 1, 1, 2 * radius + 1)``, which sums to 1 along the last axis.
    """
    steps = ops.arange(-radius, radius + 1, dtype="float32") / ops.maximum(sigma, 1e-3)
    weights = ops.exp(-0.5 * steps * steps)
    return weights / ops.sum(weights, axis=-1, keepdims=True)


def weigh_neighbors(images: Tensor, weights: Any) -> Tensor:
    """Filters pictures with the same weights along both axes. Each side loses ``taps - 1`` pixels.

    >>> ops.convert_to_numpy(weigh_neighbors(np.ones((1, 3, 4, 1), "float32"), [0.25, 0.5, 0.25]))[0, :, :, 0]
    array([[1., 1.]], dtype=float32)

    Args:
        images: Float tensor ``(batch, height, width, channels)``.
        weights: List of numbers, one per tap; or a tensor ``(batch, 1, 1, taps)`` with weights for each picture.

    Returns:
        Tensor ``(batch, height - taps + 1, width - taps + 1, channels)``.
    """
    # Sums of shifted pictures. A convolution cannot have a kernel per picture, and GPUs round it.
    if not isinstance(weights, (list, tuple)):
        weights = [weights[..., tap : tap + 1] for tap in range(weights.shape[-1])]
    # Ends are counted from the end (None where that is 0), so that sizes may be unknown while a graph is made.
    ends = [tap - len(weights) + 1 or None for tap in range(len(weights))]
    images = sum(weight * images[:, tap:end] for tap, (weight, end) in enumerate(zip(weights, ends, strict=True)))
    return sum(weight * images[:, :, tap:end] for tap, (weight, end) in enumerate(zip(weights, ends, strict=True)))
