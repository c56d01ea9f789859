"""Spreads what hints change over the picture: to places that are near, as light, and look alike to the network.

This is a Gaussian process (kriging) of the correction: the difference between a hint's colour and the colour that is there. It
needs no training, and nothing but chroma, so that it works with every target. It costs one product of matrices.
"""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.images.resizing import resize
from kcolor.utils.types import Tensor

# Distances at which one place says little about another. Taken from a first trial on photographs, not tuned since.
_REACH = 0.6  # of the shorter side
_LIGHTNESS = 20.0
_ALIKE = 0.5  # between feature maps of length 1
NUGGET = 0.03  # variance of the noise of a hint: nearby hints need not agree
_MAPS = 32  # to which the network's feature maps are reduced by a random projection
_CHUNK = 1 << 14  # pixels at a time


def descriptors(seen: Tensor, features: Tensor | None = None) -> Tensor:
    """Returns what says how much two pixels have to do with each other: the distance of their descriptors.

    >>> tuple(descriptors(np.zeros((1, 8, 12, 3), "float32"), np.ones((1, 2, 3, 7), "float32")).shape)
    (1, 8, 12, 35)

    Args:
        seen: Floats ``(batch, h, w, 3)`` in [0, 1]. The photos as the network saw them.
        features: Feature maps ``(batch, …, …, maps)`` of any size that cover the same picture. None leaves them out.

    Returns:
        float32 tensor ``(batch, h, w, 3)``, or with 32 more channels if there are feature maps.
    """
    batch, height, width = (int(side) for side in ops.shape(seen)[:3])
    unit = _REACH * min(height, width)
    rows, columns = np.mgrid[:height, :width].astype("float32") / unit
    where = np.broadcast_to(np.stack([rows, columns], axis=-1), (batch, height, width, 2))
    parts = [ops.convert_to_tensor(where), color.rgb_to_lightness(seen) / _LIGHTNESS]
    if features is not None:
        parts.append(resize(_reduced(features), (height, width)) / _ALIKE)
    return ops.concatenate(parts, axis=-1)


def _reduced(features):
    """Feature maps of length 1 in fewer dimensions, in which distances are about the same (Johnson and Lindenstrauss)."""
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True))
    maps = int(features.shape[-1])
    projection = np.random.RandomState(0).standard_normal((maps, _MAPS)) / np.sqrt(_MAPS)  # this generator never changes
    flat = ops.reshape(features / ops.maximum(length, 1e-6), (-1, maps))
    return ops.reshape(ops.matmul(flat, projection.astype("float32")), (*ops.shape(features)[:3], _MAPS))


def spread(corrections: Tensor, at: Tensor, everywhere: Tensor, nugget: float = NUGGET) -> Tensor:
    """Returns the correction of every pixel, from those at the hints.

    >>> at = np.float32([[0.0], [100.0]])
    >>> found = spread(np.float32([[8], [-4]]), at, np.float32([[0], [1], [50], [100]]), nugget=0.0)
    >>> ops.convert_to_numpy(found).round(2)[:, 0] + 0.0
    array([ 8.  ,  4.85,  0.  , -4.  ], dtype=float32)

    Args:
        corrections: Floats ``(hints, channels)``.
        at: Floats ``(hints, d)``: the descriptors of the hints.
        everywhere: Floats ``(pixels, d)``: the descriptors of the pixels.
        nugget: Float. Variance of a hint's noise, as a share of the variance of corrections.

    Returns:
        float32 tensor ``(pixels, channels)``. Far from all hints it is 0.
    """
    at, everywhere = (ops.convert_to_tensor(part, "float32") for part in (at, everywhere))
    corrections = ops.convert_to_tensor(corrections, "float32")
    noisy = _kernel(at, at) + nugget * ops.eye(at.shape[0])
    weights = ops.solve(noisy, corrections)
    pixels = int(everywhere.shape[0])
    parts = [
        ops.matmul(_kernel(everywhere[first : first + _CHUNK], at), weights) for first in range(0, pixels, _CHUNK)
    ]  # in pieces: for 500 hints all of it would be 130 MB for every 256×256 pixels
    return ops.concatenate(parts)


def _kernel(first, second):
    squares = [ops.sum(ops.square(part), axis=-1) for part in (first, second)]
    half = ops.matmul(first, ops.transpose(second)) - squares[0][:, None] / 2 - squares[1][None] / 2
    return ops.exp(ops.minimum(half, 0.0))
