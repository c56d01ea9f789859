"""Pix2Pix (Isola et al. 2017), system D's adversarial pair: U-Net generator and PatchGAN discriminator, N(0, 0.02)."""

import keras
from keras import layers

from kcolor.images.sizes import check_size
from kcolor.models.blocks import batch_norm, picture_input
from kcolor.models.head import head


def pix2pix_unet(target, *, filters=(64, 128, 256, 512, 512, 512, 512, 512), dropout=0.5, size=None):
    """The Pix2Pix generator: 4×4 convolutions of stride 2 down to one pixel of 256, and up again with skips.

    No norm in the outermost blocks, nor in the innermost one: of one pixel and one picture batch norm makes zero.

    Args:
        target: a colour target.
        filters: one number a block down.
        dropout: of the three innermost blocks up; the only noise that Pix2Pix has.
        size: of the input; None for any multiple of ``2 ** len(filters)``.

    Returns:
        A functional model, luma to raw.
    """
    luma, x = picture_input(2 ** len(filters), size)
    x = layers.Rescaling(2.0, -1.0, name="signed")(x)
    skips = []
    for block, width in enumerate(filters, start=1):
        x = _conv(x, width, f"down{block}", norm=1 < block < len(filters))
        x = layers.LeakyReLU(0.2, name=f"down{block}_act")(x)
        skips.append(x)
    for block in range(len(filters) - 1, 0, -1):
        x = _conv(x, filters[block - 1], f"up{block}", norm=True, transposed=True)
        if dropout and block > len(filters) - 4:
            x = layers.Dropout(dropout, name=f"up{block}_dropout")(x)
        x = layers.ReLU(name=f"up{block}_act")(x)
        x = layers.Concatenate(name=f"up{block}_skip")([x, skips[block - 1]])
    raw = head(x, target, kernel_size=4, transposed=True, kernel_initializer=_normal())
    return keras.Model(luma, raw, name="pix2pix_unet")


def patchgan(*, filters=64, layers=3, input_channels=3, size=None):
    """The PatchGAN discriminator: one logit a patch; with 3 layers each sees 70×70 pixels, and 256×256 gives 30×30 logits.

    2,765,633 weights with 1 + 2 input channels.

    Args:
        filters: of the first convolution; doubled by each of the next, up to eightfold.
        layers: how many convolutions have stride 2.
        input_channels: lightness and chroma (3), or lightness and RGB (4).
        size: of the input; None for any from 16 pixels a side on (3 layers).

    Returns:
        A functional model, ``(batch, h, w, input_channels)`` to ``(batch, h', w', 1)`` logits, float32.
    """
    if layers < 1:
        raise ValueError(f"Expected at least one layer of stride 2. Received: {layers!r}")
    size = check_size(size, optional=True)
    picture = x = keras.Input((*size, input_channels), name="picture")
    for block in range(layers + 1):
        width = filters * min(2**block, 8)
        x = keras.layers.ZeroPadding2D(1, name=f"patch{block + 1}_pad")(x)
        x = _conv(x, width, f"patch{block + 1}", norm=block > 0, strides=2 if block < layers else 1, padding="valid")
        x = keras.layers.LeakyReLU(0.2, name=f"patch{block + 1}_act")(x)
    x = keras.layers.ZeroPadding2D(1, name="logits_pad")(x)
    x = _conv(x, 1, "logits", norm=False, strides=1, padding="valid")
    return keras.Model(picture, keras.layers.Activation("linear", dtype="float32", name="logits")(x), name="patchgan")


def _conv(x, width, name, *, norm, transposed=False, strides=2, padding="same"):
    convolution = layers.Conv2DTranspose if transposed else layers.Conv2D
    # What a norm follows needs no bias: the norm takes it away again.
    options = {"use_bias": not norm, "kernel_initializer": _normal(), "name": f"{name}_conv"}
    x = convolution(width, 4, strides=strides, padding=padding, **options)(x)
    if norm:
        scale = keras.initializers.RandomNormal(1.0, 0.02)
        x = batch_norm(gamma_initializer=scale, name=f"{name}_norm")(x)
    return x


def _normal():
    return keras.initializers.RandomNormal(0.0, 0.02)
