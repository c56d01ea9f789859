"""State that Keras does not see."""

import keras

from kcolor.utils.untracked import Untracked


def test_what_is_kept_apart_is_no_part_of_the_model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    other = keras.Sequential([keras.Input((2,)), keras.layers.Dense(5)])
    model.kept = Untracked(other=other, metrics=[keras.metrics.Mean()])
    assert model.kept.other is other
    assert len(model.weights) == 2
    assert model.metrics == []
