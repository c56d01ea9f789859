"""The perceptual loss against the same sums in numpy."""

import numpy as np
import pytest
from helpers.weights import VGG16, needs_vgg16
from keras import ops

from kcolor import backbones
from kcolor.losses.perceptual import Perceptual


def number(x):
    return float(ops.convert_to_numpy(x))


def relu_conv(x, kernel, bias):
    """3×3 convolution, 'same', and ReLU, in plain numpy: a sum over the nine shifts."""
    height, width = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifts = [padded[:, i : i + height, j : j + width] @ kernel[i, j] for i in range(3) for j in range(3)]
    return np.maximum(sum(shifts) + bias, 0)


def pool(x):
    return x.reshape(x.shape[0], x.shape[1] // 2, 2, x.shape[2] // 2, 2, x.shape[3]).max(axis=(2, 4))


def vgg_features(rgb, path):
    """relu1_2, 2_2, 3_3 of VGG16, in numpy."""
    with np.load(path) as arrays:
        x = (rgb - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
        answers = []
        for block, count in ((1, 2), (2, 2), (3, 3)):
            for layer in range(1, count + 1):
                name = f"block{block}_conv{layer}"
                x = relu_conv(x, arrays[f"{name}/kernel"].astype("float64"), arrays[f"{name}/bias"])
            answers.append(x)
            x = pool(x)
    return answers


@needs_vgg16
@pytest.mark.parametrize("distance", ["mae", "mse"])
def test_perceptual_is_the_same_sum_in_numpy(samples, distance):
    truth = np.stack([samples["girl"][60:92, 100:132], samples["hats"][40:72, 40:72]]) / 255.0
    result = np.clip(truth + np.random.default_rng(0).normal(0, 0.1, truth.shape), 0, 1)
    loss = Perceptual(
        VGG16,
        ("block1_conv2", "block2_conv2", "block3_conv3"),
        (1.0, 0.5, 0.25),
        pixel=2.0,
        distance=distance,
        reduction="none",
    )
    measure = np.abs if distance == "mae" else np.square
    expected = 2.0 * measure(result - truth).mean(axis=-1)
    for weight, a, b in zip((1.0, 0.5, 0.25), vgg_features(truth, VGG16), vgg_features(result, VGG16), strict=True):
        expected = expected + weight * measure(a - b).mean(axis=(1, 2, 3))[:, None, None]
    ours = ops.convert_to_numpy(loss(truth.astype("float32"), result.astype("float32")))
    assert ours.shape == (2, 32, 32)  # a value a pixel: stripes cannot be paid for with features
    assert ours == pytest.approx(expected, rel=2e-4)


def small_vgg():
    return backbones.build("vgg16", None)[0]


@pytest.mark.slow
def test_perceptual_of_a_given_model_is_frozen_and_float32(policy, rng):
    policy("mixed_bfloat16")
    loss = Perceptual(None, ("block1_conv2",))
    assert loss.features.model.trainable_weights == []
    assert loss.features.model.get_layer("block1_conv2").compute_dtype == "float32"
    asked = Perceptual(None, ("block1_conv2",), dtype_policy="mixed_bfloat16")
    assert asked.features.model.get_layer("block1_conv2").compute_dtype == "bfloat16"
    truth, result = rng.uniform(size=(2, 1, 16, 16, 3)).astype("float32")
    assert "float32" in str(asked(truth, result).dtype)
    given = Perceptual(small_vgg(), ("block1_conv2",))
    assert number(given(truth, truth)) == 0
    assert number(given(truth, result)) > 0
    with pytest.raises(ValueError, match="given model cannot be serialized"):
        given.get_config()
