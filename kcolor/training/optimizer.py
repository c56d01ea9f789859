"""Builds optimizers and compiles a colorizer as a recipe says."""

import keras

from kcolor import losses
from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes.recipe import Recipe
from kcolor.recipes.registries import OPTIMIZERS
from kcolor.utils import registry


def build_optimizer(recipe: Recipe, steps: float, section: str = "optimizer") -> keras.optimizers.Optimizer:
    """An optimizer of a checked recipe, its learning rate on schedule over `steps` an epoch."""
    named, schedule = getattr(recipe, section), recipe.schedule
    options = dict(named.options)
    rate = options.pop("learning_rate", 1e-3)
    if schedule.name == "cosine":
        warmup = round(schedule.warmup * steps)
        start = {"initial_learning_rate": 0.0, "warmup_target": rate} if warmup else {"initial_learning_rate": rate}
        decay = max(1, round(steps * recipe.train.epochs) - warmup)
        rate = keras.optimizers.schedules.CosineDecay(**start, decay_steps=decay, alpha=schedule.end, warmup_steps=warmup)
    return registry.build(OPTIMIZERS, section, named.name, learning_rate=rate, **options)


def compile_colorizer(colorizer: Colorizer, recipe: Recipe, steps: int, training_metrics: bool) -> None:
    """Gives a colorizer what a recipe trains it with: optimizers, loss, metrics, and how it plays against a discriminator.

    Args:
        colorizer: of this recipe.
        recipe: the recipe.
        steps: of an epoch.
        training_metrics: whether metrics are measured while it trains, too, which costs time.
    """
    loss = None if recipe.loss is None else losses.get(recipe.loss.name, **recipe.loss.options)
    metrics = {"metrics": recipe.train.metrics, "training_metrics": training_metrics}
    duel = {}
    if recipe.adversarial is not None:
        duel = {key: value for key, value in recipe.adversarial.to_dict().items() if key != "stop_at_accuracy"}
        own_steps = steps / recipe.adversarial.discriminator_every  # its schedule goes by the steps that it takes
        duel["discriminator_optimizer"] = build_optimizer(recipe, own_steps, "discriminator_optimizer")
    jit = "auto" if recipe.train.jit_compile is None else recipe.train.jit_compile
    colorizer.compile(build_optimizer(recipe, steps), loss, **metrics, **duel, jit_compile=jit)
    colorizer.optimizer.build(colorizer.trainable_variables)  # so that there is something to save before the first step
