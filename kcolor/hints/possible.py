"""Which colours exist at a lightness."""

from collections.abc import Callable

import numpy as np
from keras import ops

from kcolor import color
from kcolor.targets import ColorTarget
from kcolor.utils.compile import Graph
from kcolor.utils.kept import keep
from kcolor.utils.types import Tensor

_KEPT = 12  # graphs
_GRAPHS: dict = {}
_ROOM = 0.1 / 255  # what is farther outside does not come out of painting, which keeps lightness
_APART = 1.0  # in the ab plane, between a colour and what its RGB means
_STEPS = 14  # of halving, to find a lightness


def picture_of(target: ColorTarget, ab: np.ndarray, luma: np.ndarray) -> np.ndarray:
    """Returns colours with a hue and strength, at the luma that a target keeps; perhaps outside the gamut.

    >>> rgb = picture_of(kcolor.targets.get("ycbcr"), np.float32([[30, 20]]), np.float32([[0.5]]))
    >>> round(float(kcolor.color.rgb_to_gray(rgb)[0, 0]), 3)
    0.5

    Args:
        target: `ColorTarget`.
        ab: Array ``(..., 2)``.
        luma: Array ``(..., 1)`` in [0, 1]: what `target.luma` says of the photo.

    Returns:
        Array of RGB ``(..., 3)``.
    """
    ab, luma = np.asarray(ab, "float32"), np.asarray(luma, "float32")
    shape = np.broadcast_shapes(ab.shape[:-1], luma.shape[:-1])
    flat = (np.broadcast_to(part, (*shape, part.shape[-1])).reshape(-1, part.shape[-1]) for part in (ab, luma))
    return _numpy(graphs(target, rgb_function)(*flat)).reshape(*shape, 3)


def graphs(target: ColorTarget, made_for: Callable) -> Graph:
    """Returns a graph for a target, made once: colours of a few pixels are many small operations.

    >>> target, doubled = kcolor.targets.get("lab"), lambda target: lambda chroma: target.scale_chroma(chroma, 2.0)
    >>> graphs(target, doubled) is graphs(target, doubled)
    True

    Args:
        target: `ColorTarget`.
        made_for: Function from a target to the function that becomes the graph. It is told from others by itself.
    """
    key = (id(target), made_for)
    found = _GRAPHS.get(key)
    if found is None:
        # The target is kept, so that its id stays its own.
        return keep(_GRAPHS, key, (target, Graph(made_for(target))), _KEPT)[1]
    return found[1]


def rgb_function(target: ColorTarget) -> Callable[[Tensor, Tensor], Tensor]:
    """Returns the function of `picture_of` as tensors: from ``(..., 2)`` and ``(..., 1)`` to RGB ``(..., 3)``.

    >>> rgb = rgb_function(kcolor.targets.get("lab"))(np.float32([[0, 0]]), np.float32([[1.0]]))
    >>> ops.convert_to_numpy(rgb).round(2)
    array([[1., 1., 1.]], dtype=float32)

    Args:
        target: `ColorTarget`.
    """
    straight = keeps_lightness(target)

    def picture(ab, luma):
        ab, luma = ops.convert_to_tensor(ab), ops.convert_to_tensor(luma)
        if straight:
            return _rgb(luma * 100, ab)
        low, high = ops.zeros_like(luma), ops.zeros_like(luma) + 100.0
        for _ in range(_STEPS):
            middle = (low + high) / 2
            dark = target.luma(_rgb(middle, ab)) < luma
            low, high = ops.where(dark, middle, low), ops.where(dark, high, middle)
        return _rgb((low + high) / 2, ab)

    return picture


def exists(target: ColorTarget, ab: np.ndarray, luma: np.ndarray) -> np.ndarray:
    """Returns whether colours with a hue and strength exist at a luma: ``(...)`` of booleans; arguments as of `picture_of`.

    >>> exists(kcolor.targets.get("lab"), np.float32([[20, 10], [90, -90]]), np.float32([[0.5]]))
    array([ True, False])
    """
    rgb = picture_of(target, ab, luma)
    inside = np.all((rgb >= -_ROOM) & (rgb <= 1 + _ROOM), axis=-1)
    # Near black, light below 0 is cut off: what comes back is another colour.
    back = _numpy(graphs(target, _to_lab)(np.clip(rgb, 0, 1)))[..., 1:]
    return inside & (np.linalg.norm(back - ab, axis=-1) < _APART)


def keeps_lightness(target: ColorTarget) -> bool:
    """Returns whether what a target keeps of a photo is the L of Lab: then colours of a lightness follow at once.

    >>> [keeps_lightness(kcolor.targets.get(name)) for name in ("lab", "ycbcr")]
    [True, False]

    Args:
        target: `ColorTarget`.
    """
    rgb = np.array([[0.2, 0.4, 0.6]], "float32")
    return abs(float(_numpy(target.luma(rgb))[0, 0]) - float(_numpy(color.rgb_to_lightness(rgb))[0, 0]) / 100) < 1e-3


def _to_lab(target):
    return color.rgb_to_lab


def _rgb(lightness, ab):
    return color.lab_to_rgb(ops.concatenate([lightness, ab], axis=-1), gamut=None)


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)
