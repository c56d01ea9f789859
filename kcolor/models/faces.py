"""System C's networks for small faces: a regressor of the mean colour, and encoder-decoders without skips."""

import keras
from keras import layers

from kcolor.heads import head
from kcolor.models.parts import ConstantPlanes, batch_norm, picture_input


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
    x = _encoder(x, (maps,) * stages)
    return keras.Model(luma, head(x, target), name="mean_regressor")


def encoder_decoder(target, *, down=(3, 3, 3, 3, 3), up=None, up_kernel=4, guide=False, size=None):
    """C2 to C6: down as `mean_regressor`, up by transposed convolutions of stride 2, the last of which answers.

    C2-C4 are the default with ``targets.get("lab", unit=True, activation="relu" | "sigmoid")`` or ``"lab"`` (tanh); C5 is
    ``guide=True``; C6 is ``down=(64, 128, 256, 512), up=(512, 256, 64)``.

    Args:
        target: a colour target.
        down: filters of each stage down, from the input inwards.
        up: filters of each stage up but the last, inside out; the mirror image of `down` by default.
        up_kernel: size of the transposed convolutions' kernels.
        guide: a second input, called ``guide``: two numbers a picture, seen as constant planes beside the lightness.
        size: of the input; None for any multiple of ``2 ** len(down)``.

    Returns:
        A functional model, luma to raw; with a guide its inputs are ``{"luma": …, "guide": …}``.
    """
    up = tuple(reversed(down[:-1])) if up is None else tuple(up)
    if len(up) != len(down) - 1:
        raise ValueError(f"Expected `up` with {len(down) - 1} numbers, one less than `down`. Received: {up}")
    luma, x = picture_input(2 ** len(down), size)
    inputs = luma
    if guide:
        inputs = {"luma": luma, "guide": keras.Input((2,), name="guide")}
        planes = ConstantPlanes(name="guide_planes")([inputs["guide"], x])
        x = layers.Concatenate(name="guided")([x, planes])
    x = _encoder(x, down)
    for stage, width in enumerate(up, start=1):
        x = layers.Conv2DTranspose(width, up_kernel, strides=2, padding="same", name=f"up{stage}_transposed")(x)
        x = batch_norm(name=f"up{stage}_norm")(x)
        x = layers.ReLU(name=f"up{stage}_act")(x)
    return keras.Model(inputs, head(x, target, kernel_size=up_kernel, transposed=True), name="encoder_decoder")


def _encoder(x, filters):
    for stage, width in enumerate(filters, start=1):
        x = layers.Conv2D(width, 3, padding="same", name=f"down{stage}_conv")(x)
        x = batch_norm(name=f"down{stage}_norm")(x)
        x = layers.ReLU(name=f"down{stage}_act")(x)
        x = layers.MaxPooling2D(2, name=f"down{stage}_pool")(x)
    return x
