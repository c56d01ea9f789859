"""What a training run begins with where it is not new weights: another colorizer, its tables, its discriminator."""

import dataclasses
import pathlib

import keras
import numpy as np
from keras import ops

from kcolor.backbones.preprocess import Preprocess
from kcolor.colorizer.adversarial import AdversarialColorizer
from kcolor.recipes.recipe import Recipe
from kcolor.saving import load as colorizers
from kcolor.saving import presets


def begin_with(network: keras.Model, start: keras.Model) -> None:
    """Gives a network the weights of another one, which must be built alike.

    Raises:
        ValueError: that says where they differ.
    """
    ours, theirs = network.weights, start.weights
    shapes = [(tuple(a.shape), tuple(b.shape)) for a, b in zip(ours, theirs, strict=False)]
    if len(ours) != len(theirs) or any(one != other for one, other in shapes):
        where = next((f"{a.path} {one}, {other}" for a, (one, other) in zip(ours, shapes, strict=False) if one != other), "")
        raise ValueError(
            "Expected `train.start` to have the network and the number of bins that the recipe says. "
            f"They differ: {len(ours)} and {len(theirs)} weights; {where}"
        )
    network.set_weights(start.get_weights())
    for layer, other in zip(_preprocessing(network), _preprocessing(start), strict=True):
        layer.mode = other.mode  # which goes with the weights
    if not _agree(network, start):
        raise ValueError(
            "Expected `train.start` to have the network that the recipe says. With the same weights it answers another thing"
        )


def _preprocessing(network):
    return [layer for layer in network.layers if isinstance(layer, Preprocess)]


def _agree(network, other):
    """Whether two networks of one shape, and with the same weights, compute the same; half precision is near enough."""
    random = np.random.default_rng(0)
    seen = keras.tree.map_structure(
        lambda input: random.random((1, *(s or 64 for s in input.shape[1:])), "float32"), network.input
    )
    one, two = (ops.convert_to_numpy(model(seen)).astype("float32") for model in (network, other))
    return np.abs(one - two).mean() <= 0.1 * np.abs(two - two.mean()).mean() + 1e-3


DISCRIMINATOR = "discriminator.keras"  # in a run's folder


def load(recipe: Recipe, folder: pathlib.Path):
    """The colorizer that a recipe's ``train.start`` names, or None."""
    return colorizers.load(_path(recipe, folder)) if recipe.train.start is not None else None


def begin(colorizer, start, recipe: Recipe, folder: pathlib.Path) -> None:
    """Gives a new colorizer the weights of `start`; where that one has left a discriminator, its discriminator's too."""
    begin_with(colorizer.network, start.network)
    path = presets.find(_path(recipe, folder)).with_name(DISCRIMINATOR)
    if isinstance(colorizer, AdversarialColorizer) and path.is_file():
        begin_with(colorizer.discriminator, keras.saving.load_model(path, compile=False))


def unfetched(recipe: Recipe) -> Recipe:
    """The recipe, without pretrained weights if it begins with another colorizer: nothing is fetched to be overwritten."""
    if recipe.train.start is None or recipe.model.options.get("weights") != "imagenet":
        return recipe
    return dataclasses.replace(recipe, model=recipe.model.with_options(weights="random"))


def _path(recipe, folder):
    """A path may also be one from the run's own folder, as that of a phase is."""
    start = recipe.train.start
    beside = folder / start
    return beside if start.startswith("..") and beside.exists() else start
