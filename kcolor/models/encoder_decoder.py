"""System C's encoder-decoders for small faces, without skips."""

from collections.abc import Sequence

import keras
from keras import layers

from kcolor.models.blocks import ConstantPlanes, batch_norm, picture_input, pooling_encoder
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def encoder_decoder(
    target: ColorTarget,
    *,
    down: Sequence[int] = (3, 3, 3, 3, 3),
    up: Sequence[int] | None = None,
    up_kernel: int = 4,
    guide: bool = False,
    size: int | tuple[int, int] | None = None,
) -> keras.Model:
    """Builds C2 to C6: down like `mean_regressor`, up by transposed convolutions of stride 2; the last one is the head.

    C2 to C4 are the default with ``targets.get("lab", unit=True, activation="relu" | "sigmoid")`` or ``"lab"`` (tanh). C5 is
    ``guide=True``. C6 is ``down=(64, 128, 256, 512), up=(512, 256, 64)``.

    Args:
        target: `kcolor.targets.ColorTarget`.
        down: Integers. Filters of each stage down, from the input inwards.
        up: Integers. Filters of each stage up but the last, from the inside outwards; `down` in reverse by default.
        up_kernel: Integer. Size of the transposed convolutions' kernels.
        guide: Boolean. Adds a second input with the name ``guide``: two numbers per picture, which the network sees as
            constant planes beside the lightness.
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of ``2 ** len(down)``.

    Returns:
        A functional model, luma to raw; with a guide its inputs are ``{"luma": …, "guide": …}``.

    >>> network = kcolor.models.encoder_decoder(kcolor.targets.get("lab"), down=(4, 4))
    >>> network.output_shape
    (None, None, None, 2)
    """
    up = tuple(reversed(down[:-1])) if up is None else tuple(up)
    if len(up) != len(down) - 1:
        raise ValueError(f"Expected `up` with {len(down) - 1} numbers, one fewer than `down`. Received: {up}")
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
