"""The part of a network that has learnt to use hints: it changes the last feature maps, and nothing where there are no hints.

Hints are a list: ``(batch, count, 7)``, see `COLUMNS`. A list may be longer than there are hints: what is not used is marked.
"""

from collections.abc import Callable, Sequence

import keras
from keras import layers, ops

from kcolor.models.blocks import Double
from kcolor.utils.types import Tensor

COLUMNS = ("top", "left", "bottom", "right", "a", "b", "used")  # edges as shares of the input's sides; used is 1 or 0
_STRONG = 50.0  # ab of a strong colour: what a network takes and gives should be about 1
_NEVER = -1e9


def covered(hints: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
    """Returns which share of each row and of each column of maps lies in the hints.

    Args:
        hints: Floats ``(batch, count, 7)``, see `COLUMNS`.
        maps: Floats ``(batch, h, w, channels)``, of which only the size is looked at.

    Returns:
        Two tensors, ``(batch, count, h)`` and ``(batch, count, w)``. Both are 0 for what is not used.

    >>> hint = np.float32([[[0, 0.25, 1, 0.625, 10, 20, 1]]])
    >>> ops.convert_to_numpy(covered(hint, np.zeros((1, 1, 4, 1), "float32"))[1])
    array([[[0. , 1. , 0.5, 0. ]]], dtype=float32)
    """
    hints = ops.cast(hints, "float32")
    shares = []
    for axis, first in ((1, 0), (2, 1)):
        side = ops.cast(ops.shape(maps)[axis], "float32")
        line = maps[:1, :, 0, 0] if axis == 1 else maps[:1, 0, :, 0]
        ends = ops.cumsum(ops.cast(ops.ones_like(line), "float32"), axis=-1)[:, None]  # sizes may be unknown in a graph
        low, high = hints[..., first, None] * side, hints[..., first + 2, None] * side
        inside = ops.minimum(high, ends) - ops.maximum(low, ends - 1.0)
        shares.append(ops.clip(inside, 0.0, 1.0) * hints[..., 6:])
    return shares[0], shares[1]


def mean_inside(maps: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Returns the mean of maps in each hint.

    Args:
        maps: Floats ``(batch, h, w, channels)``.
        rows: As `covered` returns them.
        columns: As `covered` returns them.

    Returns:
        Floats ``(batch, count, channels)``; zeros for what is not used.

    >>> hint = np.float32([[[0, 0.5, 1, 1, 10, 20, 1]]])
    >>> maps = np.arange(4, dtype="float32").reshape(1, 1, 4, 1)
    >>> float(mean_inside(maps, *covered(hint, maps))[0, 0, 0])
    2.5
    """
    _, height, width, channels = ops.shape(maps)
    # Two products: rows first, then columns.
    by_row = ops.matmul(rows, ops.reshape(maps, (-1, height, width * channels)))
    by_row = ops.reshape(by_row, (-1, ops.shape(rows)[1], width, channels))
    total = ops.sum(by_row * columns[..., None], axis=2)
    amount = ops.sum(rows, axis=-1, keepdims=True) * ops.sum(columns, axis=-1, keepdims=True)
    return total / ops.maximum(amount, 1e-6)


@keras.saving.register_keras_serializable("kcolor")
class HintMaps(layers.Layer):
    """Draws hints as maps: ``(features (b, h, w, c), hints (b, n, 7))`` to ``(b, h, w, 4)``.

    The channels are a and b, as parts of a strong colour; whether a hint reaches into a place; and how much of it is covered.

    Args:
        kwargs: Arguments of every Keras layer.

    >>> hint = np.float32([[[0, 0, 0.5, 0.5, 25, -50, 1]]])
    >>> ops.convert_to_numpy(kcolor.layers.HintMaps()([np.zeros((1, 2, 2, 8), "float32"), hint]))[0, 0].tolist()
    [[0.5, -1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    """

    def __init__(self, **kwargs: object):
        super().__init__(autocast=False, **kwargs)  # half precision would move hints by a pixel

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        features, hints = inputs
        rows, columns = covered(hints, features)
        rows = ops.transpose(rows, (0, 2, 1))

        def drawn(values):
            return ops.matmul(rows * values[:, None], columns)[..., None]

        amount = drawn(ops.ones_like(hints[..., 6]))
        colors = [drawn(ops.cast(hints[..., column], "float32") / _STRONG) / ops.maximum(amount, 1e-6) for column in (4, 5)]
        reached = ops.cast(amount > 1e-6, "float32")
        maps = ops.concatenate([*colors, reached, ops.minimum(amount, 1.0)], axis=-1)
        return ops.cast(maps, self.compute_dtype)

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        return (*input_shape[0][:-1], 4)


@keras.saving.register_keras_serializable("kcolor")
class HintAttention(layers.Layer):
    """Lets each place look at all hints: ``(features (b, h, w, c), hints (b, n, 7))`` to ``(b, h, w, heads * width)``.

    A place attends to hints whose own features are like its own, and that are near: how near is learnt, for each head. It may
    attend to none of them. Its cost is that of pixels × hints.

    Args:
        heads: Integer. Number of heads.
        width: Integer. Width of each head.
        kwargs: Arguments of every Keras layer.

    >>> features, hints = np.ones((1, 4, 6, 8), "float32"), np.zeros((1, 3, 7), "float32")
    >>> tuple(kcolor.layers.HintAttention(heads=2, width=4)([features, hints]).shape)
    (1, 4, 6, 8)
    """

    def __init__(self, heads: int = 4, width: int = 32, **kwargs: object):
        super().__init__(autocast=False, **kwargs)
        if heads != int(heads) or width != int(width) or min(heads, width) < 1:
            raise ValueError(f"Expected `heads` and `width` as whole numbers from 1. Received: {heads!r} and {width!r}")
        self.heads, self.width = int(heads), int(width)

    def build(self, input_shape: Sequence[tuple]) -> None:
        channels, inner = input_shape[0][-1], self.heads * self.width

        def made(layer, width):
            layer.build((None, None, width))
            return layer

        options = {"dtype": self.dtype_policy}
        self.norm = made(layers.LayerNormalization(name="norm", **options), channels)
        self.query = made(layers.Dense(inner, use_bias=False, name="query", **options), channels)
        self.key = made(layers.Dense(inner, use_bias=False, name="key", **options), channels)
        self.value = made(layers.Dense(inner, name="value", **options), channels + 2)
        # Some heads begin by looking everywhere, and some at what is near.
        self.nearness = self.add_weight(
            name="nearness", shape=(self.heads,), initializer=_spaced_nearness, dtype="float32", trainable=True
        )
        self.none = self.add_weight(name="none", shape=(self.heads,), initializer="zeros", dtype="float32", trainable=True)

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        features, hints = inputs
        _, height, width, channels = ops.shape(features)
        rows, columns = covered(hints, features)
        seen = self.norm(features)
        tokens = mean_inside(ops.cast(seen, "float32"), rows, columns)
        colors = ops.cast(hints[..., 4:6], "float32") / _STRONG
        values = self.value(ops.cast(ops.concatenate([tokens, colors], axis=-1), self.compute_dtype))
        places = ops.reshape(seen, (-1, height * width, channels))
        query, key, value = (
            self._by_head(x) for x in (self.query(places), self.key(ops.cast(tokens, self.compute_dtype)), values)
        )
        likeness = ops.cast(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))), "float32") * self.width**-0.5
        far = ops.reshape(_squared_distances(hints, features), (-1, 1, height * width, ops.shape(hints)[1]))
        used = ops.cast(hints[..., 6], "float32")[:, None, None]
        likeness = likeness - ops.softplus(self.nearness)[:, None, None] * far
        likeness = likeness * used + (1.0 - used) * _NEVER
        none = ops.broadcast_to(self.none[:, None, None], ops.shape(likeness[..., :1]))
        shares = ops.softmax(ops.concatenate([likeness, none], axis=-1), axis=-1)[..., :-1]
        found = ops.transpose(ops.matmul(ops.cast(shares, value.dtype), value), (0, 2, 1, 3))
        return ops.reshape(found, (-1, height, width, self.heads * self.width))

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        return (*input_shape[0][:-1], self.heads * self.width)

    def get_config(self) -> dict:
        return {**super().get_config(), "heads": self.heads, "width": self.width}

    def _by_head(self, x):
        return ops.transpose(ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.width)), (0, 2, 1, 3))


@keras.saving.register_keras_serializable("kcolor")
class HintedFeatures(layers.Layer):
    """Adds what hints change to features: ``(features, change, hints)``. Without hints features stay exactly as they are.

    >>> features, hints = np.ones((1, 2, 2, 4), "float32"), np.zeros((1, 3, 7), "float32")
    >>> bool(ops.all(kcolor.layers.HintedFeatures()([features, features, hints]) == features))
    True
    """

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        features, change, hints = inputs
        any_used = ops.cast(ops.max(hints[..., 6], axis=1), features.dtype)
        return features + ops.reshape(any_used, (-1, 1, 1, 1)) * change

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        return tuple(input_shape[0])


def hint_input() -> Tensor:
    """Returns the input for hints: a list of any length."""
    return keras.Input((None, len(COLUMNS)), name="hints")


def hint_branch(fine: Tensor, coarse: Tensor, hints: Tensor, width: int = 96) -> Tensor:
    """Adds the branch that uses hints. It begins as one that changes nothing.

    Args:
        fine: Features ``(batch, h, w, c)`` from which the network's head computes its output.
        coarse: Features of half that size.
        hints: The input for hints.
        width: Integer. Filters of the branch's convolutions.

    Returns:
        Features of the shape of `fine`.
    """

    def convolution(kernel_size, name):
        return layers.Conv2D(width, kernel_size, padding="same", activation="relu", name=name)

    made = [
        HintMaps(name="hint_maps_coarse"),
        layers.Concatenate(name="hint_coarse"),
        convolution(3, "hint_around"),
        Double(name="hint_double"),
        HintMaps(name="hint_maps_fine"),
        HintAttention(name="hint_attention"),
        layers.Concatenate(name="hint_all"),
        convolution(1, "hint_mix"),
        convolution(3, "hint_conv1"),
        convolution(3, "hint_conv2"),
        layers.Conv2D(fine.shape[-1], 1, kernel_initializer="zeros", use_bias=False, name="hint_change"),
        HintedFeatures(name="hint_join"),
    ]
    return _applied({layer.name: layer for layer in made}, fine, coarse, hints)


def _applied(layer, fine, coarse, hints):
    """The branch's layers, by name, applied to features: new ones, or those of a network."""
    around = layer["hint_coarse"]([coarse, layer["hint_maps_coarse"]([coarse, hints])])
    around = layer["hint_double"](layer["hint_around"](around))
    maps, looked = layer["hint_maps_fine"]([fine, hints]), layer["hint_attention"]([fine, hints])
    x = layer["hint_mix"](layer["hint_all"]([fine, around, maps, looked]))
    change = layer["hint_change"](layer["hint_conv2"](layer["hint_conv1"](x)))
    return layer["hint_join"]([fine, change, hints])


def uses_hints(network: keras.Model) -> bool:
    """Returns whether a network has an input for hints."""
    return isinstance(network.input, dict) and "hints" in network.input


def split(network: keras.Model) -> tuple[keras.Model, keras.Model, keras.Model]:
    """Returns the parts of a network that uses hints. They share its weights.

    Args:
        network: Keras model with the input ``hints``.

    Returns:
        Three functional models. The first one is the network without hints. The second outputs its ``(output, fine features,
        coarse features)``. The third takes ``[fine features, coarse features, hints]``, and outputs what the network does.

    Raises:
        ValueError: If the network was not built with `hint_branch`.
    """
    layer = {layer.name: layer for layer in network.layers}
    if "hint_join" not in layer or "hint_maps_coarse" not in layer:
        raise ValueError(f'Expected a network with an input `hints` as one built with `hints=True`. Received: "{network.name}"')
    fine, coarse = layer["hint_join"].input[0], layer["hint_maps_coarse"].input[0]
    luma, output = network.input["luma"], network.outputs[0]

    def finished(features):
        for operation in _behind(output, layer["hint_join"]):
            features = operation(features)
        return features

    raw = finished(fine)
    given = [keras.Input(maps.shape[1:], dtype=maps.dtype, name=name) for maps, name in ((fine, "fine"), (coarse, "coarse"))]
    given.append(hint_input())
    branch = keras.Model(given, finished(_applied(layer, *given)))
    return keras.Model(luma, raw, name=network.name), keras.Model(luma, [raw, fine, coarse]), branch


def freeze_all_but_hints(network: keras.Model) -> None:
    """Freezes a network but for the branch that uses hints: what it outputs without hints stays as it is."""
    for one in network.layers:
        one.trainable = one.name.startswith("hint_")


def _behind(output, join) -> list[Callable]:
    """The operations between a layer and the network's output, in the order in which they are applied."""
    found: list[Callable] = []
    operation = output._keras_history.operation
    while operation is not join:
        found.insert(0, operation)
        operation = operation.input._keras_history.operation
    return found


def _squared_distances(hints, features):
    """Between each place and the middle of each hint: ``(b, h, w, n)``. The shorter side is 1."""
    height, width = (ops.cast(side, "float32") for side in ops.shape(features)[1:3])
    shorter = ops.minimum(height, width)
    hints = ops.cast(hints, "float32")
    parts = []
    for axis, first, side in ((1, 0, height), (2, 1, width)):
        line = features[:1, :, 0, 0] if axis == 1 else features[:1, 0, :, 0]
        place = (ops.cumsum(ops.cast(ops.ones_like(line), "float32"), axis=-1) - 0.5) / shorter
        middle = (hints[..., first] + hints[..., first + 2]) / 2 * side / shorter
        parts.append(ops.square(place[..., None] - middle[:, None]))  # (b, side, n)
    return parts[0][:, :, None] + parts[1][:, None]


def _spaced_nearness(shape, dtype=None):
    """Nearness of 1, 4, 16, … before softplus, which hardly changes it."""
    return ops.convert_to_tensor([float(4**head) for head in range(shape[0])], dtype=dtype)
