"""Colour targets: one object that says how colour is represented. Everything else is derived from it.

A target is frozen and Keras-serializable. It knows what the network sees (`luma`) and what it should output (`encode`). It
also knows how an output becomes a picture again: `chroma` reads the raw output, `join` adds the photo's own lightness, and
`decode` does both, with upsampling between them. All methods compute in float32 and take any rank that ends in
``(height, width, channels)``; only `decode` of an output smaller than the photo needs a batch.

>>> target = kcolor.targets.get("lab")
>>> photo = np.random.default_rng(0).uniform(size=(1, 8, 8, 3)).astype("float32")
>>> result = target.decode(target.encode(photo), photo)
>>> bool(np.allclose(ops.convert_to_numpy(result), photo, atol=1e-3))
True
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


def get(name: str | ColorTarget, **options: object) -> ColorTarget:
    """Builds a target by its name in `TARGETS`.

    Args:
        name: String. A key of `TARGETS`. A target is returned as it is.
        options: Arguments of the target.

    Raises:
        ValueError: If there is no such target, or it has no such option.

    >>> target = kcolor.targets.get("bins", grid=6)
    >>> target.channels
    36
    """
    if isinstance(name, ColorTarget):
        return name
    return registry.build(TARGETS, "target", name, **options)
