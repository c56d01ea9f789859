"""From a checked recipe to the parts of a run: pictures, target, colorizer, optimizer."""

import math
import pathlib

import keras
import numpy as np
from keras import ops

from kcolor import data, losses, models, registry, targets
from kcolor.backbones import Preprocess
from kcolor.colorizer import Colorizer
from kcolor.gan import AdversarialColorizer
from kcolor.recipe import named
from kcolor.sections import LAYERS, OPTIMIZERS


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
        plan: a recipe as `kcolor.recipe.load` gives it.
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


def build_optimizer(plan: dict, steps: float, section: str = "optimizer") -> keras.optimizers.Optimizer:
    """An optimizer of a checked recipe, its learning rate on schedule over `steps` an epoch."""
    name, options = named(plan[section])
    schedule = plan["schedule"]
    rate = options.pop("learning_rate", 1e-3)
    if schedule["name"] == "cosine":
        warmup = round(schedule["warmup"] * steps)
        start = {"initial_learning_rate": 0.0, "warmup_target": rate} if warmup else {"initial_learning_rate": rate}
        decay = max(1, round(steps * plan["train"]["epochs"]) - warmup)
        rate = keras.optimizers.schedules.CosineDecay(**start, decay_steps=decay, alpha=schedule["end"], warmup_steps=warmup)
    return registry.build(OPTIMIZERS, section, name, learning_rate=rate, **options)


def compile_colorizer(colorizer: Colorizer, plan: dict, steps: int, training_metrics: bool) -> None:
    """Gives a colorizer what a recipe trains it with: optimizers, loss, metrics, and how it plays against a discriminator.

    Args:
        colorizer: of this recipe.
        plan: the recipe.
        steps: of an epoch.
        training_metrics: whether metrics are measured while it trains, too, which costs time.
    """
    name, options = named(plan["loss"]) if "loss" in plan else (None, {})
    loss = losses.get(name, **options) if name else None
    metrics = {"metrics": plan["train"]["metrics"], "training_metrics": training_metrics}
    duel = {}
    if "adversarial" in plan:
        duel = {key: value for key, value in plan["adversarial"].items() if key != "enough"}
        own_steps = steps / plan["adversarial"]["hold_out"]  # its schedule goes by the steps that it takes
        duel["discriminator_optimizer"] = build_optimizer(plan, own_steps, "discriminator_optimizer")
    jit = plan["train"].get("jit_compile", "auto")
    colorizer.compile(build_optimizer(plan, steps), loss, **metrics, **duel, jit_compile=jit)
    colorizer.optimizer.build(colorizer.trainable_variables)  # so that there is something to save before the first step
