"""Building blocks of networks: the picture input, blocks of convolutions, and layers that Keras does not have."""

from collections.abc import Sequence

import keras
from keras import layers, ops

from kcolor.images.sizes import check_size
from kcolor.models.context import scale_and_shift
from kcolor.utils.types import Tensor


def convolution_block(
    x: Tensor, width: int, activation: str, name: str, *, use_bias: bool = True, context: Tensor | None = None
) -> Tensor:
    """Adds (3×3 convolution, batch norm, activation) × 2: the block of the U-Nets.

    Args:
        x: Features ``(batch, h, w, c)``.
        width: Integer. Filters of both convolutions.
        activation: String. Name of the activation.
        name: String. What the names of the layers begin with.
        use_bias: Boolean. Whether the convolutions have a bias. The batch norm makes it superfluous; system A had one.
        context: ``(batch, n)``, what is in the whole picture: it scales and shifts the features. None leaves that out.

    Returns:
        Features ``(batch, h, w, width)``.
    """
    for step in (1, 2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=use_bias, name=f"{name}_conv{step}")(x)
        x = batch_norm(name=f"{name}_norm{step}")(x)
        if step == 1 and context is not None:
            # After the norm, where features have one size at every level; before the activation, so that a shift decides what
            # passes it; in the first step, so that the second sees the result.
            x = scale_and_shift(x, context, name)
        x = layers.Activation(activation, name=f"{name}_act{step}")(x)
    return x


def pooling_encoder(x: Tensor, filters: Sequence[int]) -> Tensor:
    """Adds one stage of (3×3 convolution, batch norm, ReLU, 2×2 max pooling) for each number of filters.

    Args:
        x: Features ``(batch, h, w, c)``.
        filters: Integers. Filters of each stage.

    Returns:
        Features ``(batch, h / 2 ** stages, w / 2 ** stages, filters[-1])``.
    """
    for stage, width in enumerate(filters, start=1):
        x = layers.Conv2D(width, 3, padding="same", name=f"down{stage}_conv")(x)
        x = batch_norm(name=f"down{stage}_norm")(x)
        x = layers.ReLU(name=f"down{stage}_act")(x)
        x = layers.MaxPooling2D(2, name=f"down{stage}_pool")(x)
    return x


@keras.saving.register_keras_serializable("kcolor")
class InputSize(layers.Layer):
    """Passes pictures on unchanged; raises ValueError unless height and width are multiples of `stride`.

    Without it a U-Net would fail in an inner concatenation, and an autoencoder would output another size.

    Args:
        stride: Integer.
        kwargs: Arguments of every Keras layer.

    >>> kcolor.models.InputSize(4)(np.zeros((1, 6, 8, 1)))
    Traceback (most recent call last):
    ValueError: ...multiples of 4. Received: 6×8...
    """

    def __init__(self, stride: int, **kwargs: object):
        super().__init__(**{"dtype": "float32", **kwargs})  # it computes nothing, and rounds nothing
        self.stride = stride

    def call(self, images: Tensor) -> Tensor:
        _check_size(images.shape[1:3], self.stride)
        return images

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        _check_size(input_shape[1:3], self.stride)
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "stride": self.stride}


@keras.saving.register_keras_serializable("kcolor")
class ConstantPlanes(layers.Layer):
    """Makes constant planes of a few numbers per picture: ``(numbers (b, n), images (b, h, w, c))`` to ``(b, h, w, n)``.

    >>> planes = kcolor.models.ConstantPlanes()([np.array([[1.0, 2.0]]), np.zeros((1, 4, 4, 1))])
    >>> [float(value) for value in planes[0, 3, 3]]
    [1.0, 2.0]
    """

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        numbers, images = inputs
        return numbers[:, None, None, :] * ops.ones_like(images[..., :1])

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        numbers, images = input_shape
        return (*images[:-1], numbers[-1])


def picture_input(
    stride: int, size: int | tuple[int | None, int | None] | None = None, channels: int = 1
) -> tuple[Tensor, Tensor]:
    """Makes a network's picture input.

    Args:
        stride: Integer. Height and width must be multiples of it.
        size: None for any size, an integer for squares, or ``(height, width)``.
        channels: 1 for lightness, an input with the name ``luma``; 3 for RGB, with the name ``rgb``.

    Returns:
        ``(input, checked)``: the Keras input, and the tensor that the first layer should take.
    """
    if channels not in (1, 3):
        raise ValueError(f"Expected 1 input channel (lightness) or 3 (RGB). Received: {channels!r}")
    size = check_size(size, optional=True)
    _check_size(size, stride)
    image = keras.Input((*size, channels), name="luma" if channels == 1 else "rgb")
    return image, InputSize(stride, name="input_size")(image)


def batch_norm(**options: object) -> layers.BatchNormalization:
    """Makes a batch normalisation whose statistics follow within tens of steps (momentum 0.9), as in the five systems.

    With Keras's 0.99 they still remember their start after hundreds of steps, and a network that was trained for minutes
    outputs far too vivid colours as soon as it is used.

    Args:
        options: Further arguments of `keras.layers.BatchNormalization`.
    """
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)


def _check_size(size, stride):
    """Raises ValueError unless the known sides of a (height, width) are positive multiples of `stride`."""
    if any(side is not None and (side < stride or side % stride) for side in size):
        raise ValueError(
            f"This network needs heights and widths that are multiples of {stride}. Received: {'×'.join(map(str, size))}. "
            "A kcolor.Colorizer around it pads and crops by itself."
        )


@keras.saving.register_keras_serializable("kcolor")
class Double(layers.Layer):
    """Doubles height and width bilinearly, also where they are unknown while a graph is made. Keras's own cannot do that.

    >>> kcolor.layers.Double()(np.zeros((1, 2, 3, 1), "float32")).shape[1:3] == (4, 6)
    True
    """

    def call(self, images: Tensor) -> Tensor:
        if None not in images.shape[1:3]:
            size = tuple(2 * side for side in images.shape[1:3])
            # Nine times faster than what follows.
            return ops.image.resize(images, size, interpolation="bilinear", data_format="channels_last")
        return double(images)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        batch, height, width, channels = input_shape
        return batch, height and 2 * height, width and 2 * width, channels


def double(images: Tensor) -> Tensor:
    """Doubles height and width bilinearly by shifted sums: every new pixel is 3 : 1 between its two nearest.

    Args:
        images: ``(batch, h, w, c)``; h and w may be unknown.

    Returns:
        ``(batch, 2 * h, 2 * w, c)``.
    """
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
