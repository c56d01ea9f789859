"""System B: a generator and a discriminator; all levels have the same width, the "complexity"."""

import keras
from keras import layers

from kcolor.models.blocks import batch_norm, picture_input
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def complexity_unet(
    target: ColorTarget, *, complexity: int = 72, dropout: float = 0.5, size: int | tuple[int, int] | None = None
) -> keras.Model:
    """Builds system B's generator: a stem, five blocks down, five up with skips, all of the same width.

    It has 58,064 weights with ``complexity=16``, 476,054 with 46, 1,164,456 with 72 (for two channels).

    Args:
        target: `kcolor.targets.ColorTarget`; system B's is ``lab``.
        complexity: Integer. Filters of every layer.
        dropout: Float. Dropout of the first four blocks up.
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of 32.

    Returns:
        A functional model, luma to raw.

    >>> network = kcolor.models.complexity_unet(kcolor.targets.get("lab"), complexity=4)
    >>> network.output_shape
    (None, None, None, 2)
    """
    _check_complexity(complexity)
    luma, x = picture_input(32, size)
    x = layers.Rescaling(2.0, -1.0, name="signed")(x)
    features = _up(_down(_stem(x, complexity), complexity, 5), complexity, dropout)
    return keras.Model(luma, head(features, target, kernel_size=3, use_bias=False), name="complexity_unet")


@channels_last()
def complexity_discriminator(
    *, complexity: int = 16, size: int = 256, dropout: float = 0.5, input_channels: int = 3
) -> keras.Model:
    """Builds system B's discriminator: a small U-Net of the same blocks, then one number per picture.

    The output is a logit, divided by the complexity as in system B. The sigmoid is left to the loss, which is exact where a
    sigmoid saturates. For 256×256 it has 264,341 weights with ``complexity=4``, 1,081,937 with 16.

    Args:
        complexity: Integer. Filters of every layer.
        size: Integer. Height and width of the pictures, a multiple of 8. The last layer's weights depend on it.
        dropout: Float. Dropout of the blocks up.
        input_channels: Integer. 3 for lightness and ab, each in [-1, 1].

    Returns:
        A functional model, ``(batch, size, size, input_channels)`` to ``(batch, 1)``.

    >>> kcolor.models.complexity_discriminator(complexity=4, size=16).output_shape
    (None, 1)
    """
    _check_complexity(complexity)
    if size < 8 or size % 8:
        raise ValueError(f"Expected a `size` that is a multiple of 8. Received: {size!r}")
    picture = keras.Input((size, size, input_channels), name="picture")
    features = _up(_down(_stem(picture, complexity), complexity, 3), complexity, dropout)
    logit = layers.Dense(1, name="logit_unscaled")(layers.Flatten(name="flatten")(features))
    logit = layers.Rescaling(1 / complexity, dtype="float32", name="logit")(logit)
    return keras.Model(picture, logit, name="complexity_discriminator")


def _stem(x, width):
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, name="stem_conv")(x)
    return layers.LeakyReLU(0.2, name="stem_act")(x)


def _down(x, width, count):
    """Adds blocks down; returns the outputs of all of them, the coarsest last."""
    outputs = []
    for block in range(1, count + 1):
        x = layers.Conv2D(width, 4, strides=2, padding="same", use_bias=False, name=f"down{block}_conv")(x)
        x = layers.LeakyReLU(0.2, name=f"down{block}_act")(x)
        x = batch_norm(name=f"down{block}_norm")(x)
        outputs.append(x)
    return outputs


def _up(outputs, width, dropout):
    """Adds as many blocks up. Each after the first takes the previous one and its skip; the last has no norm."""
    x = outputs[-1]
    for block in range(len(outputs), 0, -1):
        if block < len(outputs):
            x = layers.Concatenate(name=f"up{block}_skip")([x, outputs[block - 1]])
        x = layers.ReLU(name=f"up{block}_act")(x)
        x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False, name=f"up{block}_transposed")(x)
        if block > 1:
            x = batch_norm(name=f"up{block}_norm")(x)
            x = layers.Dropout(dropout, name=f"up{block}_dropout")(x)
    return layers.Activation("tanh", name="up1_tanh")(x)


def _check_complexity(complexity):
    if complexity != int(complexity) or complexity < 1:
        raise ValueError(f"Expected a `complexity` of at least 1 filter. Received: {complexity!r}")
