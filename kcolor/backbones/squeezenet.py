"""SqueezeNet 1.1, which keras.applications does not have: a pretrained encoder of 0.7 million weights."""

import keras
from keras import layers

from kcolor.utils.types import Tensor

# By number: filters of the squeeze. Each expand has four times as many.
_FIRES = {2: 16, 3: 16, 4: 32, 5: 32, 6: 48, 7: 48, 8: 64, 9: 64}
_POOLS = (1, 3, 5)  # a pooling comes after these


def squeezenet(include_top: bool = False, weights: None = None, input_tensor: Tensor = None) -> keras.Model:
    """Builds SqueezeNet 1.1 as keras.applications builds its networks.

    The original cuts the edges off. This one pads: its stages are exactly 1/2, 1/4, 1/8 and 1/16 of the input.

    >>> squeezenet(input_tensor=keras.Input((None, None, 3))).count_params()
    722496

    Args:
        include_top: Must be False. There is no classifier.
        weights: Must be None. A file with weights is loaded afterwards, in the order of the layers.
        input_tensor: Keras tensor ``(batch, height, width, 3)``. Pictures as the weights expect them: BGR in 0..255 minus
            the means.

    Returns:
        A functional model.
    """
    if include_top or weights is not None:
        raise ValueError("SqueezeNet's ImageNet weights are no part of Keras. Expected `weights` as a file, or 'random'")
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu", name="conv1")(input_tensor)
    for number, width in _FIRES.items():
        if number - 1 in _POOLS:
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool{number - 1}")(x)
        x = _fire(x, width, f"fire{number}")
    return keras.Model(keras.utils.get_source_inputs(input_tensor), x, name="squeezenet")


def _fire(x, width, name):
    x = layers.Conv2D(width, 1, activation="relu", name=f"{name}_squeeze1x1")(x)
    narrow = layers.Conv2D(4 * width, 1, activation="relu", name=f"{name}_expand1x1")(x)
    wide = layers.Conv2D(4 * width, 3, padding="same", activation="relu", name=f"{name}_expand3x3")(x)
    return layers.Concatenate(name=name)([narrow, wide])
