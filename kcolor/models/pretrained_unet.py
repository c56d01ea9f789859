"""A U-Net whose way down is a network that has learnt to recognise things."""

import keras
from keras import layers

from kcolor import backbones
from kcolor.models.blocks import Double, batch_norm, picture_input
from kcolor.models.head import head


def pretrained_unet(
    target,
    *,
    backbone="vgg16",
    weights="imagenet",
    filters=(256, 192, 128, 96),
    skip_filters=None,
    activation="relu",
    trainable=False,
    frozen_stages=0,
    output_stride=1,
    size=None,
):
    """A keras.applications backbone as encoder, its stages as skips, and a decoder of bilinear upsamplings.

    Args:
        target: a colour target.
        backbone: one of `kcolor.backbones.BACKBONES`.
        weights: ``"imagenet"`` (downloaded once), the path of a weights file, or None or ``"random"``.
        filters: of the decoder's levels, from the inside outwards; the last one serves all further levels.
        skip_filters: bring each skip to so many maps first, by a 1×1 convolution; None takes all that the stage has, which is
            most of what the decoder computes.
        activation: in the decoder.
        trainable: whether the encoder learns; a frozen one keeps its batch statistics too.
        frozen_stages: how many of its finest stages stay frozen all the same: 3 of VGG16's 5 lets those learn that know what
            things are, at little cost.
        output_stride: 2 answers at half the photo's resolution, four times cheaper to train; chroma loses little by it.
        size: of the input; None for any multiple of the backbone's stride.

    Returns:
        A functional model, luma to raw.
    """
    if backbone not in backbones.BACKBONES:
        raise ValueError(f"Unknown `backbone`. Expected one of {sorted(backbones.BACKBONES)}. Received: {backbone!r}")
    finest = backbones.BACKBONES[backbone].stride
    stride = finest * 2 ** (len(backbones.BACKBONES[backbone].stages) - 1)
    if output_stride not in [2**n for n in range(stride.bit_length() - 1)]:
        raise ValueError(f"Expected `output_stride` as a power of 2 below {stride}. Received: {output_stride!r}")

    # Encoder.
    luma, x = picture_input(stride, size)
    encoder, stages = backbones.build(backbone, weights, x)
    _freeze(encoder, backbones.BACKBONES[backbone].stages, frozen_stages if trainable else None)
    skips = {finest * 2**n: stage for n, stage in enumerate(stages)}

    # Decoder.
    x, level = skips[stride], 0
    while stride > output_stride:
        stride //= 2
        x = Double(name=f"up{stride}_double")(x)
        if stride in skips:
            skip = skips[stride]
            if skip_filters is not None:
                skip = layers.Conv2D(skip_filters, 1, activation=activation, name=f"up{stride}_narrow")(skip)
            x = layers.Concatenate(name=f"up{stride}_skip")([x, skip])
        x = _block(x, filters[min(level, len(filters) - 1)], activation, f"up{stride}")
        level += 1
    return keras.Model(luma, head(x, target), name="pretrained_unet")


def _freeze(encoder, stages, count):
    """Freezes an encoder up to the end of its stage number `count`; all of it for None."""
    if count is not None and not 0 <= count < len(stages):
        raise ValueError(f"Expected `frozen_stages` from 0 to {len(stages) - 1}, of {len(stages)} stages. Received: {count!r}")
    ends = [encoder.layers.index(encoder.get_layer(stage)) + 1 for stage in stages]
    frozen = len(encoder.layers) if count is None else ends[count - 1] if count else 0
    for place, layer in enumerate(encoder.layers):
        layer.trainable = place >= frozen


def _block(x, width, activation, name):
    for step in (1, 2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv{step}")(x)
        x = batch_norm(name=f"{name}_norm{step}")(x)
        x = layers.Activation(activation, name=f"{name}_act{step}")(x)
    return x
