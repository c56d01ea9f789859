"""Stages and strides of a model of one's own."""

import keras
import numpy as np
import pytest
from helpers.backbones import Pyramid
from keras import layers, ops

from kcolor.backbones import own_stages


@pytest.mark.parametrize(("stem", "strides"), [(2, (2, 4, 8)), (4, (4, 8, 16))])
def test_pyramid_outputs_are_stages(stem, strides, rng):
    model = Pyramid(stem=stem)
    copy, found = own_stages(model)
    assert found == strides
    picture = rng.random((1, 64, 64, 3), "float32")
    outputs = copy(picture)
    assert [tuple(output.shape[1:3]) for output in outputs] == [(64 // stride,) * 2 for stride in strides]
    assert np.array_equal(ops.convert_to_numpy(outputs[-1]), ops.convert_to_numpy(model(picture)))


def test_some_of_the_pyramid_or_some_layers():
    assert own_stages(Pyramid(), ["P2", "P4"])[1] == (4, 16)
    assert own_stages(Pyramid(sides=(64, 96)), ["stem", "stage2_norm"])[1] == (4, 16)


def test_names_say_nothing_of_the_order():
    model = Pyramid()
    model.pyramid_outputs = {"stem": model.pyramid_outputs["P4"], "last": model.pyramid_outputs["P2"]}
    copy, strides = own_stages(model)
    assert strides == (4, 16)
    assert [output.shape[-1] for output in copy.outputs] == [4, 8]


def test_the_model_itself_stays_as_it_is():
    model = Pyramid()
    copy, _ = own_stages(model)
    copy.trainable = False
    copy.set_weights([0 * weight for weight in copy.get_weights()])
    assert model.trainable_weights
    assert np.abs(model.get_layer("stem").get_weights()[0]).max() > 0


def odd():
    picture = keras.Input((None, None, 3))
    return keras.Model(picture, layers.Conv2D(2, 3, strides=2, padding="valid", name="only")(picture))


@keras.saving.register_keras_serializable("tests")
class Forgetful(layers.Layer):
    """A layer whose config lacks what it is made of."""

    def __init__(self, pool, **kwargs):
        super().__init__(**kwargs)
        self.pool = pool

    def call(self, x):
        return self.pool(x)

    def compute_output_shape(self, shape):
        return self.pool.compute_output_shape(shape)


def forgetful():
    picture = keras.Input((None, None, 3))
    return keras.Model(picture, Forgetful(layers.AveragePooling2D(2), name="only")(picture))


def gray():
    picture = keras.Input((None, None, 1))
    return keras.Model(picture, layers.Conv2D(2, 3, name="only")(picture))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: own_stages("vgg16"), "Expected `backbone` as a name or a functional Keras model.*Received: 'vgg16'"),
        (lambda: own_stages(gray()), r"RGB pictures.*Received: one of \(None, None, None, 1\)"),
        (lambda: own_stages(odd()), "Expected `stages`, names.* no `pyramid_outputs`"),
        (lambda: own_stages(odd(), ["only", "other"]), r"Unknown `stages` \['other'\]. Expected some of .*'only'"),
        (lambda: own_stages(odd(), ["only"]), r"Received: only with \(None, 127, 127, 2\), of a picture of 256×256"),
        (lambda: own_stages(forgetful(), ["only"]), "made again from their configs"),
        (lambda: own_stages(Pyramid(), ["P3", "P2"]), r"fine to coarse.*Received: strides \(8, 4\)"),
        (lambda: own_stages(Pyramid(), ["P3", "stage1_norm"]), r"a resolution of its own. Received: strides \(8, 8\)"),
        (lambda: own_stages(Pyramid(), []), r"Expected at least one of `stages`. Received: \[\]"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
