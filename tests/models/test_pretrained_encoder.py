"""Encoders of one's own, what of them learns, and which layers of a network are an encoder's."""

import keras
import numpy as np
import pytest
from helpers.backbones import Pyramid
from keras import layers, ops

import kcolor
from kcolor import backbones, models
from kcolor.models.pretrained_encoder import Encoder, find_encoder, freeze, freeze_norms

MOBILE = ("block_1_project_BN", "block_3_project_BN", "block_6_project_BN")


def numpy(x):
    return ops.convert_to_numpy(x)


def mobile():
    keras.utils.set_random_seed(0)
    return keras.applications.MobileNetV2((None, None, 3), alpha=0.35, include_top=False, weights=None)


def build(backbone=None, **options):
    backbone = Pyramid(channels=(4, 6)) if backbone is None else backbone
    return models.build("pretrained_unet", "lab", backbone=backbone, **{"preprocessing": "0..1", "filters": (4,), **options})


@pytest.mark.slow
def test_a_pyramid_is_an_encoder(tmp_path, blobs):
    network = build(output_stride=2, context=True, attention=1)
    assert [layer.name for layer in network.layers if layer.name.endswith("_skip")] == [
        "up4_skip"
    ]  # none above the first stage
    colorizer = kcolor.Colorizer(network, "lab", size=32)
    assert (colorizer.stride, colorizer.output_stride) == (8, 2)
    result = colorizer.colorize(blobs[0, :19, :27])
    colorizer.save(tmp_path / "it.keras")
    loaded = kcolor.load(tmp_path / "it.keras")
    assert np.array_equal(loaded.colorize(blobs[0, :19, :27]), result)
    assert [layer.name for layer in models.encoder_layers(loaded.network)] == ["backbone"]
    assert type(loaded.network.get_layer("backbone")).__name__ == "Functional"  # its class is not needed any more


@pytest.mark.slow
def test_layers_of_keras_applications_are_stages(rng):
    model = mobile()
    network = build(model, stages=MOBILE, preprocessing="tf", skip_filters=4)
    inner = keras.Model(model.inputs[0], [model.get_layer(name).output for name in MOBILE])
    seen = rng.random((1, 32, 64, 1), "float32")
    skips = keras.Model(network.inputs[0], network.get_layer("up4_narrow").input)
    assert np.allclose(numpy(skips(seen)), numpy(inner(2 * np.repeat(seen, 3, -1) - 1)[0]), atol=1e-5)
    assert network.output_shape == (None, None, None, 2)
    assert tuple(network(seen).shape) == (1, 32, 64, 2)


def test_it_is_frozen_or_its_last_stages_learn():
    def learning(**options):
        layer = build(**options).get_layer("backbone")
        return [path.rpartition("backbone/")[2] for path in (variable.path for variable in layer.trainable_variables)]

    assert learning() == []
    assert learning(trainable=True) == ["stem/kernel", "stem/bias", "stage0_conv/kernel", "stage1_conv/kernel"]
    assert learning(trainable=True, frozen_stages=1) == ["stage1_conv/kernel"]
    assert "stage1_norm/gamma" in learning(trainable=True, frozen_norms=False)


def test_an_encoder_is_found_and_attached():
    found = find_encoder(Pyramid(), "imagenet", None, "0..1")
    assert isinstance(found, Encoder)
    assert found.strides == (4, 8, 16)
    model, features, ends = found.attach(keras.Input((64, 32, 1)))
    assert [feature.shape[1:] for feature in features] == [(16, 8, 4), (8, 4, 6), (4, 2, 8)]
    freeze(model, ends, 2)
    freeze_norms(model)
    assert [layer.name for layer in model.layers if layer.trainable_weights] == ["stage2_conv"]
    assert find_encoder("squeezenet", None, None, None).strides == (2, 4, 8, 16)


def test_norms_inside_of_layers_are_frozen_too():
    inner = keras.Sequential([layers.Conv2D(2, 1), layers.BatchNormalization(name="deep")], name="block")
    picture = keras.Input((None, None, 3))
    x = layers.AveragePooling2D(2, name="half")(inner(picture))
    network = build(keras.Model(picture, x), stages=["half"], trainable=True)
    block = network.get_layer("backbone").get_layer("block")
    assert not block.get_layer("deep").trainable_weights
    assert len(block.trainable_weights) == 2


def test_an_encoder_of_ones_own_learns_slowly(blobs):
    colorizer = kcolor.Colorizer(build(trainable=True), "lab")
    before = [numpy(weight) for weight in colorizer.network.get_layer("backbone").weights]
    colorizer.compile(keras.optimizers.SGD(1e-2), encoder_rate=0.1, run_eagerly=keras.backend.backend() == "tensorflow")
    colorizer.train_on_batch(blobs)
    after = [numpy(weight) for weight in colorizer.network.get_layer("backbone").weights]
    moved = [not np.array_equal(one, other) for one, other in zip(before, after, strict=True)]
    assert moved == ["norm" not in weight.path for weight in colorizer.network.get_layer("backbone").weights]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: build(preprocessing=None), r"Expected `preprocessing` of a Keras model.*'0\.\.1'.*Received: None"),
        (lambda: build(weights="random"), "has its weights. Expected no `weights`. Received: 'random'"),
        (lambda: build("vgg16", weights=None), "are those of a Keras model; vgg16 has its own. Received: None and '0..1'"),
        (lambda: build(output_stride=8), "`output_stride` as a power of 2 below 8. Received: 8"),
        (
            lambda: build(Pyramid(sides=(32, 32))),
            r"built with \(None, None, 3\), or `size` as its own, \(32, 32\). Received: \(None, None\)",
        ),
        (lambda: models.encoder_layers(models.build("unet", "lab", filters=(4,))), "with a pretrained encoder.*Received: unet"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_preprocessing_may_be_none_at_all(rng):
    gray = rng.random((1, 2, 2, 1), "float32")
    assert np.array_equal(numpy(backbones.Preprocess("0..1")(gray)), np.repeat(gray, 3, -1))
