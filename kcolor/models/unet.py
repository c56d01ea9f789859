"""The U-Net of system A (bins or regression), and with LeakyReLU and dropout that of system D."""

import keras
from keras import layers

from kcolor.models.blocks import batch_norm, picture_input
from kcolor.models.head import head


def unet(target, *, filters=(16, 32, 64, 128, 256), activation="relu", divider=1, dropout=0.0, size=None):
    """A U-Net of (3×3 convolution, batch norm, activation) × 2 a level, max pooling and 3×3 transposed convolutions.

    System A's small one is ``filters=(8, 16, 32)``: 35,748 weights with 324 bins; the default is the large one: 2,166,852.
    System D's has ``activation="leaky_relu"`` and dropout in the levels nearest the input, as ``dropout=(0.2, 0.2)``.

    Args:
        target: a colour target.
        filters: one number a level, from the input inwards.
        activation: between the layers.
        divider: divides every number of filters.
        dropout: of every level, or a tuple of one a level from the input inwards (0 where it ends).
        size: of the input; None for any multiple of ``2 ** (levels - 1)``.

    Returns:
        A functional model, luma to raw.
    """
    if not isinstance(filters, (list, tuple)) or divider < 1:
        raise ValueError(f"Expected `filters` as a list and `divider` of at least 1. Received: {filters!r} and {divider!r}")
    filters = [f // divider for f in filters]
    if not filters or min(filters) < 1:
        raise ValueError(f"Expected at least one filter in every level. Received: {filters}, after dividing by {divider}")
    dropout = [dropout] * len(filters) if isinstance(dropout, (int, float)) else [*dropout] + [0.0] * len(filters)
    luma, x = picture_input(2 ** (len(filters) - 1), size)
    skips = []

    # Down: a block a level, its answer kept for the way up.
    for level, width in enumerate(filters):
        if level:
            x = layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
        x = _block(x, width, activation, f"down{level}")
        if dropout[level]:
            x = layers.Dropout(dropout[level], name=f"down{level}_dropout")(x)
        skips.append(x)

    # Up: the level below, doubled, beside what was kept.
    for level, width in reversed(list(enumerate(filters[:-1]))):
        x = layers.Conv2DTranspose(width, 3, strides=2, padding="same", name=f"up{level}_transposed")(x)
        x = layers.Concatenate(name=f"up{level}_skip")([x, skips[level]])
        x = _block(x, width, activation, f"up{level}")
    return keras.Model(luma, head(x, target), name="unet")


def _block(x, width, activation, name):
    for step in (1, 2):
        x = layers.Conv2D(width, 3, padding="same", name=f"{name}_conv{step}")(x)
        x = batch_norm(name=f"{name}_norm{step}")(x)
        x = layers.Activation(activation, name=f"{name}_act{step}")(x)
    return x
