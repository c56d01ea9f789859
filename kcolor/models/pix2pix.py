"""Pix2Pix (Isola et al. 2017), system D's adversarial pair: U-Net generator and PatchGAN discriminator, N(0, 0.02)."""

from collections.abc import Sequence

import keras
from keras import layers as nn  # `patchgan` has an option `layers`

from kcolor.images.sizes import check_size
from kcolor.models.blocks import batch_norm, picture_input
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def pix2pix_unet(
    target: ColorTarget,
    *,
    filters: Sequence[int] = (64, 128, 256, 512, 512, 512, 512, 512),
    dropout: float = 0.5,
    size: int | tuple[int, int] | None = None,
) -> keras.Model:
    """Builds the Pix2Pix generator: 4×4 convolutions of stride 2 down to one pixel of 256, and up again with skips.

    There is no norm in the outermost blocks, nor in the innermost one: batch norm turns one pixel of one picture into zero.

    Args:
        target: `kcolor.targets.ColorTarget`.
        filters: Integers, one per block down.
        dropout: Float. Dropout of the three innermost blocks up, the only noise in Pix2Pix.
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of ``2 ** len(filters)``.

    Returns:
        A functional model, luma to raw.

    >>> network = kcolor.models.pix2pix_unet(kcolor.targets.get("lab"), filters=(4, 8))
    >>> network.output_shape
    (None, None, None, 2)
    """
    luma, x = picture_input(2 ** len(filters), size)
    x = nn.Rescaling(2.0, -1.0, name="signed")(x)
    skips = []
    for block, width in enumerate(filters, start=1):
        x = _conv(x, width, f"down{block}", norm=1 < block < len(filters))
        x = nn.LeakyReLU(0.2, name=f"down{block}_act")(x)
        skips.append(x)
    for block in range(len(filters) - 1, 0, -1):
        x = _conv(x, filters[block - 1], f"up{block}", norm=True, transposed=True)
        if dropout and block > len(filters) - 4:
            x = nn.Dropout(dropout, name=f"up{block}_dropout")(x)
        x = nn.ReLU(name=f"up{block}_act")(x)
        x = nn.Concatenate(name=f"up{block}_skip")([x, skips[block - 1]])
    raw = head(x, target, kernel_size=4, transposed=True, kernel_initializer=_normal())
    return keras.Model(luma, raw, name="pix2pix_unet")


@channels_last()
def patchgan(
    *, filters: int = 64, layers: int = 3, input_channels: int = 3, size: int | tuple[int, int] | None = None
) -> keras.Model:
    """Builds the PatchGAN discriminator, with a logit per patch.

    With 3 layers each logit sees 70×70 pixels, a picture of 256×256 has 30×30 logits, and with 3 input channels there are
    2,765,633 weights.

    Args:
        filters: Integer. Filters of the first convolution; each of the next has twice as many, up to eight times.
        layers: Integer. How many convolutions have stride 2.
        input_channels: 3 for lightness and ab, or 4 for grey and RGB.
        size: None for any size from 16 pixels per side (with 3 layers), an integer for squares, or ``(height, width)``.

    Returns:
        A functional model, ``(batch, h, w, input_channels)`` to ``(batch, h', w', 1)`` logits, float32.

    >>> kcolor.models.patchgan(filters=4, layers=1, size=16).output_shape
    (None, 6, 6, 1)
    """
    if layers < 1:
        raise ValueError(f"Expected at least one layer of stride 2. Received: {layers!r}")
    size = check_size(size, optional=True)
    picture = x = keras.Input((*size, input_channels), name="picture")
    for block in range(layers + 1):
        width = filters * min(2**block, 8)
        x = nn.ZeroPadding2D(1, name=f"patch{block + 1}_pad")(x)
        x = _conv(x, width, f"patch{block + 1}", norm=block > 0, strides=2 if block < layers else 1, padding="valid")
        x = nn.LeakyReLU(0.2, name=f"patch{block + 1}_act")(x)
    x = nn.ZeroPadding2D(1, name="logits_pad")(x)
    x = _conv(x, 1, "logits", norm=False, strides=1, padding="valid")
    return keras.Model(picture, nn.Activation("linear", dtype="float32", name="logits")(x), name="patchgan")


def _conv(x, width, name, *, norm, transposed=False, strides=2, padding="same"):
    convolution = nn.Conv2DTranspose if transposed else nn.Conv2D
    # What a norm follows needs no bias: the norm takes it away again.
    options = {"use_bias": not norm, "kernel_initializer": _normal(), "name": f"{name}_conv"}
    x = convolution(width, 4, strides=strides, padding=padding, **options)(x)
    if norm:
        scale = keras.initializers.RandomNormal(1.0, 0.02)
        x = batch_norm(gamma_initializer=scale, name=f"{name}_norm")(x)
    return x


def _normal():
    return keras.initializers.RandomNormal(0.0, 0.02)
