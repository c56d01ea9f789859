"""Feature maps of a frozen network."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from kcolor import backbones


def numpy(x):
    return ops.convert_to_numpy(x)


def test_features_are_a_frozen_networks_answers(rng):
    names = ("block1_conv2", "block2_conv1")
    model, _ = backbones.build("vgg16", None)
    features = backbones.Features(model, names)
    rgb = rng.uniform(size=(1, 16, 16, 3)).astype("float32")
    answers = features(rgb)
    inner = keras.Model(model.inputs[0], [model.get_layer(name).output for name in names])
    assert [tuple(a.shape) for a in answers] == [(1, 16, 16, 64), (1, 8, 8, 128)]
    assert all(np.array_equal(numpy(a), numpy(b)) for a, b in zip(answers, inner(rgb), strict=True))
    assert len(model.trainable_weights) == 26  # a given model stays as its owner has it


@pytest.fixture
def tiny(monkeypatch):
    """A backbone of one convolution."""

    def build(include_top, weights, input_tensor):
        output = layers.Conv2D(2, 1, name="only")(input_tensor)
        return keras.Model(keras.utils.get_source_inputs(input_tensor), output)

    monkeypatch.setitem(backbones.BACKBONES, "tiny", backbones.Backbone(build, "tf", ("only",), 1))


@pytest.mark.usefixtures("tiny")
def test_a_network_of_its_own_is_frozen_and_computes_as_it_is_told(policy):
    policy("mixed_bfloat16")
    full = backbones.Features(None, ["only"], backbone="tiny")
    policy("float32")
    half = backbones.Features("random", ["only"], dtype="mixed_bfloat16", backbone="tiny")
    assert [one.model.get_layer("only").compute_dtype for one in (full, half)] == ["float32", "bfloat16"]
    assert keras.config.dtype_policy().name == "float32"
    assert full.model.trainable_weights == []
    (output,) = half(np.zeros((1, 2, 2, 3), "float32"))
    assert "float32" in str(output.dtype)


@pytest.mark.usefixtures("tiny")
def test_an_unknown_layer_is_told_what_there_is():
    with pytest.raises(ValueError, match=r"Unknown layers \['other'\]. Expected some of .*'only'"):
        backbones.Features(None, ["only", "other"], backbone="tiny")
