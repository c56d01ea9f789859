"""Optimizers as recipes say."""

import keras
import pytest

from kcolor.recipes import recipe
from kcolor.training import optimizer

SMALL = {
    "data": {"source": "shapes", "size": 32},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [4, 8]},
    "optimizer": {"name": "adam"},
}


def test_learning_rate_on_schedule():
    loaded = recipe.load(SMALL, ["schedule.name=cosine", "schedule.warmup=1", "schedule.end=0.1", "train.epochs=3"])
    rate = optimizer.build_optimizer(loaded, steps=10)._learning_rate
    assert [round(float(rate(step)), 6) for step in (0, 5, 10, 20, 30, 99)] == [0, 0.0005, 0.001, 0.00055, 0.0001, 0.0001]
    loaded = recipe.load(SMALL, ["optimizer.name=sgd", "optimizer.momentum=0.5", "optimizer.learning_rate=0.2"])
    built = optimizer.build_optimizer(loaded, steps=10)
    assert isinstance(built, keras.optimizers.SGD)
    assert float(built.learning_rate) == pytest.approx(0.2)
    assert built.momentum == 0.5


def test_what_both_sides_of_a_duel_are_trained_with():
    changes = [
        "model.complexity=4",
        "discriminator.size=32",
        "data.size=32",
        "adversarial.discriminator_every=5",
        "schedule.name=cosine",
    ]
    loaded = recipe.load("gan-landscapes", [*changes, "train.epochs=3"])
    colorizer = loaded.build_colorizer()
    optimizer.compile_colorizer(colorizer, loaded, steps=10, training_metrics=True)
    rivals = colorizer.optimizer
    one, other = rivals.generator._learning_rate, rivals.discriminator._learning_rate
    assert (one.decay_steps, other.decay_steps) == (30, 6)  # each by the steps that it takes
    assert rivals.discriminator_every == 5
    assert rivals.built
