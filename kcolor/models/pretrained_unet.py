"""A U-Net whose encoder is a network that has learnt to recognise things."""

from collections.abc import Sequence

import keras
from keras import layers

from kcolor.backbones import BACKBONES
from kcolor.models.blocks import Double, convolution_block, picture_input
from kcolor.models.context import SelfAttention, pooled_context
from kcolor.models.head import head
from kcolor.models.hint_branch import freeze_all_but_hints, hint_branch, hint_input
from kcolor.models.pretrained_encoder import find_encoder, freeze, freeze_norms
from kcolor.targets.base import ColorTarget
from kcolor.utils.precision import channels_last, on_cpu, policy
from kcolor.utils.types import PathLike


@channels_last()
def pretrained_unet(
    target: ColorTarget,
    *,
    backbone: str | keras.Model = "vgg16",
    weights: PathLike | None = "imagenet",
    stages: Sequence[str] | None = None,
    preprocessing: str | None = None,
    filters: Sequence[int] = (256, 192, 128, 96),
    skip_filters: int | None = None,
    activation: str = "relu",
    trainable: bool = False,
    frozen_stages: int = 0,
    frozen_norms: bool | None = None,
    encoder_precision: str | None = None,
    output_stride: int = 1,
    context: bool = False,
    attention: bool | int | None = None,
    hints: bool = False,
    size: int | tuple[int, int] | None = None,
) -> keras.Model:
    """Builds a U-Net with a pretrained backbone as encoder, its stages as skips, and a decoder of bilinear upsamplings.

    Args:
        target: `kcolor.targets.ColorTarget`.
        backbone: String, one of `kcolor.backbones.BACKBONES`; or a functional Keras model of RGB pictures, which is copied with
            its weights.
        weights: ``"imagenet"`` (downloaded once), the path of a weights file, or None or ``"random"``. Not for a Keras model.
        stages: Names of a Keras model's last layers at each resolution, fine to coarse. None for a model with
            `pyramid_outputs`, as KerasHub's backbones have them.
        preprocessing: String, for a Keras model: what its weights expect, one of `kcolor.backbones.Preprocess.MODES`.
            ``"0..255"`` for models that begin with a preprocessing of their own.
        filters: Integers. Filters of the decoder's levels, from the inside outwards; the last one serves all further levels.
        skip_filters: Integer. Narrows each skip to this number of maps by a 1×1 convolution. None takes all maps of the
            stage; most of the decoder's computation is then theirs.
        activation: String. Activation in the decoder.
        trainable: Boolean. Whether the encoder learns. A frozen one also keeps its batch statistics.
        frozen_stages: Integer. How many of the finest stages of a trainable encoder stay frozen. 3 of VGG16's 5 trains the
            stages that know what things are, at little cost.
        frozen_norms: Boolean. Whether the batch norms of a trainable encoder stay as they are: their statistics, scales and
            shifts. None freezes them if the weights are pretrained. Those of a few crops would take the place of statistics
            that the kernels were trained with, and what is learnt would not be what is used.
        encoder_precision: String. Keras dtype policy of the encoder; None for that of the decoder. ``"auto"`` is ``"float32"``
            for a backbone with depthwise convolutions on a processor: it computes these faster so, and the decoder's in
            ``"mixed_bfloat16"``. Not for a Keras model, which has its own.
        output_stride: Integer. 2 outputs half the photo's resolution, which is four times cheaper to train and loses little
            chroma.
        context: Boolean. Whether what is in the whole picture, the coarsest features pooled, scales and shifts the features of
            every level of the decoder. It begins as the network without.
        attention: Integer. Number of heads of self-attention between the places of the coarsest features, before the decoder;
            True is 4, and None is no attention. It begins as the network without, too.
        hints: Boolean. Whether the network learns to use hints: it has a second input, ``hints``, and a branch of its own for
            them. All else is frozen, so that what it outputs without hints stays as it was: begin with a colorizer that is
            trained (``train.start`` of a recipe).
        size: None for any size, an integer for squares, or ``(height, width)``.
            Height and width must be multiples of the backbone's stride.

    Returns:
        A functional model, luma to raw; with hints its inputs are ``{"luma": …, "hints": …}``.

    >>> network = kcolor.models.pretrained_unet(
    ...     kcolor.targets.get("lab"), backbone="squeezenet", weights="random", filters=(4,), output_stride=2
    ... )
    >>> network.output_shape[-1]
    2
    """
    if encoder_precision not in (None, "auto") and isinstance(backbone, keras.Model):
        raise ValueError(f"A Keras model as `backbone` keeps its own precision. Received: {encoder_precision!r}")
    encoder = find_encoder(backbone, weights, stages, preprocessing)
    stride = encoder.strides[-1]
    if output_stride not in [2**n for n in range(stride.bit_length() - 1)]:
        raise ValueError(f"Expected `output_stride` as a power of 2 below {stride}. Received: {output_stride!r}")

    # Encoder.
    luma, x = picture_input(stride, size)
    with policy(_precision_of(encoder_precision, backbone)):
        model, features, ends = encoder.attach(x)
    freeze(model, ends, frozen_stages if trainable else None)
    if frozen_norms or (frozen_norms is None and weights not in (None, "random")):
        freeze_norms(model)
    skips = dict(zip(encoder.strides, features, strict=True))

    # Decoder.
    x, level = skips[stride], 0
    whole = pooled_context(x) if context else None
    if attention:
        x = SelfAttention(4 if attention is True else attention, name="attention")(x)
    while stride > output_stride:
        stride //= 2
        coarse = x
        x = Double(name=f"up{stride}_double")(x)
        if stride in skips:
            skip = skips[stride]
            if skip_filters is not None:
                skip = layers.Conv2D(skip_filters, 1, activation=activation, name=f"up{stride}_narrow")(skip)
            x = layers.Concatenate(name=f"up{stride}_skip")([x, skip])
        width = filters[min(level, len(filters) - 1)]
        x = convolution_block(x, width, activation, f"up{stride}", use_bias=False, context=whole)
        level += 1
    raw = head(x, target)
    if not hints:
        return keras.Model(luma, raw, name="pretrained_unet")
    listed = hint_input()
    hinted = hint_branch(raw, x, coarse, listed, target)
    network = keras.Model({"luma": luma, "hints": listed}, hinted, name="pretrained_unet")
    freeze_all_but_hints(network)
    return network


def _precision_of(encoder_precision, backbone):
    """Name of the encoder's dtype policy."""
    if encoder_precision == "auto":
        slow = not isinstance(backbone, keras.Model) and BACKBONES[backbone].depthwise and on_cpu()
        encoder_precision = "float32" if slow else None
    return encoder_precision or keras.config.dtype_policy().name
