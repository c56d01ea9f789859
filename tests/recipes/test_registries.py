"""Optimizers by name."""

import keras

from kcolor.recipes import registries


def test_optimizers_are_keras_own():
    assert all(issubclass(optimizer, keras.optimizers.Optimizer) for optimizer in registries.OPTIMIZERS.values())
