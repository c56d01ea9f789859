"""System C's networks for small faces: a regressor of the mean colour, and encoder-decoders without skips."""

import keras
from keras import layers

from kcolor.models.blocks import ConstantPlanes, batch_norm, picture_input, pooling_encoder
from kcolor.models.head import head


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
    x = pooling_encoder(x, down)
    for stage, width in enumerate(up, start=1):
        x = layers.Conv2DTranspose(width, up_kernel, strides=2, padding="same", name=f"up{stage}_transposed")(x)
        x = batch_norm(name=f"up{stage}_norm")(x)
        x = layers.ReLU(name=f"up{stage}_act")(x)
    return keras.Model(inputs, head(x, target, kernel_size=up_kernel, transposed=True), name="encoder_decoder")
