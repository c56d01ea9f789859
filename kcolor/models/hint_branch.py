"""The part of a network that has learnt to use hints: it mixes their colours into what the network outputs.

Hints are a list: ``(batch, count, 7)``, see `COLUMNS`. A list may be longer than there are hints: what is not used is marked.
"""

from collections.abc import Sequence

import keras
from keras import layers, ops

from kcolor.models.blocks import Double
from kcolor.models.pretrained_encoder import encoder_layers
from kcolor.targets.base import ColorTarget
from kcolor.utils.types import Tensor

COLUMNS = ("top", "left", "bottom", "right", "a", "b", "used")  # edges as shares of the input's sides; used is 1 or 0
_STRONG = 50.0  # ab of a strong colour: what a network takes and gives should be about 1
_BLUR = 6.0  # in the ab plane: a hint's colour as a distribution over bins
_DOUBT = 4.0  # at first a place attends next to nothing but its own distribution
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
        ends = _counted(maps, axis)[:, None]
        low, high = hints[..., first, None] * side, hints[..., first + 2, None] * side
        inside = ops.minimum(high, ends) - ops.maximum(low, ends - 1.0)
        shares.append(ops.clip(inside, 0.0, 1.0) * hints[..., 6:])
    return shares[0], shares[1]


def _counted(maps, axis):
    """1, 2, 3, … along an axis of maps, ``(1, side)``. Sizes may be unknown while a graph is made."""
    line = maps[:1, :, 0, 0] if axis == 1 else maps[:1, 0, :, 0]
    return ops.cumsum(ops.cast(ops.ones_like(line), "float32"), axis=-1)


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


def squared_distances(hints: Tensor, maps: Tensor) -> Tensor:
    """Returns the squared distance between each place and the middle of each hint. The shorter side is 1.

    Args:
        hints: Floats ``(batch, count, 7)``, see `COLUMNS`.
        maps: Maps ``(batch, h, w, channels)``, of which only the size is looked at.

    Returns:
        Floats ``(batch, h, w, count)``.

    >>> hint = np.float32([[[0, 0.5, 1, 1, 10, 20, 1]]])
    >>> ops.convert_to_numpy(squared_distances(hint, np.zeros((1, 1, 4, 3), "float32")))[0, 0, :, 0]
    array([6.25, 2.25, 0.25, 0.25], dtype=float32)
    """
    height, width = (ops.cast(side, "float32") for side in ops.shape(maps)[1:3])
    shorter = ops.minimum(height, width)
    hints = ops.cast(hints, "float32")
    parts = []
    for axis, first, side in ((1, 0, height), (2, 1, width)):
        place = (_counted(maps, axis) - 0.5) / shorter
        middle = (hints[..., first] + hints[..., first + 2]) / 2 * side / shorter
        parts.append(ops.square(place[..., None] - middle[:, None]))  # (b, side, n)
    return parts[0][:, :, None] + parts[1][:, None]


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
    """Gives each place a share of the hints' colours: ``(raw, queries, features, hints)`` to a raw output.

    Its inputs are a network's raw output over bins ``(b, h, w, bins)``, queries ``(b, h, w, q)``, features ``(b, h, w, c)``,
    and hints ``(b, n, 7)``. A place attends to hints whose features are like its query, that are near (how near is learnt,
    for each head), and whose colour the network thinks likely there. It may attend to none of them: then its distribution
    stays. What it outputs is a mixture of the network's distribution and of the hints' colours, again as logits. Without
    hints that is the network's output to the bit. Its cost is that of pixels × hints.

    Args:
        centers: Pairs (a, b): the colours of the bins.
        heads: Integer. Number of heads.
        width: Integer. Width of each head.
        kwargs: Arguments of every Keras layer.

    >>> raw, maps, hints = np.ones((1, 4, 6, 2), "float32"), np.ones((1, 4, 6, 8), "float32"), np.zeros((1, 3, 7), "float32")
    >>> attention = kcolor.layers.HintAttention([(0, 0), (10, 0)], heads=2, width=4)
    >>> bool(ops.all(attention([raw, maps, maps, hints]) == raw))
    True
    """

    def __init__(self, centers: Sequence[Sequence[float]], heads: int = 4, width: int = 32, **kwargs: object):
        super().__init__(autocast=False, **kwargs)
        if heads != int(heads) or width != int(width) or min(heads, width) < 1:
            raise ValueError(f"Expected `heads` and `width` as whole numbers from 1. Received: {heads!r} and {width!r}")
        self.centers = [[float(a), float(b)] for a, b in centers]
        self.heads, self.width = int(heads), int(width)

    def build(self, input_shape: Sequence[tuple]) -> None:
        _, queries, features, _ = (shape[-1] for shape in input_shape)
        inner = self.heads * self.width

        def made(layer, width):
            layer.build((None, None, width))
            return layer

        options = {"dtype": self.dtype_policy}
        self.norm = made(layers.LayerNormalization(name="norm", **options), features)
        self.query = made(layers.Dense(inner, use_bias=False, name="query", **options), queries)
        self.key = made(layers.Dense(inner, use_bias=False, name="key", **options), features + 2)
        # Of each head at each place: how much it attends to no hint, and how much is made of what it finds.
        self.doubt = made(layers.Dense(2 * self.heads, kernel_initializer="zeros", name="doubt", **options), queries)

        def number(name, start):
            # Keras casts weights outside of a model's call, too, unless each says that it is not to be cast.
            options = {"dtype": "float32", "autocast": False, "trainable": True}
            return self.add_weight(name=name, shape=(self.heads,), initializer=start, **options)

        self.none = number("none", keras.initializers.Constant(_DOUBT))
        self.nearness = number("nearness", _spaced_nearness)  # some heads begin by looking everywhere, some at what is near
        self.likely = number("likely", keras.initializers.Constant(0.5))
        for layer in (self.norm, self.query, self.key, self.doubt):
            layer.trainable = self.trainable  # what was frozen when it was saved is loaded frozen

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        raw, queries, features, hints = inputs
        hints = ops.cast(hints, "float32")
        _, height, width, bins = ops.shape(raw)
        places = height * width
        plain = ops.softmax(ops.reshape(raw, (-1, places, bins)), axis=-1)
        colors = self._as_bins(hints[..., 4:6])
        asked = ops.reshape(queries, (-1, places, queries.shape[-1]))
        query, key = self.query(asked), self.key(self._tokens(features, hints))
        far = ops.reshape(squared_distances(hints, raw), (-1, places, ops.shape(hints)[1]))
        likely = ops.log(ops.matmul(plain, ops.transpose(colors, (0, 2, 1))) + 1e-4)
        used = hints[:, None, :, 6]
        doubt = ops.cast(self.doubt(asked), "float32")
        says = ops.softmax(doubt[..., self.heads :], axis=-1)
        shares: Tensor = 0.0
        for head in range(self.heads):  # one after the other: with 500 hints all at once would take 200 MB more
            part = slice(head * self.width, (head + 1) * self.width)
            likeness = ops.cast(ops.matmul(query[..., part], ops.transpose(key[..., part], (0, 2, 1))), "float32")
            likeness = likeness * self.width**-0.5 - ops.softplus(self.nearness[head]) * far + self.likely[head] * likely
            likeness = likeness * used + (1.0 - used) * _NEVER
            none = doubt[..., head : head + 1] + self.none[head]
            found = ops.softmax(ops.concatenate([likeness, none], axis=-1), axis=-1)
            shares = shares + found * says[..., head : head + 1]
        mixed = shares[..., -1:] * plain + ops.matmul(shares[..., :-1], colors)
        mixed = ops.reshape(ops.log(mixed + 1e-8), (-1, height, width, bins))
        return ops.where(ops.sum(hints[..., 6], axis=1)[:, None, None, None] > 0, mixed, raw)

    def compute_output_shape(self, input_shape: Sequence[tuple]) -> tuple:
        return tuple(input_shape[0])

    def get_config(self) -> dict:
        return {**super().get_config(), "centers": self.centers, "heads": self.heads, "width": self.width}

    def _tokens(self, features, hints):
        """What the network sees at each hint, and its colour."""
        seen = ops.cast(self.norm(features), "float32")
        tokens = [mean_inside(seen, *covered(hints, features)), hints[..., 4:6] / _STRONG]
        return ops.cast(ops.concatenate(tokens, axis=-1), self.compute_dtype)

    def _as_bins(self, ab):
        """Colours as distributions over the bins ``(b, n, bins)``."""
        centers = ops.convert_to_tensor(self.centers, "float32")
        far = ops.sum(ops.square(ab[..., None, :] - centers), axis=-1)
        return ops.softmax(-far / (2 * _BLUR**2), axis=-1)


def hint_input() -> Tensor:
    """Returns the input for hints: a list of any length."""
    return keras.Input((None, len(COLUMNS)), name="hints")


def hint_branch(raw: Tensor, fine: Tensor, coarse: Tensor, hints: Tensor, target: ColorTarget, width: int = 96) -> Tensor:
    """Adds the branch that uses hints. It begins as one that changes next to nothing, and changes nothing without hints.

    Args:
        raw: The network's raw output.
        fine: Features ``(batch, h, w, c)`` from which the network's head computes it.
        coarse: Features of half that size.
        hints: The input for hints.
        target: `ColorTarget` of bins.
        width: Integer. Filters of the branch's convolutions.

    Returns:
        A raw output.

    Raises:
        ValueError: If the target has no bins.
    """
    if target.bins is None or target.pooled:
        raise ValueError(
            f"Expected a target of bins, whose distribution hints are mixed into. Received: {type(target).__name__}"
        )

    def convolution(kernel_size, name):
        return layers.Conv2D(width, kernel_size, padding="same", activation="relu", name=name)

    made = [
        HintMaps(name="hint_maps_coarse"),
        layers.Concatenate(name="hint_coarse"),
        convolution(3, "hint_around"),
        Double(name="hint_double"),
        HintMaps(name="hint_maps_fine"),
        layers.Concatenate(name="hint_all"),
        convolution(1, "hint_mix"),
        convolution(3, "hint_conv1"),
        convolution(3, "hint_conv2"),
        HintAttention(target.bins.centers.tolist(), name="hint_attention"),
    ]
    return _applied({layer.name: layer for layer in made}, raw, fine, coarse, hints)


def _applied(layer, raw, fine, coarse, hints):
    """The branch's layers, by name, applied to features: new ones, or those of a network."""
    around = layer["hint_coarse"]([coarse, layer["hint_maps_coarse"]([coarse, hints])])
    around = layer["hint_double"](layer["hint_around"](around))
    x = layer["hint_mix"](layer["hint_all"]([fine, around, layer["hint_maps_fine"]([fine, hints])]))
    x = layer["hint_conv2"](layer["hint_conv1"](x))
    return layer["hint_attention"]([raw, x, fine, hints])


def uses_hints(network: keras.Model) -> bool:
    """Returns whether a network has an input for hints."""
    return isinstance(network.input, dict) and "hints" in network.input


def split(network: keras.Model) -> tuple[keras.Model, keras.Model, keras.Model]:
    """Returns the parts of a network that uses hints. They share its weights.

    Args:
        network: Keras model with the input ``hints``.

    Returns:
        Three functional models. The first one is the network without hints. The second outputs its ``(output, fine features,
        coarse features)``. The third takes ``[output, fine features, coarse features, hints]``, and outputs what the network
        does.

    Raises:
        ValueError: If the network was not built with `hint_branch`.
    """
    layer = {layer.name: layer for layer in network.layers}
    if "hint_attention" not in layer or "hint_maps_coarse" not in layer:
        raise ValueError(f'Expected a network with an input `hints` as one built with `hints=True`. Received: "{network.name}"')
    raw, _, fine, _ = layer["hint_attention"].input
    coarse = layer["hint_maps_coarse"].input[0]
    named = {"raw": raw, "fine": fine, "coarse": coarse}
    given = [keras.Input(maps.shape[1:], dtype=maps.dtype, name=name) for name, maps in named.items()]
    given.append(hint_input())
    luma = network.input["luma"]
    plain = keras.Model(luma, raw, name=network.name)
    return plain, keras.Model(luma, [raw, fine, coarse]), keras.Model(given, _applied(layer, *given))


def freeze_all_but_hints(network: keras.Model) -> None:
    """Freezes a network but for the branch that uses hints: what it outputs without hints stays as it is."""
    for one in network.layers:
        one.trainable = one.name.startswith("hint_")


def freeze_hints(network: keras.Model) -> None:
    """Freezes the branch that uses hints, and lets the decoder learn: so a finished colorizer can be trained further.

    Args:
        network: Keras model with the input ``hints``. Its encoder stays frozen.
    """
    encoder = {id(layer) for layer in encoder_layers(network)}
    for one in network.layers:
        one.trainable = id(one) not in encoder and not one.name.startswith("hint_")


def hints_learn(network: keras.Model) -> bool:
    """Returns whether a network has a branch that uses hints, and it is not frozen."""
    return uses_hints(network) and any(one.trainable_weights for one in network.layers if one.name.startswith("hint_"))


def _spaced_nearness(shape, dtype=None):
    """Nearness of 1, 4, 16, … before softplus, which hardly changes it."""
    return ops.convert_to_tensor([float(4**head) for head in range(shape[0])], dtype=dtype)
