"""Heads: the last layers of a network, derived from the target that it answers."""

from keras import layers


def head(x, target, *, kernel_size=1, transposed=False, use_bias=True, kernel_initializer="glorot_uniform"):
    """Adds the layers that answer `target`: one answer a pixel, or one for the picture if the target is pooled.

    The sums are computed under the network's dtype policy; what leaves the network, layer ``raw``, is float32.

    Args:
        x: features, ``(batch, h, w, c)``.
        target: a `kcolor.targets.ColorTarget`.
        kernel_size: of the last convolution.
        transposed: a transposed convolution of stride 2, for networks that end in an upsampling.
        use_bias, kernel_initializer: of the last convolution.

    Returns:
        The raw answer, ``(batch, h, w, target.channels)``, or ``(batch, target.channels)``.
    """
    options = {"use_bias": use_bias, "kernel_initializer": kernel_initializer, "name": "head"}
    if target.pooled:
        x = layers.Dense(target.channels, **options)(layers.GlobalAveragePooling2D(name="head_pool")(x))
    elif transposed:
        x = layers.Conv2DTranspose(target.channels, kernel_size, strides=2, padding="same", **options)(x)
    else:
        x = layers.Conv2D(target.channels, kernel_size, padding="same", **options)(x)
    return layers.Activation(target.activation, dtype="float32", name="raw")(x)
