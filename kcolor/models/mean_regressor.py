"""System C's regressor of a face's mean colour."""

import keras

from kcolor.models.blocks import picture_input, pooling_encoder
from kcolor.models.head import head


def mean_regressor(target, *, maps=3, stages=7, size=None):
    """C1: stages of (3×3 convolution, batch norm, ReLU, 2×2 max pooling), then one answer for the picture.

    Args:
        target: a pooled target: ``mean_ab``.
        maps: filters of every stage.
        stages: how often the resolution is halved: 7 leave one pixel of 128.
        size: of the input; None for any multiple of ``2 ** stages`` (what is left is averaged).

    Returns:
        A functional model, luma to ``(batch, channels)``.
    """
    if not target.pooled:
        raise ValueError(
            f'mean_regressor answers once a picture, so it needs a pooled target: "mean_ab". Received: {type(target).__name__}'
        )
    luma, x = picture_input(2**stages, size)
    x = pooling_encoder(x, (maps,) * stages)
    return keras.Model(luma, head(x, target), name="mean_regressor")
