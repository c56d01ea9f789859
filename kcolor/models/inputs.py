"""What every network begins with: an input of any size that its strides allow, and a clear word about all other sizes."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("kcolor")
class InputSize(layers.Layer):
    """Passes pictures on unchanged, and refuses heights and widths that are no multiples of `stride`.

    Without it a U-Net would fail in some inner concatenation, and an autoencoder would answer with another size.
    """

    def __init__(self, stride, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        _check_size(images.shape[1:3], self.stride)
        return images

    def compute_output_shape(self, input_shape):
        _check_size(input_shape[1:3], self.stride)
        return input_shape

    def get_config(self):
        return {**super().get_config(), "stride": self.stride}


@keras.saving.register_keras_serializable("kcolor")
class ConstantPlanes(layers.Layer):
    """Makes planes of a few numbers a picture: ``(numbers (b, n), images (b, h, w, c))`` to ``(b, h, w, n)``."""

    def call(self, inputs):
        numbers, images = inputs
        return numbers[:, None, None, :] * ops.ones_like(images[..., :1])

    def compute_output_shape(self, input_shape):
        numbers, images = input_shape
        return (*images[:-1], numbers[-1])


def picture_input(stride, size=None, channels=1):
    """A network's picture input.

    Args:
        stride: what height and width must be multiples of.
        size: None for any, a number for squares, or ``(height, width)``.
        channels: 1: lightness, the input is called ``luma``; 3: ``rgb``.

    Returns:
        ``(input, checked)``: the Keras input, and what the first layer should take.
    """
    if channels not in (1, 3):
        raise ValueError(f"Expected 1 input channel (lightness) or 3 (RGB). Received: {channels!r}")
    size = (size, size) if size is None or isinstance(size, int) else tuple(size)
    _check_size(size, stride)
    image = keras.Input((*size, channels), name="luma" if channels == 1 else "rgb")
    return image, InputSize(stride, name="input_size")(image)


def _check_size(size, stride):
    """Refuses a (height, width) whose known sides are not positive multiples of `stride`."""
    if any(side is not None and (side < stride or side % stride) for side in size):
        raise ValueError(
            f"This network needs heights and widths that are multiples of {stride}. Received: {'×'.join(map(str, size))}. "
            "A kcolor.Colorizer around it pads and crops by itself."
        )
