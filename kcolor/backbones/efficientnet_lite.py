"""EfficientNet-Lite, which keras.applications does not have: small encoders, and their classifiers."""

import math

import keras
from keras import layers

from kcolor.utils.types import Tensor

# Stages of EfficientNet-B0: kernel, stride, expansion, filters, blocks. (Tan, Le: EfficientNet, 2019, table 1.)
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
_STEM, _HEAD, _CLASSES = 32, 1280, 1000
_EPSILON = 1e-3  # of the batch norms


def efficientnet_lite0(include_top: bool = False, weights: None = None, input_tensor: Tensor = None) -> keras.Model:
    """Builds EfficientNet-Lite0 as keras.applications builds its networks.

    >>> kcolor.backbones.efficientnet_lite0(input_tensor=keras.Input((None, None, 3))).count_params()
    2998304

    Args:
        include_top: Boolean. Whether the classifier of ImageNet's 1,000 classes is part of it. Its output is logits.
        weights: Must be None. A file with weights is loaded afterwards.
        input_tensor: Keras tensor ``(batch, height, width, 3)``: RGB in [-1, 1].

    Returns:
        A functional model. Without the classifier its output has 1/32 of the input's resolution.
    """
    return _network(input_tensor, 1.0, 1.0, include_top, weights, "efficientnet_lite0")


def efficientnet_lite2(include_top: bool = False, weights: None = None, input_tensor: Tensor = None) -> keras.Model:
    """Builds EfficientNet-Lite2: a tenth wider and a fifth deeper than Lite0. Arguments as there.

    >>> kcolor.backbones.efficientnet_lite2(input_tensor=keras.Input((None, None, 3))).count_params()
    4413488

    Args:
        include_top: Boolean. Whether the classifier is part of it.
        weights: Must be None.
        input_tensor: Keras tensor ``(batch, height, width, 3)``: RGB in [-1, 1].

    Returns:
        A functional model.
    """
    return _network(input_tensor, 1.1, 1.2, include_top, weights, "efficientnet_lite2")


def _network(inputs, width, depth, include_top, weights, name):
    if weights is not None:
        raise ValueError(f"The weights of {name} are no part of Keras. Expected `weights` as a file, or 'random'")
    x = _conv_norm(inputs, layers.Conv2D(_STEM, 3, strides=2, padding="same", use_bias=False, name="stem"), relu=True)
    number = 0
    for stage, (kernel, stride, expansion, filters, blocks) in enumerate(_STAGES):
        # The Lite networks scale neither stem and head nor the depth of the first and the last stage.
        repeats = blocks if stage in (0, len(_STAGES) - 1) else math.ceil(depth * blocks)
        for repeat in range(repeats):
            x = _block(x, kernel, stride if repeat == 0 else 1, expansion, _scaled(filters, width), f"block{number}")
            number += 1
    if include_top:
        x = _conv_norm(x, layers.Conv2D(_HEAD, 1, use_bias=False, name="head"), relu=True)
        x = layers.GlobalAveragePooling2D(name="pool")(x)
        x = layers.Dense(_CLASSES, name="top")(x)
    return keras.Model(keras.utils.get_source_inputs(inputs), x, name=name)


def _block(x, kernel, stride, expansion, filters, name):
    """An inverted bottleneck: wide by a 1×1 convolution, a depthwise one, narrow again; added to its input where it can be."""
    before, channels = x, x.shape[-1]
    if expansion != 1:
        wide = layers.Conv2D(expansion * channels, 1, use_bias=False, name=f"{name}_expand")
        x = _conv_norm(x, wide, relu=True)
    depthwise = layers.DepthwiseConv2D(kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_dw")
    x = _conv_norm(x, depthwise, relu=True)
    x = _conv_norm(x, layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_project"))
    return layers.Add(name=f"{name}_add")([before, x]) if stride == 1 and channels == filters else x


def _conv_norm(x, conv, relu=False):
    x = layers.BatchNormalization(epsilon=_EPSILON, name=f"{conv.name}_bn")(conv(x))
    return layers.ReLU(max_value=6.0, name=f"{conv.name}_act")(x) if relu else x


def _scaled(filters, width):
    """Filters times a width, to a multiple of 8 that is at most a tenth smaller."""
    scaled = filters * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded
