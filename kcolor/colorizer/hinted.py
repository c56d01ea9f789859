"""Colours with hints: between what was predicted and what is painted. The network does not run again."""

from collections.abc import Callable

import numpy as np
from keras import ops

from kcolor.hints.hint import Placement
from kcolor.hints.patches import Patches, ab_of, patches_in, wanted_ab
from kcolor.hints.pins import chroma_of, painted_ab, pinned
from kcolor.hints.spread import spread
from kcolor.images.resizing import resize
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor


def hinted_coefficients(
    chroma: Tensor,
    seen: Tensor,
    descriptors: Tensor,
    placement: Placement,
    photo: np.ndarray,
    target: ColorTarget,
    to_coefficients: Callable[[Tensor], Tensor],
) -> np.ndarray:
    """Returns the coefficients with which a photo is painted so that its hints are kept.

    Args:
        chroma: Floats ``(1, h, w, channels)``, or one pixel of them: what would be painted without hints.
        seen: Floats ``(1, h, w, 3)``. The photo as the network saw it.
        descriptors: Floats ``(1, h, w, d)``, see `kcolor.hints.spread`.
        placement: `Placement` of the hints.
        photo: ``(height, width, 3)``, uint8 or floats in [0, 1].
        target: `ColorTarget` whose chroma it is.
        to_coefficients: Function from chroma of the size seen to coefficients ``(1, …, …, 2 * channels)``.

    Returns:
        Array ``(…, …, 2 * channels)``.
    """
    chroma = ops.broadcast_to(chroma, (*ops.shape(seen)[:3], chroma.shape[-1]))
    cast = _with_cast(chroma, seen, placement, target)
    if not placement.patches:
        return _numpy(to_coefficients(cast))[0]
    at_size, small = (patches_in(one, placement.patches) for one in (photo, _numpy(seen)[0]))
    luma, colors = at_size.luma(target), [patch.color for patch in placement.patches]
    _, possible = wanted_ab(colors, at_size.lumas(target), target)
    moved = cast + _correction(chroma, cast, descriptors, small, possible, luma, target)
    if (keep := ~np.isfinite(possible[:, 0])).any():
        possible[keep] = painted_ab(_numpy(to_coefficients(chroma))[0], at_size, target)[keep]
    coefficients = to_coefficients(moved)
    small_luma = resize(target.luma(seen), ops.shape(coefficients)[1:3])
    return pinned(_numpy(coefficients)[0], at_size, possible, _numpy(small_luma)[0], target)


def _with_cast(chroma, seen, placement, target):
    """Chroma whose mean is that of the hint for the whole picture, if there is one."""
    if placement.everywhere is None:
        return chroma
    luma = _numpy(ops.mean(target.luma(seen)))[None, None]
    wanted = chroma_of(target, ab_of(placement.everywhere)[None], luma)
    mean = ops.mean(chroma - target.neutral(chroma), axis=(1, 2))
    return chroma + (ops.convert_to_tensor(wanted) - mean)[:, None, None]


def _correction(
    chroma: Tensor,
    cast: Tensor,
    descriptors: Tensor,
    patches: Patches,
    possible: np.ndarray,
    luma: np.ndarray,
    target: ColorTarget,
) -> Tensor:
    """What is added to the chroma of all pixels."""
    before, now = (patches.of(_numpy(one - target.neutral(one))[0]) for one in (chroma, cast))
    keep = ~np.isfinite(possible[:, 0])
    wanted = chroma_of(target, np.where(keep[:, None], 0, possible), luma)
    wanted = np.where(keep[:, None], before, wanted)
    size = ops.shape(descriptors)
    found = spread(wanted - now, patches.of(_numpy(descriptors)[0]), ops.reshape(descriptors, (-1, size[-1])))
    return ops.reshape(found, ops.shape(chroma))


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)
