"""Optimizers and discriminators by name."""

import keras

from kcolor import models
from kcolor.recipes import registries


def test_optimizers_are_keras_own():
    assert all(issubclass(optimizer, keras.optimizers.Optimizer) for optimizer in registries.OPTIMIZERS.values())


def test_discriminators_are_the_models_without_a_target():
    assert set(registries.DISCRIMINATORS) == set(models.MODELS) - set(models.NETWORKS)
