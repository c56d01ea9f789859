"""Spreads what hints change over the picture: to places that are near, as light, as coloured, and look alike to the network.

This is a Gaussian process (kriging) of the correction: the difference between a hint's colour and the colour that is there. It
needs no training, and nothing but chroma, so that it works with every target. It costs one product of matrices.

A small correction is true of much of a picture: the light was warmer than the network thought. A bold one is true of one thing:
this coat was red. So there are two layers. The wide one takes bold corrections for noise, unless others say the same. What it
leaves over is spread to what is near and much alike.
"""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.images.resizing import resize
from kcolor.utils.types import Tensor

# Distances at which one place says little about another: see `benchmarks.hint_kernel`, by which they were chosen.
REACH = 0.75  # of the shorter side
LIGHTNESS = 60.0
CHROMA = 23.0  # between predicted colours, in the ab plane
ALIKE = 0.7  # between feature maps of length 1
NUGGET = 0.05  # variance of the noise of a hint: nearby hints need not agree
DOUBT = 0.5  # the same for a hint that is a guess, which need not be exact
BOLD = 25.0  # in the ab plane: of a correction this strong half is spread widely, and half to what is four times as near
MAPS = 32  # to which the network's feature maps are reduced by a random projection
_AT_ONCE = 1 << 23  # numbers of the kernel that are in memory


def descriptors(seen: Tensor, features: Tensor | None = None, ab: Tensor | None = None) -> Tensor:
    """Returns what says how much two pixels have to do with each other: the distance of their descriptors.

    >>> seen, maps = np.zeros((1, 8, 12, 3), "float32"), np.ones((1, 2, 3, 7), "float32")
    >>> tuple(descriptors(seen, maps, ab=np.zeros((1, 8, 12, 2), "float32")).shape)
    (1, 8, 12, 37)

    Args:
        seen: Floats ``(batch, h, w, 3)`` in [0, 1]. The photos as the network saw them.
        features: Feature maps ``(batch, …, …, maps)`` of any size that cover the same picture. None leaves them out.
        ab: Floats ``(batch, h, w, 2)``: the predicted colours. None leaves them out.

    Returns:
        float32 tensor ``(batch, h, w, 3)``, or with 32 more channels if there are feature maps, and 2 more for colours.
    """
    lightness = color.rgb_to_lightness(seen)
    parts = [_places(lightness), lightness / LIGHTNESS]
    if features is not None:
        parts.append(resize(_reduced(features), ops.shape(seen)[1:3]) / ALIKE)
    if ab is not None:
        parts.append(ops.convert_to_tensor(ab, "float32") / CHROMA)
    return ops.concatenate(parts, axis=-1)


def _places(like):
    """Rows and columns, as shares of the reach. Sizes may be unknown while a graph is made."""
    height, width = (ops.cast(side, "float32") for side in ops.shape(like)[1:3])
    ones = ops.ones_like(like)
    where = ops.concatenate([ops.cumsum(ones, axis=1), ops.cumsum(ones, axis=2)], axis=-1)
    return where / (REACH * ops.minimum(height, width))


def _reduced(features):
    """Feature maps of length 1 in fewer dimensions, in which distances are about the same (Johnson and Lindenstrauss)."""
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True))
    maps = int(features.shape[-1])
    projection = np.random.RandomState(0).standard_normal((maps, MAPS)) / np.sqrt(MAPS)  # this generator never changes
    return ops.matmul(features / ops.maximum(length, 1e-6), ops.convert_to_tensor(projection.astype("float32")))


def halves(everywhere: Tensor) -> Tensor:
    """Returns half the square of each descriptor's length: what `spread` needs of the pixels, whatever the hints.

    >>> ops.convert_to_numpy(halves(np.float32([[3, 4], [1, 1]])))
    array([12.5,  1. ], dtype=float32)

    Args:
        everywhere: Floats ``(pixels, d)``.
    """
    return ops.sum(ops.square(everywhere), axis=-1) / 2


def spread(
    corrections: Tensor,
    at: Tensor,
    everywhere: Tensor,
    nugget: float | np.ndarray = NUGGET,
    half: Tensor | None = None,
    boldness: np.ndarray | None = None,
) -> Tensor:
    """Returns the correction of every pixel, from those at the hints.

    >>> at = np.float32([[0.0], [100.0]])
    >>> found = spread(np.float32([[8], [-4]]), at, np.float32([[0], [1], [50], [100]]), nugget=0.0)
    >>> ops.convert_to_numpy(found).round(2)[:, 0] + 0.0
    array([ 8.  ,  4.85,  0.  , -4.  ], dtype=float32)

    Args:
        corrections: Floats ``(hints, channels)``.
        at: Floats ``(hints, d)``: the descriptors of the hints.
        everywhere: Floats ``(pixels, d)``: the descriptors of the pixels.
        nugget: Float, or one for each hint ``(hints,)``. Variance of a hint's noise, as a share of that of corrections.
        half: Floats ``(pixels,)``: `halves` of `everywhere`, if it is known.
        boldness: Floats ``(hints,)``: what is noise for the wide layer besides. None for the wide layer alone.

    Returns:
        float32 tensor ``(pixels, channels)``. Far from all hints it is 0.
    """
    at, everywhere = (ops.convert_to_tensor(part, "float32") for part in (at, everywhere))
    half, own = halves(everywhere) if half is None else half, halves(at)
    between, count = kernel(at, own, at, own), int(at.shape[0])
    noise = np.broadcast_to(np.asarray(nugget, "float32"), (count,))
    corrections = ops.convert_to_tensor(corrections, "float32")
    wide = _solved(between, noise if boldness is None else noise + boldness, corrections)
    near = None
    if boldness is not None:
        near = _solved(narrow(between), noise, corrections - ops.matmul(between, wide))
    parts = []
    step = max(1, _AT_ONCE // count)  # in pieces: for 500 hints all of it would be 130 MB for 256×256 pixels
    for first in range(0, int(everywhere.shape[0]), step):
        piece = kernel(everywhere[first : first + step], half[first : first + step], at, own)
        found = ops.matmul(piece, wide)
        parts.append(found if near is None else found + ops.matmul(narrow(piece), near))
    return parts[0] if len(parts) == 1 else ops.concatenate(parts)


def _solved(between, noise, corrections):
    noise = ops.convert_to_tensor(np.diag(noise).astype("float32"))
    return ops.solve(between + noise, corrections)


def narrow(likeness: Tensor) -> Tensor:
    """Returns a kernel for distances half as long: its fourth power.

    >>> ops.convert_to_numpy(narrow(np.float32([1.0, 0.5])))
    array([1.    , 0.0625], dtype=float32)

    Args:
        likeness: What `kernel` returns.
    """
    return ops.square(ops.square(likeness))


def boldness(strength: Tensor, radius: Tensor) -> Tensor:
    """Returns how much of corrections is noise for the wide layer, see `spread`: the bolder, and the smaller the thing.

    >>> ops.convert_to_numpy(boldness(np.float32([25, 25, 0]), np.float32([0.02, 0.005, 0.02])))
    array([1., 4., 0.], dtype=float32)

    Args:
        strength: Floats: how far colours move in the ab plane, for each hint.
        radius: Floats of the same shape: of the patches, as a share of the shorter side.

    Returns:
        float32 tensor of that shape.
    """
    strength, radius = (ops.convert_to_tensor(part, "float32") for part in (strength, radius))
    small = 0.01 / ops.clip(radius, 1e-4, 0.01)  # a hundredth is the usual radius
    return ops.square(strength / BOLD) * ops.square(small)


def kernel(first: Tensor, first_half: Tensor, second: Tensor, second_half: Tensor) -> Tensor:
    """Returns how much places have to do with each other: 1 for the same, near 0 for those that are far or different.

    >>> places = np.float32([[0.0], [1.0]])
    >>> ops.convert_to_numpy(kernel(places, halves(places), places, halves(places))).round(2)
    array([[1.  , 0.61],
           [0.61, 1.  ]], dtype=float32)

    Args:
        first: Floats ``(n, d)``: descriptors.
        first_half: Floats ``(n,)``: `halves` of these.
        second: Floats ``(m, d)``.
        second_half: Floats ``(m,)``.

    Returns:
        float32 tensor ``(n, m)``.
    """
    likeness = ops.matmul(first, ops.transpose(second)) - ops.expand_dims(first_half, 1) - ops.expand_dims(second_half, 0)
    return ops.exp(ops.minimum(likeness, 0.0))
