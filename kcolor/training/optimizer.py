"""Builds optimizers, and compiles a colorizer, as a recipe says."""

import inspect
from typing import Any

import keras

from kcolor import losses
from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes.recipe import Recipe
from kcolor.recipes.registries import OPTIMIZERS
from kcolor.utils import registry


def build_optimizer(recipe: Recipe, steps: float, section: str = "optimizer") -> keras.optimizers.Optimizer:
    """Builds an optimizer of a recipe, its learning rate on schedule.

    >>> from kcolor.training.optimizer import build_optimizer
    >>> build_optimizer(kcolor.recipes.load("bins-shapes"), steps=10).name
    'adam'

    Args:
        recipe: Recipe.
        steps: Number of steps that the optimizer takes in an epoch.
        section: "optimizer" or "discriminator_optimizer".
    """
    named, schedule = getattr(recipe, section), recipe.schedule
    options = dict(named.options)
    usual = inspect.signature(OPTIMIZERS[named.name]).parameters["learning_rate"].default
    rate = options.pop("learning_rate", usual)
    if schedule.name == "cosine":
        warmup = round(schedule.warmup * steps)
        start = {"initial_learning_rate": 0.0, "warmup_target": rate} if warmup else {"initial_learning_rate": rate}
        decay = max(1, round(steps * recipe.train.epochs) - warmup)
        rate = keras.optimizers.schedules.CosineDecay(**start, decay_steps=decay, alpha=schedule.end, warmup_steps=warmup)
    return registry.build(OPTIMIZERS, section, named.name, learning_rate=rate, **options)


def compile_colorizer(colorizer: Colorizer, recipe: Recipe, steps: int, training_metrics: bool) -> None:
    """Gives a colorizer what a recipe trains it with: optimizers, loss, metrics, and how a discriminator takes part.

    Args:
        colorizer: Colorizer of this recipe.
        recipe: Recipe.
        steps: Integer. Steps of an epoch.
        training_metrics: Bool. Whether metrics are measured while it trains, too, which costs time.
    """
    loss: str | keras.losses.Loss | None = None if recipe.loss is None else recipe.loss.name
    if recipe.loss is not None and recipe.loss.options:
        loss = losses.get(recipe.loss.name, **recipe.loss.options)
    options: dict[str, Any] = {"metrics": recipe.train.metrics, "training_metrics": training_metrics}
    options["encoder_rate"] = recipe.train.encoder_rate
    if recipe.adversarial is not None:
        options |= recipe.adversarial.to_dict()
        options.pop("stop_at_accuracy", None)
        own_steps = steps / recipe.adversarial.discriminator_every  # its schedule goes by the steps that it takes
        options["discriminator_optimizer"] = build_optimizer(recipe, own_steps, "discriminator_optimizer")
    jit = "auto" if recipe.train.jit_compile is None else recipe.train.jit_compile
    colorizer.compile(build_optimizer(recipe, steps), loss, **options, jit_compile=jit)
    colorizer.optimizer.build(colorizer.trainable_variables)  # so that there is something to save before the first step
