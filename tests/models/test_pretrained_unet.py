"""A pretrained encoder: frozen or not, its stages, and its weights."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.counting import conv, weights
from helpers.weights import VGG16, needs_vgg16
from keras import ops

from kcolor import backbones, models
from kcolor.backbones.squeezenet import squeezenet
from kcolor.utils.precision import on_cpu, policy


def test_encoder_is_frozen_or_not():
    frozen, free = (
        models.build("pretrained_unet", "lab", weights=None, filters=(8,), trainable=trainable) for trainable in (False, True)
    )
    vgg = sum(conv(3, i, o) for i, o in zip((3, 64, 64, 128, 128), (64, 64, 128, 128, 256), strict=True))
    vgg += 2 * conv(3, 256, 256) + conv(3, 256, 512) + 5 * conv(3, 512, 512)
    assert weights(free) - weights(frozen) == vgg == 14_714_688


@pytest.mark.parametrize(("stages", "free"), [(0, 13), (1, 11), (3, 6), (4, 3)])
def test_the_last_stages_of_an_encoder_may_learn_alone(stages, free):
    network = models.build("pretrained_unet", "lab", weights=None, filters=(8,), trainable=True, frozen_stages=stages)
    learning = [layer.name for layer in network.layers if layer.name.startswith("block") and layer.trainable_weights]
    names = [f"block{block}_conv{n}" for block in range(1, 6) for n in range(1, 3 if block < 3 else 4)]
    assert learning == names[len(names) - free :]


def learning_norms(**options):
    """Names of the encoder's batch norms that learn; the last two stages are free to."""
    network = models.build(
        "pretrained_unet", "lab", backbone="mobilenet_v2", filters=(4,), trainable=True, frozen_stages=3, **options
    )
    assert network.get_layer("up16_norm1").trainable_weights
    assert network.get_layer("Conv_1").trainable_weights
    norms = [layer for layer in models.encoder_layers(network) if isinstance(layer, keras.layers.BatchNormalization)]
    return [layer.name for layer in norms if layer.trainable]


@pytest.mark.slow
def test_batch_norms_stay_as_they_were_trained(tmp_path):
    backbones.build("mobilenet_v2", None)[0].save_weights(tmp_path / "pretrained.weights.h5")
    assert learning_norms(weights=tmp_path / "pretrained.weights.h5") == []
    assert "block_13_expand_BN" not in learning_norms(weights="random", frozen_norms=True)
    assert learning_norms(weights="random")[-1] == "Conv_1_bn"
    assert learning_norms(weights=tmp_path / "pretrained.weights.h5", frozen_norms=False)[-1] == "Conv_1_bn"


def test_random_weights_have_a_name_for_recipes():
    network = models.build("pretrained_unet", "lab", backbone="squeezenet", weights="random", filters=(4,), trainable=True)
    assert np.abs(ops.convert_to_numpy(network.get_layer("conv1").kernel)).max() > 0


def test_the_encoder_may_have_a_precision_of_its_own():
    with policy("mixed_bfloat16"):
        network = models.build(
            "pretrained_unet", "lab", backbone="squeezenet", weights=None, filters=(4,), encoder_precision="float32"
        )
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    assert {layer.compute_dtype for layer in models.encoder_layers(network)} == {"float32"}
    assert network.get_layer("up8_conv1").compute_dtype == "bfloat16"
    with policy("mixed_bfloat16"):
        auto = [
            models.build("pretrained_unet", "lab", backbone=name, weights=None, filters=(4,), encoder_precision="auto")
            for name in ("squeezenet", "efficientnet_lite0")
        ]
    first = [models.encoder_layers(network)[-1].compute_dtype for network in auto]
    assert first == ["bfloat16", "float32" if on_cpu() else "bfloat16"]  # of the two the second has depthwise convolutions
    with pytest.raises(ValueError, match="keeps its own precision"):
        models.build("pretrained_unet", "lab", backbone=network, encoder_precision="float32")


QUICK = ("vgg16", "squeezenet", "efficientnet_lite0")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in backbones.BACKBONES]
)
def test_every_backbone_has_its_stages(name):
    network = models.build("pretrained_unet", "lab", backbone=name, weights=None, filters=(4,), size=64)
    assert network.output_shape == (None, 64, 64, 2)
    assert weights(network) < 150_000  # the decoder's alone
    encoders = {layer.name for layer in models.encoder_layers(network)}
    assert {layer.name for layer in network.layers} - encoders == decoder_names(name)


def decoder_names(name):
    """Names of all layers of a network that are not its encoder's."""
    finest, stages = backbones.BACKBONES[name].stride, len(backbones.BACKBONES[name].stages)
    parts = ["double", *(f"{what}{step}" for what in ("conv", "norm", "act") for step in (1, 2))]
    names = {f"up{2**n}_{part}" for n in range((finest * 2 ** (stages - 1)).bit_length() - 1) for part in parts}
    skips = {f"up{finest * 2**stage}_skip" for stage in range(stages - 1)}
    return {"luma", "input_size", f"{name}_preprocess", "head", "raw"} | names | skips


@pytest.mark.slow
def test_a_view_of_the_whole_is_not_the_encoders():
    options = {"backbone": "squeezenet", "weights": None, "filters": (4,), "skip_filters": 4, "context": True}
    network = models.build("pretrained_unet", "lab", **options, attention=True)
    with_weights = [layer.name for layer in models.encoder_layers(network) if layer.weights]
    assert with_weights == [layer.name for layer in backbones.build("squeezenet", None)[0].layers if layer.weights]


@pytest.mark.slow
def test_skips_may_be_narrowed():
    plain, narrow = (
        models.build("pretrained_unet", "lab", weights=None, filters=(8,), output_stride=4, skip_filters=skips)
        for skips in (None, 4)
    )
    assert weights(plain) - weights(narrow) == 9 * 8 * (512 + 256 - 2 * 4) - (512 + 1) * 4 - (256 + 1) * 4


@pytest.mark.slow
def test_squeezenet_has_the_weights_of_its_file(shared):
    path = shared / "squeezenet11_notop.h5"
    network = models.build("pretrained_unet", "lab", backbone="squeezenet", weights=path, filters=(4,))
    h5py = pytest.importorskip("h5py", reason="Keras brings it")
    with h5py.File(path) as file:
        kernel = file["fire7/expand3x3/uniform19"][:]
    assert np.array_equal(ops.convert_to_numpy(network.get_layer("fire7_expand3x3").kernel), kernel)
    encoder, _ = backbones.build("squeezenet", path)
    assert sum(int(np.prod(w.shape)) for w in encoder.weights) == 722_496


def test_squeezenet_comes_without_weights_of_its_own():
    with pytest.raises(ValueError, match="Expected `weights` as a file"):
        squeezenet(weights="imagenet")


def test_answers_at_half_the_resolution():
    network = models.build("pretrained_unet", "lab", weights=None, filters=(4,), output_stride=2, size=(32, 64))
    assert network.output_shape == (None, 16, 32, 2)


@pytest.mark.slow
@needs_vgg16
def test_reads_a_weights_file():
    network = models.build("pretrained_unet", "lab", weights=VGG16, filters=(4,))
    with np.load(VGG16) as arrays:
        kernel = arrays["block3_conv2/kernel"].astype("float32")
    assert np.array_equal(ops.convert_to_numpy(network.get_layer("block3_conv2").kernel), kernel)
    assert network.get_layer("vgg16_preprocess").mode == "torch"


def test_without_a_network_it_says_what_to_do(monkeypatch):
    def fetch(*_, **__):
        raise Exception("URL fetch failure on https://…: None")  # as Keras does

    monkeypatch.setitem(backbones.BACKBONES, "vgg16", dataclasses.replace(backbones.BACKBONES["vgg16"], build=fetch))
    with pytest.raises(OSError, match="could not fetch the ImageNet weights of vgg16. Give a file"):
        models.build("pretrained_unet", "lab")


def test_refuses_a_file_that_does_not_fit(tmp_path):
    with pytest.raises(ValueError, match="There is no file"):
        models.build("pretrained_unet", "lab", weights=tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", **{"block1_conv1/kernel": np.zeros(3)})
    with pytest.raises(ValueError, match=r"Missing: \['block1_conv1/bias'\]"):
        models.build("pretrained_unet", "lab", weights=tmp_path / "other.npz")
    np.savez(tmp_path / "shape.npz", **{"block1_conv1/kernel": np.zeros(3), "block1_conv1/bias": np.zeros(64)})
    with pytest.raises(ValueError, match=r"shape \(3, 3, 3, 64\)"):
        models.build("pretrained_unet", "lab", weights=tmp_path / "shape.npz")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("pretrained_unet", "lab", backbone="alexnet"), "Unknown `backbone`.*vgg16"),
        (lambda: models.build("pretrained_unet", "lab", weights=None, output_stride=3), "power of 2 below 16"),
        (
            lambda: models.build("pretrained_unet", "lab", weights=None, trainable=True, frozen_stages=5),
            "Expected `frozen_stages` from 0 to 4, of 5 stages. Received: 5",
        ),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
