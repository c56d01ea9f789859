"""Percentiles of photos, without sorting, which devices are slow at."""

from collections.abc import Sequence

from keras import ops

from kcolor.utils.types import Tensor

_MARGIN = 5  # percent of height and width, at each edge: a scan often has a border, white or black


def inner_part(images: Tensor) -> Tensor:
    """Returns every other pixel, in both directions, of the middle of images of one channel.

    >>> tuple(inner_part(np.zeros((2, 40, 60, 1), "float32")).shape)
    (2, 486)

    Args:
        images: Floats ``(batch, height, width, 1)``.

    Returns:
        Floats ``(batch, pixels)``.
    """
    batch, height, width, _ = ops.shape(images)
    top, left = height * _MARGIN // 100, width * _MARGIN // 100
    return ops.reshape(images[:, top : height - top : 2, left : width - left : 2], (batch, -1))


def percentiles(values: Tensor, shares: Sequence[float], steps: int = 10) -> Tensor:
    """Returns percentiles of values in [0, 1], by halving: it takes comparisons and means alone.

    >>> values = np.linspace(0, 1, 1001, dtype="float32").reshape(1, -1)
    >>> ops.convert_to_numpy(percentiles(values, (0.25, 0.5))).round(2)
    array([[0.25, 0.5 ]], dtype=float32)

    Args:
        values: Floats ``(batch, count)`` in [0, 1].
        shares: Numbers in (0, 1). Which percentiles: 0.5 is the median.
        steps: Integer. Halvings. The percentiles are known to ``0.5 ** steps``; after 10 to a quarter of a level of 8 bits.

    Returns:
        Floats ``(batch, len(shares))``.
    """
    wanted = ops.convert_to_tensor(shares, dtype="float32")
    low = 0 * ops.expand_dims(values[:, 0], 1) + 0 * wanted  # as many for each photo
    high = low + 1
    values = ops.expand_dims(values, 2)
    for _ in range(steps):
        middle = (low + high) / 2
        below = ops.mean(ops.cast(values <= ops.expand_dims(middle, 1), "float32"), axis=1)
        low, high = ops.where(below < wanted, middle, low), ops.where(below < wanted, high, middle)
    return high
