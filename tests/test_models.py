"""Builders: weights counted by hand, shapes, what a network refuses."""

import dataclasses
import math

import keras
import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops

from kcolor import backbones, models, targets
from kcolor.backbones.squeezenet import squeezenet


def weights(network):
    """Trainable parameters, counted from the variables."""
    return sum(math.prod(w.shape) for w in network.trainable_variables)


def conv(kernel, before, after, bias=True):
    return kernel * kernel * before * after + (after if bias else 0)


def norm(filters):
    return 2 * filters


class TestParameterCounts:
    """SYSTEMS: these must come out exactly."""

    def test_system_a_small(self):
        assert weights(models.build("unet", targets.get("bins", grid=18), filters=(8, 16, 32))) == 35_748
        assert weights(models.build("unet", targets.get("bins", grid=18), filters=(16, 32, 64))) == 135_684

    def test_system_a_large(self):
        assert weights(models.build("unet", targets.get("bins", grid=18))) == 2_166_852

    def test_system_a_regression_differs_in_its_head_alone(self):
        bins, ab = (weights(models.build("unet", t)) for t in (targets.get("bins", grid=18), targets.get("lab")))
        assert bins - ab == conv(1, 16, 324) - conv(1, 16, 2)

    def test_the_divider_divides_every_width(self):
        halved = models.build("unet", "lab", filters=(16, 32, 64), divider=2)
        assert weights(halved) == weights(models.build("unet", "lab", filters=(8, 16, 32)))

    @pytest.mark.parametrize(("complexity", "count"), [(16, 58_064), (46, 476_054), (72, 1_164_456)])
    def test_system_b_generator(self, complexity, count):
        assert weights(models.build("complexity_unet", "lab", complexity=complexity)) == count

    @pytest.mark.parametrize(("complexity", "count"), [(4, 264_341), (16, 1_081_937)])
    def test_system_b_discriminator(self, complexity, count):
        assert weights(models.build("complexity_discriminator", complexity=complexity, size=256)) == count

    def test_c1(self):
        by_hand = conv(3, 1, 3) + norm(3) + 6 * (conv(3, 3, 3) + norm(3)) + (3 * 2 + 2)
        assert weights(models.build("mean_regressor", "mean_ab")) == by_hand == 584

    def test_c2_and_c5(self):
        up = 4 * (conv(4, 3, 3) + norm(3)) + conv(4, 3, 2)
        plain = conv(3, 1, 3) + norm(3) + 4 * (conv(3, 3, 3) + norm(3)) + up
        guided = plain + conv(3, 2, 3, bias=False)  # two more planes for the first convolution
        assert weights(models.build("encoder_decoder", "lab")) == plain == 1_106
        assert weights(models.build("encoder_decoder", "lab", guide=True)) == guided

    def test_c6(self):
        down = [(1, 64), (64, 128), (128, 256), (256, 512)]
        up = [(512, 512), (512, 256), (256, 64)]
        by_hand = sum(conv(3, *io) + norm(io[1]) for io in down) + sum(conv(4, *io) + norm(io[1]) for io in up) + conv(4, 64, 2)
        wide = models.build("encoder_decoder", targets.get("lab", unit=True), down=(64, 128, 256, 512), up=(512, 256, 64))
        assert weights(wide) == by_hand == 8_109_890

    def test_pix2pix(self):
        f = (64, 128, 256, 512, 512, 512, 512, 512)
        down = conv(4, 1, 64) + sum(conv(4, f[i - 1], f[i], bias=False) + norm(f[i]) for i in range(1, 7)) + conv(4, 512, 512)
        inputs = (512, 1024, 1024, 1024, 1024, 512, 256)  # what came up, beside the skip
        up = sum(conv(4, i, o, bias=False) + norm(o) for i, o in zip(inputs, reversed(f[:-1]), strict=True)) + conv(4, 128, 2)
        assert weights(models.build("pix2pix_unet", "lab")) == down + up

    def test_patchgan(self):
        assert weights(models.build("patchgan")) == 2_765_633

    def test_system_e(self):
        network = models.build("autoencoder", targets.get("rgb"), input_channels=3)
        assert weights(network) == 4_911
        assert models.code_size(network) == 8 * 8 * 16


def test_system_e_grid_of_codes_is_read_from_the_graph():
    def code(**options):
        return models.code_size(models.build("autoencoder", "rgb", input_channels=3, **options))

    assert code(fewer_layers=True) == 16 * 16 * 16  # one pooling less: a larger code
    assert code(compression=1) == 32 * 32 * 16
    assert code(compression=4, channel_factor=8) == 2 * 2 * 32
    assert code(channel_factor=2) == 8 * 8 * 8


def test_system_e_original_stem_is_a_bottleneck():
    original = models.build("autoencoder", "rgb", stem_filters=1)
    assert original.get_layer("down1_conv").filters == 1
    assert models.build("autoencoder", "rgb").get_layer("down1_conv").filters == 8


def test_patchgan_gives_30_by_30_logits_that_each_see_70_pixels():
    network = models.build("patchgan", filters=4, size=256)
    assert network.output_shape == (None, 30, 30, 1)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 256, 256, 3))
    slope = gradient(lambda x: network(x)[0, 15, 15], picture)
    rows, columns = (np.flatnonzero(np.abs(slope).sum(axis=(0, 3)).sum(axis=axis)) for axis in (1, 0))
    assert rows[-1] - rows[0] + 1 == columns[-1] - columns[0] + 1 == 70


def test_patchgan_needs_no_logit_larger_than_a_picture():
    assert models.build("patchgan", filters=4, layers=1, size=64).output_shape == (None, 30, 30, 1)


def test_discriminators_answer_logits_in_float32(policy, rng):
    policy("mixed_bfloat16")
    picture = rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32")
    logit = models.build("complexity_discriminator", complexity=4, size=64)(picture)
    patches = models.build("patchgan", filters=4)(picture)
    assert tuple(logit.shape) == (2, 1)
    assert "float32" in str(logit.dtype)
    assert "float32" in str(patches.dtype)


def test_system_b_logit_is_divided_by_the_complexity():
    network = models.build("complexity_discriminator", complexity=4, size=16)
    inner = keras.Model(network.input, network.get_layer("logit_unscaled").output)
    picture = np.random.default_rng(0).uniform(-1, 1, (3, 16, 16, 3)).astype("float32")
    assert ops.convert_to_numpy(network(picture)) == pytest.approx(ops.convert_to_numpy(inner(picture)) / 4)


def test_pix2pix_starts_from_narrow_normals():
    kernels = [
        layer.kernel for layer in models.build("pix2pix_unet", "lab").layers if "conv" in layer.name or layer.name == "head"
    ]
    spread = np.concatenate([ops.convert_to_numpy(k).ravel()[:20000] for k in kernels]).std()
    assert spread == pytest.approx(0.02, rel=0.02)


def test_dropout_goes_to_the_levels_nearest_the_input():
    network = models.build("unet", "rgb", filters=(4, 8, 16), activation="leaky_relu", dropout=(0.2,))
    assert [layer.name for layer in network.layers if "dropout" in layer.name] == ["down0_dropout"]
    assert all(layer.activation is keras.activations.leaky_relu for layer in network.layers if "_act" in layer.name)


class TestPretrained:
    def test_encoder_is_frozen_or_not(self):
        frozen, free = (
            models.build("pretrained_unet", "lab", weights=None, filters=(8,), trainable=trainable)
            for trainable in (False, True)
        )
        vgg = sum(conv(3, i, o) for i, o in zip((3, 64, 64, 128, 128), (64, 64, 128, 128, 256), strict=True))
        vgg += 2 * conv(3, 256, 256) + conv(3, 256, 512) + 5 * conv(3, 512, 512)
        assert weights(free) - weights(frozen) == vgg == 14_714_688

    @pytest.mark.parametrize(("stages", "free"), [(0, 13), (1, 11), (3, 6), (4, 3)])
    def test_the_last_stages_of_an_encoder_may_learn_alone(self, stages, free):
        network = models.build("pretrained_unet", "lab", weights=None, filters=(8,), trainable=True, frozen_stages=stages)
        learning = [layer.name for layer in network.layers if layer.name.startswith("block") and layer.trainable_weights]
        names = [f"block{block}_conv{n}" for block in range(1, 6) for n in range(1, 3 if block < 3 else 4)]
        assert learning == names[len(names) - free :]

    def test_random_weights_have_a_name_for_recipes(self):
        network = models.build("pretrained_unet", "lab", backbone="squeezenet", weights="random", filters=(4,), trainable=True)
        assert np.abs(ops.convert_to_numpy(network.get_layer("conv1").kernel)).max() > 0

    @pytest.mark.parametrize("name", backbones.BACKBONES)
    def test_every_backbone_has_its_stages(self, name):
        network = models.build("pretrained_unet", "lab", backbone=name, weights=None, filters=(4,), size=64)
        assert network.output_shape == (None, 64, 64, 2)
        assert weights(network) < 150_000  # the decoder's alone

    def test_skips_may_be_narrowed(self):
        plain, narrow = (
            models.build("pretrained_unet", "lab", weights=None, filters=(8,), output_stride=4, skip_filters=skips)
            for skips in (None, 4)
        )
        assert weights(plain) - weights(narrow) == 9 * 8 * (512 + 256 - 2 * 4) - (512 + 1) * 4 - (256 + 1) * 4

    def test_squeezenet_has_the_weights_of_its_file(self, shared):
        path = shared / "squeezenet11_notop.h5"
        network = models.build("pretrained_unet", "lab", backbone="squeezenet", weights=path, filters=(4,))
        h5py = pytest.importorskip("h5py", reason="Keras brings it")
        with h5py.File(path) as file:
            kernel = file["fire7/expand3x3/uniform19"][:]
        assert np.array_equal(ops.convert_to_numpy(network.get_layer("fire7_expand3x3").kernel), kernel)
        encoder, _ = backbones.build("squeezenet", path)
        assert sum(int(np.prod(w.shape)) for w in encoder.weights) == 722_496

    def test_squeezenet_comes_without_weights_of_its_own(self):
        with pytest.raises(ValueError, match="Expected `weights` as a file"):
            squeezenet(weights="imagenet")

    def test_answers_at_half_the_resolution(self):
        network = models.build("pretrained_unet", "lab", weights=None, filters=(4,), output_stride=2, size=(32, 64))
        assert network.output_shape == (None, 16, 32, 2)

    def test_reads_a_weights_file(self, shared):
        network = models.build("pretrained_unet", "lab", weights=shared / "vgg16_notop_rgb.npz", filters=(4,))
        with np.load(shared / "vgg16_notop_rgb.npz") as arrays:
            kernel = arrays["block3_conv2/kernel"].astype("float32")
        assert np.array_equal(ops.convert_to_numpy(network.get_layer("block3_conv2").kernel), kernel)
        assert network.get_layer("vgg16_preprocess").mode == "torch"

    def test_without_a_network_it_says_what_to_do(self, monkeypatch):
        def fetch(*_, **__):
            raise Exception("URL fetch failure on https://…: None")  # as Keras does

        monkeypatch.setitem(backbones.BACKBONES, "vgg16", dataclasses.replace(backbones.BACKBONES["vgg16"], build=fetch))
        with pytest.raises(OSError, match="could not fetch the ImageNet weights of vgg16. Give a file"):
            models.build("pretrained_unet", "lab")

    def test_refuses_a_file_that_does_not_fit(self, tmp_path):
        with pytest.raises(ValueError, match="There is no file"):
            models.build("pretrained_unet", "lab", weights=tmp_path / "none.npz")
        np.savez(tmp_path / "other.npz", **{"block1_conv1/kernel": np.zeros(3)})
        with pytest.raises(ValueError, match=r"Missing: \['block1_conv1/bias'\]"):
            models.build("pretrained_unet", "lab", weights=tmp_path / "other.npz")
        np.savez(tmp_path / "shape.npz", **{"block1_conv1/kernel": np.zeros(3), "block1_conv1/bias": np.zeros(64)})
        with pytest.raises(ValueError, match=r"shape \(3, 3, 3, 64\)"):
            models.build("pretrained_unet", "lab", weights=tmp_path / "shape.npz")


def test_a_guide_is_seen():
    network = models.build("encoder_decoder", "lab", guide=True)
    luma = np.full((1, 32, 32, 1), 0.5, "float32")
    one, other = (network({"luma": luma, "guide": np.float32([g])}) for g in ([0.0, 0.0], [0.9, -0.9]))
    assert np.abs(ops.convert_to_numpy(one) - ops.convert_to_numpy(other)).max() > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("resnet", "lab"), "Unknown model. Expected one of .*'unet'.*'resnet'"),
        (lambda: models.build("unet", "lab", depth=3), "Unknown or missing option of the model 'unet'.*'depth'.*filters"),
        (lambda: models.build("unet"), "needs a target"),
        (lambda: models.build("patchgan", "lab"), "takes no target"),
        (lambda: models.build("unet", "hsv"), "Unknown target"),
        (lambda: models.build("unet", "lab", filters=(4, 8), divider=8), "at least one filter"),
        (lambda: models.build("unet", "lab", filters=8), "`filters` as a list"),
        (lambda: models.build("unet", "lab", size=(None, 64)), "None, a number or"),
        (lambda: models.build("unet", "lab", filters=(4, 8), size=9), "multiples of 2. Received: 9×9.*Colorizer"),
        (lambda: models.build("unet", "lab", size=8), "multiples of 16. Received: 8×8"),
        (lambda: models.build("mean_regressor", "lab"), "pooled target"),
        (lambda: models.build("encoder_decoder", "lab", up=(3,)), "`up` with 4 numbers"),
        (lambda: models.build("complexity_unet", "lab", complexity=0), "at least 1 filter"),
        (lambda: models.build("complexity_discriminator", size=100), "multiple of 8"),
        (lambda: models.build("patchgan", layers=0), "at least one layer"),
        (lambda: models.build("autoencoder", "rgb", input_channels=2), "1 input channel"),
        (lambda: models.build("pretrained_unet", "lab", backbone="alexnet"), "Unknown `backbone`.*vgg16"),
        (lambda: models.build("pretrained_unet", "lab", weights=None, output_stride=3), "power of 2 below 16"),
        (
            lambda: models.build("pretrained_unet", "lab", weights=None, trainable=True, frozen_stages=5),
            "Expected `frozen_stages` from 0 to 4, of 5 stages. Received: 5",
        ),
        (lambda: backbones.Preprocess("bgr"), "Unknown preprocessing"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_network_refuses_sizes_that_its_strides_do_not_allow():
    network = models.build("autoencoder", "rgb")
    with pytest.raises(ValueError, match="multiples of 4. Received: 30×32"):
        network(np.zeros((1, 30, 32, 1), "float32"))
