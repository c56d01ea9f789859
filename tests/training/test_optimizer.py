"""Optimizers as recipes say."""

import keras
import numpy as np
import pytest
from keras.optimizers.schedules import CosineDecay

from kcolor.colorizer.encoder_rate import EncoderRate
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


def test_an_encoder_with_a_rate_of_its_own():
    model = {"name": "pretrained_unet", "backbone": "squeezenet", "weights": "random", "filters": [4], "trainable": True}
    loaded = recipe.load({**SMALL, "model": model}, ["train.encoder_rate=0.1", "schedule.name=cosine"])
    colorizer = loaded.build_colorizer()
    optimizer.compile_colorizer(colorizer, loaded, steps=10, training_metrics=True)
    rates = colorizer.optimizer
    assert isinstance(rates, EncoderRate)
    assert isinstance(rates.decoder._learning_rate, CosineDecay)
    assert [float(one.learning_rate) for one in rates.optimizers] == pytest.approx([1e-3, 1e-4])
    assert len(rates.encoder._trainable_variables) == 2 * 25  # kernels and biases of SqueezeNet
    with pytest.raises(ValueError, match=r"Expected train.encoder_rate above 0 in recipe. Received: 0.0"):
        recipe.load(SMALL, ["train.encoder_rate=0"])


def test_the_cross_entropy_of_bins_by_its_name_is_the_targets_own():
    plan = {**SMALL, "target": {"name": "bins", "grid": 6, "rebalance": 0.5}, "loss": {"name": "bin_cross_entropy"}}
    loaded = recipe.load(plan)
    target = loaded.build_target().measure(np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), "uint8"))
    colorizer = loaded.build_colorizer(target)
    optimizer.compile_colorizer(colorizer, loaded, steps=1, training_metrics=False)
    assert np.array_equal(colorizer._compiled_with.loss.weights, target.loss().weights)
