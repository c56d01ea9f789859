"""System B: generator and discriminator whose every level has the same width, the "complexity"."""

import keras
from keras import layers

from kcolor.models.blocks import batch_norm, picture_input
from kcolor.models.head import head


def complexity_unet(target, *, complexity=72, dropout=0.5, size=None):
    """System B's generator: stem, five blocks down, five up with skips, all of one width.

    58,064 weights with ``complexity=16``, 476,054 with 46, 1,164,456 with 72 (for two channels).

    Args:
        target: a colour target; system B's is ``lab``.
        complexity: filters of every layer.
        dropout: of the first four blocks up.
        size: of the input; None for any multiple of 32.

    Returns:
        A functional model, luma to raw.
    """
    _check_complexity(complexity)
    luma, x = picture_input(32, size)
    x = layers.Rescaling(2.0, -1.0, name="signed")(x)
    features = _up(_down(_stem(x, complexity), complexity, 5), complexity, dropout)
    return keras.Model(luma, head(features, target, kernel_size=3, use_bias=False), name="complexity_unet")


def complexity_discriminator(*, complexity=16, size=256, dropout=0.5, input_channels=3):
    """System B's discriminator: a small U-Net of the same blocks, then one number for the picture.

    The answer is a logit, divided by the complexity as system B has it; sigmoid is left to the loss, which is exact
    where the sigmoid saturates. For 256×256: 264,341 weights with ``complexity=4``, 1,081,937 with 16.

    Args:
        complexity: filters of every layer.
        size: height and width of the pictures, a multiple of 8: the last layer's weights depend on it.
        dropout: of the blocks up.
        input_channels: 3: lightness and chroma, each in [-1, 1].

    Returns:
        A functional model, ``(batch, size, size, input_channels)`` to ``(batch, 1)``.
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
    """Blocks down; the answers of all of them, the coarsest last."""
    answers = []
    for block in range(1, count + 1):
        x = layers.Conv2D(width, 4, strides=2, padding="same", use_bias=False, name=f"down{block}_conv")(x)
        x = layers.LeakyReLU(0.2, name=f"down{block}_act")(x)
        x = batch_norm(name=f"down{block}_norm")(x)
        answers.append(x)
    return answers


def _up(answers, width, dropout):
    """As many blocks up; each after the first takes the previous one and its skip, the last has no norm."""
    x = answers[-1]
    for block in range(len(answers), 0, -1):
        if block < len(answers):
            x = layers.Concatenate(name=f"up{block}_skip")([x, answers[block - 1]])
        x = layers.ReLU(name=f"up{block}_act")(x)
        x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False, name=f"up{block}_transposed")(x)
        if block > 1:
            x = batch_norm(name=f"up{block}_norm")(x)
            x = layers.Dropout(dropout, name=f"up{block}_dropout")(x)
    return layers.Activation("tanh", name="up1_tanh")(x)


def _check_complexity(complexity):
    if complexity != int(complexity) or complexity < 1:
        raise ValueError(f"Expected a `complexity` of at least 1 filter. Received: {complexity!r}")
