"""What a network costs: weights, numbers in its code, operations, and the time of a training step."""

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict

import keras
import numpy as np

from kcolor import models, recipes
from kcolor.recipes import build
from kcolor.training import optimizer
from kcolor.utils import precision

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer
    from kcolor.recipes import Recipe


class Cost(TypedDict):
    """What a network costs.

    Args:
        parameters: Integer. Number of weights to train.
        code_size: Integer. Count of numbers that the layer called "code" outputs, or None if there is no such layer.
        flops: Integer. Floating-point operations for one picture, see `flops`.
    """

    parameters: int
    code_size: int | None
    flops: int


def of_network(network: keras.Model, size: tuple[int, int]) -> Cost:
    """Returns what a network costs.

    Args:
        network: Keras model from luma to raw.
        size: Tuple (height, width) of the pictures.

    Returns:
        A dict, see `Cost`.
    """
    has_code = any(layer.name == "code" for layer in network.layers)
    return {
        "parameters": build.count_weights(network),
        "code_size": models.code_size(network, size) if has_code else None,
        "flops": flops(network, size),
    }


def of_recipe(recipe: "Recipe") -> Cost:
    """Returns what a recipe's network costs, for pictures of the recipe's size."""
    return of_network(recipe.build_network(), (recipe.data.size, recipe.data.size))


def flops(network: keras.Model, size: tuple[int, int]) -> int:
    """Returns the floating-point operations of a network for one picture, forward.

    Those of convolutions and dense layers are counted: two for each multiplication, as its result is added to others.

    Args:
        network: Keras model from luma to raw.
        size: Tuple (height, width) of the picture.

    Returns:
        An integer.

    >>> from kcolor.sweep.network_cost import flops
    >>> luma = keras.Input((None, None, 1))
    >>> flops(keras.Model(luma, keras.layers.Conv2D(2, 3, padding="same")(luma)), (4, 4))  # 16 pixels × 9 × 1 × 2 weights
    576
    """
    shapes = _shapes(network, size)
    return sum(_layer_flops(layer, shapes) for layer in _layers(network))


def pace(recipe: "Recipe", steps: int = 3) -> tuple[float, float]:
    """Measures how fast this machine trains a recipe's network, on noise.

    Args:
        recipe: The recipe.
        steps: Integer. Number of steps that are timed, after one that is not.

    Returns:
        Two floats: seconds that a step takes whatever the number of its pictures, and seconds for each floating-point operation
        of a picture (see `flops`).
    """
    size, batch = recipe.data.size, max(2, recipe.train.batch_size)
    with precision.policy(precision.precision(recipe.train.precision)):
        colorizer = recipe.build_colorizer(guide=_guide(recipe))
        colorizer.compile(optimizer.build_optimizer(recipe, steps))  # a discriminator takes part, too
        one, many = (_step_seconds(colorizer, count, size, steps) for count in (1, batch))
    picture = max(0.0, many - one) / (batch - 1)
    return max(0.0, one - picture), picture / flops(colorizer.forward_pass.plain, (size, size))


def _guide(recipe: "Recipe") -> "Colorizer | None":
    """Builds a guide as the recipe needs it. It is untrained, which takes as much time."""
    if recipe.guide is None:
        return None
    return recipes.load(recipe.guide.recipe or "faces-regressor").build_colorizer()


def _step_seconds(colorizer, count, size, steps):
    pictures = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), "uint8")
    colorizer.train_on_batch(pictures)
    began = time.perf_counter()
    for _ in range(steps):
        colorizer.train_on_batch(pictures)
    return (time.perf_counter() - began) / steps


def _layers(network: keras.Model) -> Iterator[keras.layers.Layer]:
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def _shapes(network, size):
    """Returns the shape of every layer's output for one picture, by the layer's name."""
    named_layers = [layer for layer in network.layers if not isinstance(layer, keras.layers.InputLayer)]
    probe = keras.Model(network.inputs, [layer.output for layer in named_layers])
    inputs = [(1, *(size if len(tensor.shape) == 4 else ()), tensor.shape[-1]) for tensor in network.inputs]
    shapes = probe.compute_output_shape(inputs[0] if len(inputs) == 1 else inputs)
    shapes = shapes if isinstance(shapes, list) else [shapes]
    return {layer.name: shape for layer, shape in zip(named_layers, shapes, strict=True)}


def _layer_flops(layer, shapes):
    kernel = getattr(layer, "kernel", None)
    if kernel is None or layer.name not in shapes:
        return 0
    shape = shapes[layer.name]
    if isinstance(layer, keras.layers.Conv2DTranspose):  # each input number is multiplied by the kernel
        pixels = shape[1] * shape[2] // math.prod(layer.strides)
    else:
        pixels = math.prod(shape[1:-1])
    return 2 * pixels * math.prod(kernel.shape)
