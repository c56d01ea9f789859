"""Heads: the last layers of a network, derived from its colour target."""

from keras import layers

from kcolor.targets.base import ColorTarget
from kcolor.utils.types import Tensor


def head(
    x: Tensor,
    target: ColorTarget,
    *,
    kernel_size: int = 1,
    transposed: bool = False,
    use_bias: bool = True,
    kernel_initializer: object = "glorot_uniform",
) -> Tensor:
    """Adds the last layers of a network for `target`: an output per pixel, or one per picture if the target is pooled.

    The sums are computed under the network's dtype policy; the output, layer ``raw``, is float32.

    Args:
        x: Features ``(batch, h, w, c)``.
        target: `kcolor.targets.ColorTarget`.
        kernel_size: Integer. Size of the last convolution's kernel.
        transposed: Boolean. Makes it a transposed convolution of stride 2, for networks that end in an upsampling.
        use_bias: Boolean. Whether the last convolution has a bias.
        kernel_initializer: Initializer of the last convolution's kernel, or its name.

    Returns:
        The raw output, ``(batch, h, w, target.channels)``, or ``(batch, target.channels)``.

    >>> luma = keras.Input((None, None, 1))
    >>> x = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(luma)
    >>> network = keras.Model(luma, kcolor.heads.head(x, kcolor.targets.get("lab")))
    >>> network.output_shape
    (None, None, None, 2)
    """
    options = {"use_bias": use_bias, "kernel_initializer": kernel_initializer, "name": "head"}
    if target.pooled:
        x = layers.Dense(target.channels, **options)(layers.GlobalAveragePooling2D(name="head_pool")(x))
    elif transposed:
        x = layers.Conv2DTranspose(target.channels, kernel_size, strides=2, padding="same", **options)(x)
    else:
        x = layers.Conv2D(target.channels, kernel_size, padding="same", **options)(x)
    return layers.Activation(target.activation, dtype="float32", name="raw")(x)
