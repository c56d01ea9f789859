"""System E's grid of small autoencoders, for RGB to RGB and for grey to colour."""

import math

import keras
from keras import layers

from kcolor.models.blocks import picture_input
from kcolor.models.head import head
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last


@channels_last()
def autoencoder(
    target: ColorTarget,
    *,
    channel_factor: int = 4,
    kernel_size: int = 3,
    compression: int = 2,
    fewer_layers: bool = False,
    stem_filters: int | None = None,
    input_channels: int = 1,
    size: int | tuple[int, int] | None = None,
) -> keras.Model:
    """Builds a small autoencoder: convolutions with ReLU, max pooling, a code, and upsampling back.

    With RGB as input and output the default has 4,911 weights and a code of 8·8·16 numbers for 32×32 (see `code_size`).

    Args:
        target: `kcolor.targets.ColorTarget`; ``get("rgb", keep_lightness=False)`` for a true autoencoder.
        channel_factor: Integer f. The convolutions have 2·f, 3·f, 4·f (the code), 3·f filters.
        kernel_size: Integer. Size of every convolution's kernel.
        compression: Integer. Factor of each pooling: 1 keeps the size, 2 halves it, 4 quarters it.
        fewer_layers: Boolean. Leaves out the middle pair: no second pooling, no 3·f down and up.
        stem_filters: Integer. Filters of the first convolution instead of 2·f. System E's grid had as many as the input has
            channels, 1 for grey: a bottleneck that alone explains its poor colours.
        input_channels: 1 for lightness, 3 for RGB.
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of all poolings together.

    Returns:
        A functional model; the output of its layer ``code`` is the code.

    >>> kcolor.models.autoencoder(kcolor.targets.get("rgb"), input_channels=3).count_params()
    4911
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

    # Up again.
    if not fewer_layers:
        x = layers.UpSampling2D(compression, name="up2_upsample")(x)
        x = layers.Conv2D(3 * channel_factor, kernel_size, name="up2_conv", **options)(x)
    x = layers.UpSampling2D(compression, name="up1_upsample")(x)
    return keras.Model(luma, head(x, target, kernel_size=kernel_size), name="autoencoder")


def code_size(network: keras.Model, size: tuple[int, int] = (32, 32)) -> int:
    """Returns how many numbers the code of a picture has, read from the built network.

    Args:
        network: An `autoencoder`.
        size: ``(height, width)`` of the picture.

    >>> kcolor.models.code_size(kcolor.models.autoencoder(kcolor.targets.get("rgb")))  # 8 · 8 · 16
    1024
    """
    encoder = keras.Model(network.input, network.get_layer("code").output)
    return math.prod(encoder.compute_output_shape((1, *size, network.input_shape[-1]))[1:])
