"""System E's grid of small autoencoders, for RGB to RGB and for grey to colour."""

import math

import keras
from keras import layers

from kcolor.models.blocks import picture_input
from kcolor.models.head import head


def autoencoder(
    target,
    *,
    channel_factor=4,
    kernel_size=3,
    compression=2,
    fewer_layers=False,
    stem_filters=None,
    input_channels=1,
    size=None,
):
    """Convolutions with ReLU, max pooling, a code, and the way back by upsampling.

    With RGB in and out the default has 4,911 weights and a code of 8·8·16 numbers for 32×32 (see `code_size`).

    Args:
        target: a colour target; for an autoencoder proper ``get("rgb", keep_lightness=False)``.
        channel_factor: f: the convolutions have 2·f, 3·f, 4·f (the code), 3·f filters.
        kernel_size: of every convolution.
        compression: of each pooling: 1 keeps the size, 2 halves it, 4 quarters it.
        fewer_layers: without the middle pair: no second pooling, no 3·f on the way there and back.
        stem_filters: of the first convolution instead of 2·f. System E's grid had as many as the input has channels, 1 for
            grey: a bottleneck that alone explains its poor colours.
        input_channels: 1 for lightness, 3 for RGB.
        size: of the input; None for any multiple of the poolings together.

    Returns:
        A functional model; the layer called ``code`` is the code.
    """
    poolings = 1 if fewer_layers else 2
    luma, x = picture_input(compression**poolings, size, input_channels)
    options = {"activation": "relu", "padding": "same"}
    stem = 2 * channel_factor if stem_filters is None else stem_filters

    # Down to the code.
    x = layers.Conv2D(stem, kernel_size, name="down1_conv", **options)(x)
    x = layers.MaxPooling2D(compression, name="down1_pool")(x)
    if not fewer_layers:
        x = layers.Conv2D(3 * channel_factor, kernel_size, name="down2_conv", **options)(x)
        x = layers.MaxPooling2D(compression, name="down2_pool")(x)
    x = layers.Conv2D(4 * channel_factor, kernel_size, name="code", **options)(x)

    # And back.
    if not fewer_layers:
        x = layers.UpSampling2D(compression, name="up2_upsample")(x)
        x = layers.Conv2D(3 * channel_factor, kernel_size, name="up2_conv", **options)(x)
    x = layers.UpSampling2D(compression, name="up1_upsample")(x)
    return keras.Model(luma, head(x, target, kernel_size=kernel_size), name="autoencoder")


def code_size(network, size=(32, 32)):
    """How many numbers the code of a picture has: read from the built network, not from its options."""
    encoder = keras.Model(network.input, network.get_layer("code").output)
    return math.prod(encoder.compute_output_shape((1, *size, network.input_shape[-1]))[1:])
