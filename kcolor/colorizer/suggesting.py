"""Colours that a place of a photo may have, as a network says them."""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.colorizer.forward import Forward
from kcolor.hints.hint import Patch
from kcolor.hints.patches import patches_in
from kcolor.hints.suggestions import Suggestion, suggestions
from kcolor.images import arrays
from kcolor.utils.compile import without_gradients
from kcolor.utils.types import Tensor


def suggestions_at(forward: Forward, small: np.ndarray, patch: Patch, count: int) -> list[Suggestion]:
    """Returns colours for a patch of a photo, the likeliest first.

    Args:
        forward: `Forward` of the colorizer.
        small: Photo ``(1, height, width, 3)``, uint8 or floats in [0, 1]; a large one made smaller.
        patch: `Patch`.
        count: Integer. The most colours.
    """
    seen = forward.seen(arrays.to_float(small))
    with without_gradients():
        raw = forward.raw(seen)
    return suggestions_of(forward, seen, raw, patch, count)


def suggestions_of(forward: Forward, seen: Tensor, raw: Tensor, patch: Patch, count: int) -> list[Suggestion]:
    """Returns what `suggestions_at` does for a photo that was predicted already.

    Args:
        forward: `Forward` of the colorizer.
        seen: Floats ``(1, h, w, 3)``. The photo as the network saw it.
        raw: The network's raw output.
        patch: `Patch`.
        count: Integer. The most colours.
    """
    target = forward.target
    here = patches_in(ops.convert_to_numpy(seen)[0], (patch,))
    luma = float(here.luma(target)[0, 0])
    if target.bins is None:
        chroma = ops.broadcast_to(forward.chroma(raw, seen), (*ops.shape(seen)[:3], target.channels))
        lab = color.rgb_to_lab(target.join(chroma, seen))
        return suggestions(target, here.of(ops.convert_to_numpy(lab)[0, ..., 1:]), None, luma, count)
    shares = forward.at_photo(ops.softmax(ops.cast(raw, "float32"), axis=-1), seen)
    weights = here.of(ops.convert_to_numpy(shares)[0])[0].astype("float64")
    return suggestions(target, target.bins.colors(1.0), weights / weights.sum(), luma, count)
