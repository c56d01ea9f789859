"""The backbones that there are, their weights, and one of one's own."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from kcolor import backbones, models


def numpy(x):
    return ops.convert_to_numpy(x)


def test_load_npz_reads_what_a_model_has(tmp_path, rng):
    picture = keras.Input((None, None, 3))
    model = keras.Model(picture, layers.Conv2D(2, 1, name="only")(layers.ReLU()(picture)))
    kernel = rng.normal(size=(1, 1, 3, 2)).astype("float16")
    np.savez(tmp_path / "w.npz", **{"only/kernel": kernel, "only/bias": np.ones(2), "other/kernel": np.zeros(1)})
    backbones.load_npz(model, tmp_path / "w.npz")
    assert np.array_equal(numpy(model.get_layer("only").kernel), kernel.astype("float32"))


def test_a_backbone_of_ones_own(monkeypatch):
    """Adding one is one line in the dict."""

    def build(include_top, weights, input_tensor):
        x = layers.Conv2D(4, 3, padding="same", name="fine")(input_tensor)
        coarse = layers.Conv2D(8, 3, strides=2, padding="same", name="coarse")(x)
        return keras.Model(input_tensor._keras_history.operation.input, coarse)

    monkeypatch.setitem(backbones.BACKBONES, "tiny", backbones.Backbone(build, "tf", ("fine", "coarse"), 1))
    network = models.build("pretrained_unet", "lab", backbone="tiny", weights=None, filters=(4,))
    assert tuple(network(np.zeros((1, 6, 4, 1), "float32")).shape) == (1, 6, 4, 2)


def test_pictures_in_0_to_1_become_what_the_weights_expect():
    model, stages = backbones.build("squeezenet", None, keras.Input((32, 48, 1), name="luma"))
    assert model.get_layer("squeezenet_preprocess").mode == backbones.BACKBONES["squeezenet"].preprocessing == "caffe"
    assert [stage.shape[1:] for stage in stages] == [(16, 24, 64), (8, 12, 128), (4, 6, 256), (2, 3, 512)]
    assert model.inputs[0].name == "luma"


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"only/kernel": np.zeros((1, 1, 3, 2))}, r"Expected arrays \['only/kernel', 'only/bias'\].*Missing: \['only/bias'\]"),
        (
            {"only/kernel": np.zeros((3, 2)), "only/bias": np.zeros(2)},
            r"Expected only/kernel .*of shape \(1, 1, 3, 2\). Received: \(3, 2\)",
        ),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(tmp_path, arrays, message):
    picture = keras.Input((None, None, 3))
    model = keras.Model(picture, layers.Conv2D(2, 1, name="only")(picture))
    before = model.get_weights()
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(ValueError, match=message):
        backbones.load_npz(model, tmp_path / "w.npz")
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), before, strict=True))


def test_what_there_is_not():
    with pytest.raises(ValueError, match=r"Unknown `backbone`. Expected one of .*'vgg16'.* Received: 'alexnet'"):
        backbones.build("alexnet")
    with pytest.raises(ValueError, match=r'Expected `weights` as "imagenet", "random", None or a file.*nowhere.npz'):
        backbones.build("vgg16", "nowhere.npz")
