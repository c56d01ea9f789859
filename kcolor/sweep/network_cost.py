"""What a network costs: weights, numbers in its code, multiplications, and how long a training of it should last."""

import math
import time

import keras
import numpy as np

from kcolor import models, recipes
from kcolor.recipes import build
from kcolor.training import optimizer
from kcolor.utils import precision


def of_network(network, size) -> dict:
    """Figures of a network, for pictures of one size.

    Args:
        network: a Keras model from luma to raw.
        size: (height, width).

    Returns:
        ``{"parameters", "code_size", "flops"}``: weights to train; numbers in the layer called "code" (None if there is none);
        floating-point operations forward, of convolutions and dense layers.
    """
    return {
        "parameters": build.count_weights(network),
        "code_size": models.code_size(network, size) if _has_code(network) else None,
        "flops": flops(network, size),
    }


def of_plan(recipe: "recipes.Recipe") -> dict:
    """The same of a recipe's network, built to look at it."""
    return of_network(recipe.build_network(), (recipe.data.size,) * 2)


def flops(network, size) -> int:
    """Floating-point operations of one picture's way through a network: two for each multiplication that is added up."""
    shapes = _shapes(network, size)
    return sum(_layer_flops(layer, shapes) for layer in _layers(network))


def pace(recipe: "recipes.Recipe", steps: int = 3) -> tuple[float, float]:
    """How fast this machine trains, measured with a recipe's own network on noise.

    Args:
        recipe: a recipe.
        steps: how many are timed, after one that is not.

    Returns:
        Seconds of a step beside its pictures, and seconds a picture for each of its forward operations.
    """
    size, batch = recipe.data.size, recipe.train.batch_size
    with precision.policy(precision.precision(recipe.train.precision)):
        colorizer = recipe.build_colorizer(guide=_guide(recipe))
        colorizer.compile(optimizer.build_optimizer(recipe, steps))  # a discriminator takes part, too
        one, many = (_step_seconds(colorizer, count, size, steps) for count in (1, max(2, batch)))
    picture = max(0.0, many - one) / (max(2, batch) - 1)
    return max(0.0, one - picture), picture / flops(colorizer.network, (size, size))


def _guide(recipe):
    """A guide of the kind that the recipe asks for; untrained it takes as long."""
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


def _has_code(network):
    return any(layer.name == "code" for layer in network.layers)


def _layers(network):
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def _shapes(network, size):
    """The shape of every layer's output for one picture."""
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
    if isinstance(layer, keras.layers.Conv2DTranspose):  # each number that comes in is spread by the kernel
        pixels = shape[1] * shape[2] // math.prod(layer.strides)
    else:
        pixels = math.prod(shape[1:-1])
    return 2 * pixels * math.prod(kernel.shape)
