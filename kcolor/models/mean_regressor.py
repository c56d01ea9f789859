"""System C's regressor of a face's mean colour."""

import keras

from kcolor.models.blocks import picture_input, pooling_encoder
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def mean_regressor(
    target: ColorTarget, *, maps: int = 3, stages: int = 7, size: int | tuple[int, int] | None = None
) -> keras.Model:
    """Builds C1: stages of (3×3 convolution, batch norm, ReLU, 2×2 max pooling), then one output per picture.

    Args:
        target: A pooled `kcolor.targets.ColorTarget`, such as ``mean_ab``.
        maps: Integer. Filters of every stage.
        stages: Integer. How often the resolution is halved: 7 times leave one pixel of 128.
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of ``2 ** stages``; the maps that remain are averaged.

    Returns:
        A functional model, luma to ``(batch, channels)``.

    >>> kcolor.models.mean_regressor(kcolor.targets.get("mean_ab"), stages=2).output_shape
    (None, 2)
    """
    if not target.pooled:
        raise ValueError(
            f'Expected a pooled target, "mean_ab", because mean_regressor outputs one colour per picture. '
            f"Received: {type(target).__name__}"
        )
    luma, x = picture_input(2**stages, size)
    x = pooling_encoder(x, (maps,) * stages)
    return keras.Model(luma, head(x, target), name="mean_regressor")
