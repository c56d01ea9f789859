"""A generator's and its discriminator's optimizer as one, with steps worked out by hand."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy

from kcolor.colorizer.two_optimizers import Rivals, TwoOptimizers, unscaled


def sides(**options):
    """A generator's weight, its discriminator's, and an optimizer of both: rates 1 and 0.5."""
    ours, theirs = (keras.Variable(np.zeros((2,), "float32"), name=name) for name in ("ours", "theirs"))
    optimizer = Rivals(keras.optimizers.SGD(1.0), keras.optimizers.SGD(0.5), theirs=[theirs], **options)
    optimizer.build([ours, theirs])
    return ours, theirs, optimizer


def step(optimizer, ours, theirs):
    gradients = [keras.ops.ones((2,)), keras.ops.ones((2,))]
    optimizer.apply(gradients, [ours, theirs])
    return float(numpy(ours.value)[0]), float(numpy(theirs.value)[0])


def test_each_variable_follows_the_optimizer_of_its_side():
    ours, theirs, optimizer = sides()
    assert [step(optimizer, ours, theirs) for _ in range(2)] == [(-1.0, -0.5), (-2.0, -1.0)]


def test_the_discriminator_learns_in_one_of_several_steps():
    ours, theirs, optimizer = sides(discriminator_every=3)
    assert [step(optimizer, ours, theirs)[1] for _ in range(6)] == [0.0, 0.0, -0.5, -0.5, -0.5, -1.0]
    assert int(numpy(optimizer.iterations.value)) == 6
    assert int(numpy(optimizer.discriminator.iterations.value)) == 2


def test_setting_the_rate_scales_both():
    _, _, optimizer = sides()
    optimizer.learning_rate = 0.1
    rates = [float(numpy(one.learning_rate.value)) for one in (optimizer.generator, optimizer.discriminator)]
    assert rates == pytest.approx([0.1, 0.05])


def test_its_variables_are_those_of_both():
    _, _, optimizer = sides()
    held = {id(variable) for variable in optimizer.variables}
    assert {id(variable) for one in (optimizer.generator, optimizer.discriminator) for variable in one.variables} <= held


def test_it_comes_back_from_its_config():
    _, _, optimizer = sides(discriminator_every=2)
    again = Rivals.from_config(optimizer.get_config())
    assert again.discriminator_every == 2
    assert float(numpy(again.discriminator.learning_rate.value)) == 0.5


def test_a_wrong_number_of_steps_is_named():
    for wrong in (0, 1.5):
        with pytest.raises(ValueError, match="`discriminator_every` as a number of steps"):
            Rivals("sgd", "sgd", discriminator_every=wrong)


def test_optimizers_in_optimizers_are_found():
    """As Keras's callback `SwapEMAWeights` looks for them."""
    inner = Rivals("adam", "rmsprop")
    outer = Rivals(inner, "sgd")
    assert isinstance(outer, TwoOptimizers)
    assert outer.optimizers == [inner.generator, inner.discriminator, outer.discriminator]


def test_one_that_scales_its_loss_is_refused():
    assert isinstance(unscaled("adam"), keras.optimizers.Adam)
    for wrong in (keras.optimizers.SGD(loss_scale_factor=2.0), keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD())):
        with pytest.raises(ValueError, match="the loss of both is scaled as one"):
            unscaled(wrong)
