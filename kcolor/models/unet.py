"""The U-Net of system A (bins or regression); with LeakyReLU and dropout it is that of system D."""

from collections.abc import Sequence

import keras
from keras import layers

from kcolor.models.blocks import convolution_block, picture_input
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def unet(
    target: ColorTarget,
    *,
    filters: Sequence[int] = (16, 32, 64, 128, 256),
    activation: str = "relu",
    divider: int = 1,
    dropout: float | Sequence[float] = 0.0,
    size: int | tuple[int, int] | None = None,
) -> keras.Model:
    """Builds a U-Net: (3×3 convolution, batch norm, activation) × 2 per level, max pooling, 3×3 transposed convolutions.

    System A's small one is ``filters=(8, 16, 32)``: 35,748 weights with 324 bins. The default is its large one: 2,166,852.
    System D's has ``activation="leaky_relu"`` and dropout in the levels next to the input, ``dropout=(0.2, 0.2)``.

    Args:
        target: `kcolor.targets.ColorTarget`.
        filters: One integer per level, from the input inwards.
        activation: String. Activation between the layers.
        divider: Integer. Divides every number of filters.
        dropout: Float for every level, or one float per level from the input inwards (0 for the levels that are left).
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of ``2 ** (levels - 1)``.

    Returns:
        A functional model, luma to raw.

    >>> network = kcolor.models.unet(kcolor.targets.get("lab"), filters=(4, 8))
    >>> network.output_shape
    (None, None, None, 2)
    """
    if not isinstance(filters, (list, tuple)) or divider < 1:
        raise ValueError(f"Expected `filters` as a list and `divider` of at least 1. Received: {filters!r} and {divider!r}")
    filters = [f // divider for f in filters]
    if not filters or min(filters) < 1:
        raise ValueError(f"Expected at least one filter in every level. Received: {filters}, after dividing by {divider}")
    dropout = [dropout] * len(filters) if isinstance(dropout, (int, float)) else [*dropout] + [0.0] * len(filters)
    luma, x = picture_input(2 ** (len(filters) - 1), size)
    skips = []

    # Down: a block per level, whose output is kept for the way up.
    for level, width in enumerate(filters):
        if level:
            x = layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
        x = convolution_block(x, width, activation, f"down{level}")
        if dropout[level]:
            x = layers.Dropout(dropout[level], name=f"down{level}_dropout")(x)
        skips.append(x)

    # Up: the level below, doubled, beside the output that was kept.
    for level, width in reversed(list(enumerate(filters[:-1]))):
        x = layers.Conv2DTranspose(width, 3, strides=2, padding="same", name=f"up{level}_transposed")(x)
        x = layers.Concatenate(name=f"up{level}_skip")([x, skips[level]])
        x = convolution_block(x, width, activation, f"up{level}")
    return keras.Model(luma, head(x, target), name="unet")
