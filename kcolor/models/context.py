"""Layers by which all of a picture has a say in each of its places: scale and shift of features, and self-attention."""

from collections.abc import Sequence

import keras
from keras import layers, ops

from kcolor.utils.types import Tensor


@keras.saving.register_keras_serializable("kcolor")
class ScaleShift(layers.Layer):
    """Scales and shifts features by numbers of the whole picture: ``features * (1 + scale) + shift``.

    Its inputs are features ``(batch, h, w, c)``, and scale and shift ``(batch, c)``. With 0 and 0 features stay as they are.

    >>> features, scale, shift = np.ones((1, 2, 2, 1)), np.full((1, 1), 2.0), np.full((1, 1), 0.5)
    >>> float(kcolor.layers.ScaleShift()([features, scale, shift])[0, 1, 1, 0])
    3.5
    """

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        features, scale, shift = inputs
        scale, shift = (ops.reshape(one, (-1, 1, 1, features.shape[-1])) for one in (scale, shift))
        return features * (1.0 + scale) + shift

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        return tuple(input_shape[0])


@keras.saving.register_keras_serializable("kcolor")
class SelfAttention(layers.Layer):
    """Adds to the features of each place what the places like it have: a residual block of self-attention.

    It begins as a layer that changes nothing, because its last projection begins at 0. Sizes may be unknown while a graph is
    made, and it is made of operations that all exports have.

    Args:
        heads: Integer. Number of heads.
        width: Integer. Width of each head.
        kwargs: Arguments of every Keras layer.

    >>> features = np.ones((1, 2, 3, 4), "float32")
    >>> bool(ops.all(kcolor.layers.SelfAttention(heads=2)(features) == features))
    True
    """

    def __init__(self, heads: int = 4, width: int = 32, **kwargs: object):
        super().__init__(**kwargs)
        if heads != int(heads) or width != int(width) or min(heads, width) < 1:
            raise ValueError(f"Expected `heads` and `width` as whole numbers from 1. Received: {heads!r} and {width!r}")
        self.heads, self.width = int(heads), int(width)

    def build(self, input_shape: tuple) -> None:
        channels, inner = input_shape[-1], self.heads * self.width

        def made(layer, width):
            layer.build((None, None, width))
            return layer

        self.norm = made(layers.LayerNormalization(name="norm", dtype=self.dtype_policy), channels)
        options = {"use_bias": False, "dtype": self.dtype_policy}
        self.query, self.key, self.value = (
            made(layers.Dense(inner, name=name, **options), channels) for name in ("query", "key", "value")
        )
        zeros = {"kernel_initializer": "zeros", "dtype": self.dtype_policy}
        self.projection = made(layers.Dense(channels, name="projection", **zeros), inner)
        for layer in (self.norm, self.query, self.key, self.value, self.projection):
            layer.trainable = self.trainable  # what was frozen when it was saved is loaded frozen

    def call(self, features: Tensor) -> Tensor:
        _, height, width, channels = ops.shape(features)
        places = ops.reshape(features, (-1, height * width, channels))
        seen = self.norm(places)
        query, key, value = (self._by_head(layer(seen), height * width) for layer in (self.query, self.key, self.value))
        likeness = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) * self.width**-0.5
        shares = ops.softmax(ops.cast(likeness, "float32"), axis=-1)  # sums over hundreds of places are not for half precision
        found = ops.transpose(ops.matmul(ops.cast(shares, value.dtype), value), (0, 2, 1, 3))
        found = self.projection(ops.reshape(found, (-1, height * width, self.heads * self.width)))
        return features + ops.reshape(found, (-1, height, width, channels))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict:
        return {**super().get_config(), "heads": self.heads, "width": self.width}

    def _by_head(self, features, places):
        return ops.transpose(ops.reshape(features, (-1, places, self.heads, self.width)), (0, 2, 1, 3))


def pooled_context(features: Tensor, name: str = "context") -> Tensor:
    """Adds the pooling of the deepest features: what is in the whole picture, as numbers of one size for every backbone.

    Args:
        features: Features ``(batch, h, w, c)``.
        name: String. What the names of the layers begin with.

    Returns:
        ``(batch, c)``, float32, with mean 0 and variance 1 in each picture.
    """
    # Some backbones' features are in the hundreds. Normalised, all may be learnt from at one rate, also in half precision.
    pooled = layers.GlobalAveragePooling2D(dtype="float32", name=f"{name}_pool")(features)
    return layers.LayerNormalization(center=False, scale=False, dtype="float32", name=f"{name}_norm")(pooled)


def scale_and_shift(features: Tensor, context: Tensor, name: str) -> Tensor:
    """Adds a scale and a shift of features by what is in the whole picture. They begin as 1 and 0: nothing changes.

    Args:
        features: Features ``(batch, h, w, c)``.
        context: ``(batch, n)``, as `pooled_context` returns it.
        name: String. What the names of the layers begin with.

    Returns:
        Features of the same shape.
    """
    width = features.shape[-1]
    scale, shift = (
        layers.Dense(width, kernel_initializer="zeros", name=f"{name}_{what}")(context) for what in ("scale", "shift")
    )
    return ScaleShift(name=f"{name}_scale_shift")([features, scale, shift])
