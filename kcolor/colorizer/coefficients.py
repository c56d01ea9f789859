"""What photos are painted with: chroma as a local linear function of lightness."""

from keras import ops

from kcolor.colorizer.forward import Forward
from kcolor.colorizer.input_size import Side
from kcolor.colorizer.painting import paint
from kcolor.images.graph_sizes import choose, either, neither
from kcolor.images.guided_filter import constant_coefficients, guided_filter
from kcolor.images.resizing import resize
from kcolor.utils.types import Tensor


def coefficients_of(forward: Forward, chroma: Tensor, luma: Tensor, size: tuple[Side, Side]) -> Tensor:
    """Returns what photos are painted with: chroma as a local linear function of lightness.

    Args:
        forward: `Forward` that the chroma comes from.
        chroma: ``(batch, h, w, channels)``.
        luma: Floats ``(batch, h, w, 1)``. Luma of the photos at that size.
        size: The (height, width) of the photos to paint. Where chroma is stretched to it, it follows the photos' edges.

    Returns:
        Coefficients ``(batch, …, 2 * channels)`` of the chroma's size, or of the photos' if that is smaller.
    """
    if forward.target.pooled:
        return constant_coefficients(chroma)
    return no_larger_than(size, fitted_coefficients(forward, chroma, luma, size))


def fitted_coefficients(forward: Forward, chroma: Tensor, luma: Tensor, size: tuple[Side, Side]) -> Tensor:
    """Returns coefficients of the chroma's own size: constant ones where nothing is stretched, else the guided filter's.

    Args:
        forward: As of `coefficients_of`, and so are the others.
        chroma: ``(batch, h, w, channels)``.
        luma: Floats ``(batch, h, w, 1)``.
        size: The (height, width) of the photos to paint.
    """
    seen_size = ops.shape(luma)[1:3]
    smaller = either(size[0] < seen_size[0], size[1] < seen_size[1])
    larger = either(size[0] > seen_size[0], size[1] > seen_size[1])
    return choose(
        either(smaller, neither(larger, forward.output_stride > 1)),
        lambda: constant_coefficients(chroma),
        lambda: guided_filter(chroma, luma, 2 * forward.output_stride),
    )


def no_larger_than(size: tuple[Side, Side], maps: Tensor) -> Tensor:
    """Returns maps ``(batch, h, w, channels)``, scaled to a (height, width) where that is smaller."""
    own = ops.shape(maps)[1:3]
    smaller = either(size[0] < own[0], size[1] < own[1])
    return resize(maps, choose(smaller, lambda: size, lambda: own))


def painted(forward: Forward, raw: Tensor, seen: Tensor, rgb: Tensor) -> Tensor:
    """Returns what a colorizer makes of a raw output.

    Args:
        forward: `Forward` of the colorizer.
        raw: The network's raw output.
        seen: The photos at the size at which the network saw them, floats ``(b, h, w, 3)``.
        rgb: The photos, floats ``(b, height, width, 3)``.

    Returns:
        RGB in [0, 1] of the photos' size.
    """
    coefficients = coefficients_of(forward, forward.chroma(raw, seen), forward.target.luma(seen), ops.shape(rgb)[1:3])
    return paint(forward.target, coefficients, rgb)


def resize_like(maps: Tensor, other: Tensor) -> Tensor:
    """Returns maps scaled to another tensor's height and width."""
    return resize(maps, ops.shape(other)[1:3])
