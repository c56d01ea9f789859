"""From a checked recipe to the parts of a run: pictures, target, colorizer, optimizer."""

import math
import pathlib

import keras

from kcolor import data, models, targets
from kcolor.colorizer.adversarial import AdversarialColorizer
from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes.recipe import named
from kcolor.recipes.schema import LAYERS


def absolute_source(data) -> str | None:
    """Where pictures come from, so that it means the same from another folder; names stay as they are."""
    if data is None or not pathlib.Path(data).exists():
        return data and str(data)
    return str(pathlib.Path(data).resolve())


def open_pictures(plan: dict, split: str) -> data.Pictures:
    """A split of a recipe's pictures."""
    settings = plan["data"]
    if "source" not in settings:
        raise ValueError(
            "This recipe has no pictures of its own. Expected --data (or data.source): a folder, a zip, or tfds:NAME"
        )
    asked = {key: settings[key] for key in ("classes", "data_dir") if key in settings}
    if settings["download"]:
        asked["download"] = True
    if settings["source"] != "shapes":  # which has splits of its own
        asked |= {"val": settings["val"], "test": settings["test"]}
    if f"{split}_limit" in settings:
        asked["count" if settings["source"] == "shapes" else "limit"] = settings[f"{split}_limit"]
    return data.pictures(settings["source"], split, **asked)


def build_target(plan: dict):
    """The colour target of a checked recipe, unmeasured."""
    name, options = named(plan["target"])
    return targets.get(name, **options)


def build_colorizer(plan: dict, target=None, guide=None) -> Colorizer:
    """The colorizer of a checked recipe, untrained, in the present dtype policy.

    Args:
        plan: a recipe as `kcolor.recipes.recipe.load` gives it.
        target: measured already; by default as the recipe says, unmeasured.
        guide: a colorizer, for a guided network.

    Returns:
        An uncompiled colorizer, with a discriminator if the recipe has one.
    """
    target = build_target(plan) if target is None else target
    layers = {key: layer(**plan[key]) for key, layer in LAYERS.items() if key in plan}
    size = plan["data"].get("working_size", plan["data"]["size"])
    options = {"size": size, "guide": guide, **layers}
    if "discriminator" not in plan:
        return Colorizer(build_network(plan, target), target, **options)
    name, arguments = named(plan["discriminator"])
    return AdversarialColorizer(build_network(plan, target), target, models.build(name, **arguments), **options)


def count_weights(model) -> int:
    """How many weights a network, or a colorizer, has to train."""
    return sum(math.prod(weight.shape) for weight in model.trainable_variables)


def build_network(plan: dict, target) -> keras.Model:
    """The network of a checked recipe, untrained, for a target."""
    name, options = named(plan["model"])
    return models.build(name, target, **options)
