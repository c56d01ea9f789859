"""Hints of a picture's own colours, drawn as siggraph17 drew them: what a network learns from to use hints.

The number of hints is geometric, 8 in the mean; a fifth of the pictures has none. Places are drawn from a Gaussian around the
middle, as wide as a quarter of the side; patches have 1 to 9 pixels a side, and the mean colour of the truth. In one picture of
a hundred all colours are given, in cells.

People give colours that things never had: a red coat, where the network sees a brown one. From true colours alone a network
learns that a hint is true of much of the picture, and one red coat tints all of it. So in half of the pictures the thing at one
or two hints gets a bold colour: what is near the hint, as light, and of the hint's colour.
"""

import math

import keras
from keras import layers, ops

from kcolor import color
from kcolor.models.hint_branch import COLUMNS, covered, mean_inside, squared_distances
from kcolor.utils.types import Tensor

MAX_HINTS = 48  # of a picture: more are drawn in one of six hundred
_ROWS, _COLUMNS = 6, 8  # of the cells where all colours are given
_MEAN = 8
_NONE = 0.2
_ALL = 0.01
_LARGEST = 9
_EDGE = 14.0


class SampledHints(layers.Layer):
    """Draws hints of pictures in colour.

    Its input is RGB in [0, 1], ``(batch, height, width, 3)``. It outputs the hints ``(batch, 48, 7)``, see
    `kcolor.models.hint_branch.COLUMNS`, and the pictures, in which some things have another colour.

    Args:
        bold: Number in [0, 1]: the chance of another colour, of each of the first two hints' things.
        seed: Integer; or None for another one each time.
        kwargs: Arguments of every Keras layer.

    >>> hints, pictures = kcolor.colorizer.sampled_hints.SampledHints(seed=1)(np.full((2, 32, 32, 3), 0.5, "float32"))
    >>> hints.shape == (2, 48, 7), pictures.shape == (2, 32, 32, 3)
    (True, True)
    """

    def __init__(self, bold: float = 0.3, seed: int | None = None, **kwargs: object):
        super().__init__(**{"dtype": "float32", **kwargs})
        if not 0 <= bold <= 1:
            raise ValueError(f"Expected `bold` in [0, 1]. Received: {bold!r}")
        self.bold, self.seed = float(bold), seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, rgb: Tensor) -> tuple[Tensor, Tensor]:
        count, (height, width) = ops.shape(rgb)[0], (ops.cast(side, "float32") for side in ops.shape(rgb)[1:3])
        seed = self.seed_generator

        def uniform(*shape):
            return keras.random.uniform((count, *shape), seed=seed)

        side = ops.floor(1 + uniform(MAX_HINTS) * _LARGEST) / 2
        edges = []
        for length in (height, width):
            middle = ops.clip(length / 2 + keras.random.normal((count, MAX_HINTS), seed=seed) * length / 4, 0, length)
            edges.append((ops.clip(middle - side, 0, length - 1), ops.clip(middle + side, 1, length)))
        boxes = ops.stack([edges[0][0] / height, edges[1][0] / width, edges[0][1] / height, edges[1][1] / width], axis=-1)
        # At least 1, and each further one with a chance of 7/8.
        number = ops.floor(ops.log(ops.maximum(uniform(1), 1e-7)) / math.log(1 - 1 / _MEAN)) + 1
        chance = uniform(1)
        number = ops.where(chance < _NONE, 0.0, ops.where(chance > 1 - _ALL, float(MAX_HINTS), number))
        cells = ops.broadcast_to(_cells()[None], ops.shape(boxes))
        boxes = ops.where((chance > 1 - _ALL)[..., None], cells, boxes)
        used = ops.cast(ops.arange(MAX_HINTS, dtype="float32")[None] < number, "float32")[..., None]
        hints = ops.concatenate([boxes, ops.zeros_like(boxes[..., :2]), used], axis=-1)
        lab = color.rgb_to_lab(rgb)
        for number in range(2 if self.bold else 0):
            lab = self._recolored(lab, hints[:, number : number + 1], uniform)
        rgb = color.lab_to_rgb(lab)
        ab = color.rgb_to_lab(rgb)[..., 1:]  # some of the new colours do not exist
        hints = ops.concatenate([boxes, mean_inside(ab, *covered(hints, ab)), used], axis=-1)
        return ops.stop_gradient(hints), ops.stop_gradient(rgb)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], MAX_HINTS, len(COLUMNS)), tuple(input_shape)

    def get_config(self) -> dict:
        return {**super().get_config(), "bold": self.bold, "seed": self.seed}

    def _recolored(self, lab, hint, uniform):
        """Moves the colour of what is near a hint, as light, and of its colour: the same way everywhere, with sharp edges."""

        def between(low, high):
            return low + (high - low) * uniform(1)[..., None, None]

        there = ops.expand_dims(mean_inside(lab, *covered(hint, lab)), 1)
        far = squared_distances(hint, lab) / (2 * between(0.1, 0.6) ** 2)
        other = ops.square((lab - there) / ops.concatenate([between(10, 35), between(6, 18), between(6, 18)], axis=-1))
        inside = ops.sigmoid(_EDGE * (ops.exp(-far - 0.5 * ops.sum(other, axis=-1, keepdims=True)) - 0.4))
        angle, strength = between(0, 2 * math.pi), between(15, 75)
        moved = ops.concatenate([ops.zeros_like(angle), strength * ops.cos(angle), strength * ops.sin(angle)], axis=-1)
        happens = ops.cast(uniform(1)[..., None, None] < self.bold, "float32") * hint[:, :, None, 6:]
        return lab + happens * inside * moved


def _cells():
    rows, columns = (ops.arange(n, dtype="float32") / n for n in (_ROWS, _COLUMNS))
    top, left = (ops.reshape(x, (-1,)) for x in ops.meshgrid(rows, columns, indexing="ij"))
    return ops.stack([top, left, top + 1 / _ROWS, left + 1 / _COLUMNS], axis=-1)
