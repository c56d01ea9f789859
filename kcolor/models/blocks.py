"""What networks are made of: an input of any size that the strides allow, and layers that Keras lacks or has otherwise."""

import keras
from keras import layers, ops

from kcolor.images.sizes import check_size


def pooling_encoder(x, filters):
    for stage, width in enumerate(filters, start=1):
        x = layers.Conv2D(width, 3, padding="same", name=f"down{stage}_conv")(x)
        x = batch_norm(name=f"down{stage}_norm")(x)
        x = layers.ReLU(name=f"down{stage}_act")(x)
        x = layers.MaxPooling2D(2, name=f"down{stage}_pool")(x)
    return x


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
    size = check_size(size, optional=True)
    _check_size(size, stride)
    image = keras.Input((*size, channels), name="luma" if channels == 1 else "rgb")
    return image, InputSize(stride, name="input_size")(image)


def batch_norm(**options):
    """Batch normalisation whose statistics follow within tens of steps (momentum 0.9), as the five systems had it.

    With Keras's 0.99 they still remember their start after hundreds of steps, and a network that was trained for minutes
    answers far too vividly as soon as it is used.
    """
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)


def _check_size(size, stride):
    """Refuses a (height, width) whose known sides are not positive multiples of `stride`."""
    if any(side is not None and (side < stride or side % stride) for side in size):
        raise ValueError(
            f"This network needs heights and widths that are multiples of {stride}. Received: {'×'.join(map(str, size))}. "
            "A kcolor.Colorizer around it pads and crops by itself."
        )


@keras.saving.register_keras_serializable("kcolor")
class Double(layers.Layer):
    """Doubles height and width bilinearly, also where they are unknown while a graph is made: there Keras's own cannot."""

    def call(self, images):
        if None not in images.shape[1:3]:
            size = tuple(2 * side for side in images.shape[1:3])
            return ops.image.resize(images, size, interpolation="bilinear")  # nine times faster than what follows
        return double(images)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return batch, height and 2 * height, width and 2 * width, channels


def double(images):
    """Bilinear doubling by shifted sums, for sides that are tensors: every new pixel is 3 : 1 between its two nearest."""
    for axis in (1, 2):
        first, last = images[_part(axis, 1)], images[_part(axis, -1, None)]
        before = ops.concatenate([first, images[_part(axis, -1)]], axis=axis)
        after = ops.concatenate([images[_part(axis, 1, None)], last], axis=axis)
        pairs = ops.stack([0.25 * before + 0.75 * images, 0.75 * images + 0.25 * after], axis=axis + 1)
        sides = [side * 2 if i == axis else side for i, side in enumerate(ops.shape(images))]
        images = ops.reshape(pairs, (-1, *sides[1:]))
    return images


def _part(axis, *bounds):
    return (*(slice(None),) * axis, slice(*bounds))
