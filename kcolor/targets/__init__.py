"""Colour targets: one object that says how colour is represented, from which all else is derived.

A target is frozen and Keras-serializable. It knows what the network sees (`luma`), what it should answer (`encode`), and how an
answer becomes a picture again: `chroma` reads the raw answer, `join` puts it together with the photo's own lightness, and
`decode` is both with the upsampling between them. All methods compute in float32 and take any
rank that ends in ``(height, width, channels)``; `decode` of an answer smaller than the photo takes batches.
"""

from kcolor.targets.base import ACTIVATION_RANGES, ColorTarget
from kcolor.targets.bins import Bins
from kcolor.targets.chroma import Lab, MeanAb, YCbCr
from kcolor.targets.rgb import RGB, Difference, Quotient
from kcolor.utils import registry

__all__ = [
    "ACTIVATION_RANGES",
    "RGB",
    "TARGETS",
    "Bins",
    "ColorTarget",
    "Difference",
    "Lab",
    "MeanAb",
    "Quotient",
    "YCbCr",
    "get",
]

TARGETS = {
    "lab": Lab,
    "ycbcr": YCbCr,
    "bins": Bins,
    "mean_ab": MeanAb,
    "rgb": RGB,
    "difference": Difference,
    "quotient": Quotient,
}


def get(name, **options) -> ColorTarget:
    """A target by its name in `TARGETS`; `options` are its arguments. A target is given back as it is.

    >>> get("bins", grid=18).channels
    324
    """
    if isinstance(name, ColorTarget):
        return name
    return registry.build(TARGETS, "target", name, **options)
