"""Builds optimizers and compiles a colorizer as a recipe says."""

import keras

from kcolor import losses
from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes.recipe import named
from kcolor.recipes.schema import OPTIMIZERS
from kcolor.utils import registry


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
        duel = {key: value for key, value in plan["adversarial"].items() if key != "stop_at_accuracy"}
        own_steps = steps / plan["adversarial"]["discriminator_every"]  # its schedule goes by the steps that it takes
        duel["discriminator_optimizer"] = build_optimizer(plan, own_steps, "discriminator_optimizer")
    jit = plan["train"].get("jit_compile", "auto")
    colorizer.compile(build_optimizer(plan, steps), loss, **metrics, **duel, jit_compile=jit)
    colorizer.optimizer.build(colorizer.trainable_variables)  # so that there is something to save before the first step
