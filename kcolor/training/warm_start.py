"""Warm start: a run that begins with another colorizer instead of new weights."""

import dataclasses
import inspect
import math
import pathlib
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor.backbones.preprocess import copy_modes
from kcolor.colorizer.adversarial import AdversarialColorizer
from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.input_size import input_stride
from kcolor.models import NETWORKS
from kcolor.models.hint_branch import uses_hints
from kcolor.recipes.recipe import Recipe
from kcolor.saving import presets, safe_loading
from kcolor.saving.load import load
from kcolor.utils.types import Tensor

DISCRIMINATOR = "discriminator.keras"  # in a run's folder


@dataclasses.dataclass(frozen=True)
class Start:
    """What a run begins with.

    Args:
        colorizer: Colorizer whose weights and tables are taken.
        discriminator: Path of the discriminator that may lie beside it.
    """

    colorizer: Colorizer
    discriminator: pathlib.Path

    def give_weights(self, colorizer: Colorizer) -> None:
        """Gives a new colorizer these weights, and its discriminator, if both have one, those of the discriminator."""
        theirs, ours = self.colorizer.network, colorizer.network
        if uses_hints(theirs) != uses_hints(ours):  # what both have: the network without hints
            theirs, ours = self.colorizer.forward_pass.plain, colorizer.forward_pass.plain
        copy_weights(theirs, ours)
        if isinstance(colorizer, AdversarialColorizer) and self.discriminator.is_file():
            copy_weights(safe_loading.restore(self.discriminator), colorizer.discriminator)


def find(recipe: Recipe, folder: pathlib.Path) -> Start | None:
    """Loads what a recipe's ``train.start`` names.

    Args:
        recipe: Recipe of the run.
        folder: Path of the run's folder. A path that begins with ``..``, as that of a phase does, may be one from there.

    Returns:
        A `Start`, or None if the recipe names none.
    """
    start = recipe.train.start
    if start is None:
        return None
    beside = folder / start
    file = presets.find(beside if start.startswith("..") and beside.exists() else start)
    return Start(load(file), file.with_name(DISCRIMINATOR))


def without_pretrained(recipe: Recipe) -> Recipe:
    """Returns a recipe without pretrained weights if it begins with another colorizer: nothing is fetched to be overwritten."""
    options = recipe.model.options
    if recipe.train.start is None or weights_of(recipe) != "imagenet":
        return recipe
    frozen = True if options.get("frozen_norms") is None else options["frozen_norms"]  # as with the pretrained weights
    return dataclasses.replace(recipe, model=recipe.model.with_options(weights="random", frozen_norms=frozen))


def weights_of(recipe: Recipe) -> Any:
    """Returns what a recipe's network begins with, as `weights` of its builder says; None if that has no such option.

    Args:
        recipe: Recipe.
    """
    usual = inspect.signature(NETWORKS[recipe.model.name]).parameters.get("weights")
    return None if usual is None else recipe.model.options.get("weights", usual.default)


def copy_weights(source: keras.Model, network: keras.Model) -> None:
    """Gives a network the weights of another one, which must be built alike.

    Args:
        source: Network to copy from.
        network: Network that is changed.

    Raises:
        ValueError: If the networks differ. The message says where.
    """
    theirs, ours = source.weights, network.weights
    shapes = [(tuple(a.shape), tuple(b.shape)) for a, b in zip(ours, theirs, strict=False)]
    if len(ours) != len(theirs) or any(one != other for one, other in shapes):
        where = next((f"{a.path} {one}, {other}" for a, (one, other) in zip(ours, shapes, strict=False) if one != other), "")
        raise ValueError(
            "Expected `train.start` to have the network and the number of bins that the recipe says. "
            f"They differ: {len(ours)} and {len(theirs)} weights; {where}"
        )
    network.set_weights(source.get_weights())
    copy_modes(source, network)
    if not _agree(network, source):
        raise ValueError(
            "Expected `train.start` to have the network that the recipe says. With the same weights its output differs"
        )


def _agree(network: keras.Model, other: keras.Model) -> bool:
    """Whether two networks of one shape, and with the same weights, compute the same; half precision is near enough."""
    # Equal shapes do not mean equal networks: activations and preprocessing may differ.
    random, stride = np.random.default_rng(0), input_stride(network)
    free = math.ceil(64 / stride) * stride  # a side that any size may have

    def made_up(tensor: keras.KerasTensor) -> Tensor:
        return random.random((1, *(side or free for side in tensor.shape[1:])), "float32")

    seen = keras.tree.map_structure(made_up, network.input)
    one, two = (ops.convert_to_numpy(model(seen)).astype("float32") for model in (network, other))
    return bool(np.abs(one - two).mean() <= 0.1 * np.abs(two - two.mean()).mean() + 1e-3)
