"""Preprocessing: what keras.applications does, for RGB and grey."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import backbones
from kcolor.backbones.preprocess import copy_modes


def test_preprocessing_is_keras_applications(rng):
    rgb = rng.uniform(size=(1, 2, 2, 3)).astype("float32")
    for mode, name in [("caffe", "vgg16"), ("tf", "mobilenet_v2"), ("torch", "densenet")]:
        module = getattr(keras.applications, name)
        expected = module.preprocess_input(rgb * 255.0)
        assert ops.convert_to_numpy(backbones.Preprocess(mode)(rgb)) == pytest.approx(np.asarray(expected), abs=1e-3)


def test_preprocessing_makes_three_channels_of_grey():
    gray = np.full((1, 2, 2, 1), 0.5, "float32")
    assert ops.convert_to_numpy(backbones.Preprocess("tf")(gray)) == pytest.approx(np.zeros((1, 2, 2, 3)))


def test_half_precision_does_not_reach_the_means(policy):
    policy("mixed_float16")
    layer = backbones.Preprocess("caffe")
    assert "float32" in str(layer(np.ones((1, 2, 2, 3), "float32")).dtype)
    assert layer.compute_output_shape((None, 4, 6, 1)) == (None, 4, 6, 3)


def test_a_layer_can_be_saved():
    saved = keras.saving.serialize_keras_object(backbones.Preprocess("0..255", name="one"))
    assert saved["registered_name"] == "kcolor>Preprocess"
    again = keras.saving.deserialize_keras_object(saved)
    assert (again.mode, again.name) == ("0..255", "one")
    assert ops.convert_to_numpy(again(np.full((1, 1, 1, 3), 0.2, "float32"))) == pytest.approx(51)


def test_a_network_takes_over_how_another_one_prepares_pictures():
    def network(mode):
        picture = keras.Input((None, None, 3))
        return keras.Model(picture, backbones.Preprocess(mode, name="prepare")(picture))

    source, other = network("tf"), network("0..255")
    copy_modes(source, other)
    assert other.get_layer("prepare").mode == "tf"
    assert ops.convert_to_numpy(other(np.full((1, 1, 1, 3), 0.25, "float32"))) == pytest.approx(-0.5)


def test_an_unknown_mode_is_told_what_there_is():
    with pytest.raises(ValueError, match="Unknown preprocessing `mode`.*'caffe', 'torch', 'tf', '0..1', '0..255'.*'bgr'"):
        backbones.Preprocess("bgr")
