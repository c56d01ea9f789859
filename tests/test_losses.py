"""Losses: by hand, and the perceptual one against the same sums in numpy."""

import json
import math

import keras
import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops

from kcolor import backbones, losses
from kcolor.losses.perceptual import Perceptual


def number(x):
    return float(ops.convert_to_numpy(x))


def test_cross_entropy_of_hard_bins_by_hand():
    logits = np.log(np.float32([[[[0.7, 0.2, 0.1]], [[0.1, 0.1, 0.8]]]]))
    truth = np.int32([[[[0]], [[1]]]])
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(-(math.log(0.7) + math.log(0.1)) / 2, rel=1e-5)


def test_weighted_cross_entropy_by_hand():
    logits = np.log(np.float32([[[[0.7, 0.2, 0.1]], [[0.1, 0.1, 0.8]]]]))
    truth = np.int32([[[[0]], [[1]]]])
    weighted = losses.BinCrossEntropy(weights=[0.5, 3.0, 1.0])
    assert number(weighted(truth, logits)) == pytest.approx(-(0.5 * math.log(0.7) + 3 * math.log(0.1)) / 2, rel=1e-5)


def test_cross_entropy_of_soft_bins_by_hand():
    logits = np.log(np.float32([[0.7, 0.2, 0.1]]))
    truth = np.log(np.float32([[0.25, 0.75, 1e-13]]))
    expected = -(0.25 * math.log(0.7) + 0.75 * math.log(0.2))
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(expected, rel=1e-5)
    assert number(losses.BinCrossEntropy([1, 4, 9])(truth, logits)) == pytest.approx(4 * expected, rel=1e-5)


def test_cross_entropy_of_the_few_bins_that_have_a_share_by_hand():
    logits = np.log(np.float32([[0.7, 0.2, 0.1]]))
    truth = {"index": np.int32([[1, 0]]), "share": np.float32([[0.75, 0.25]])}
    expected = -(0.25 * math.log(0.7) + 0.75 * math.log(0.2))
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(expected, rel=1e-5)
    assert number(losses.BinCrossEntropy([1, 4, 9])(truth, logits)) == pytest.approx(4 * expected, rel=1e-5)


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5]])
def test_gradients_of_the_cross_entropy_by_hand(weights):
    """Hard truth and soft, in both ways of writing it: weight · (softmax - share)."""
    logits = np.float32([[1.0, -2.0, 0.5], [0.0, 30.0, -30.0]])
    softmax = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax /= softmax.sum(axis=1, keepdims=True)
    few = {"index": np.int32([[2, 0], [0, 1]]), "share": np.float32([[0.6, 0.4], [1, 0]])}
    dense = np.float32([[0.4, 0, 0.6], [1, 0, 0]])
    hard = np.float32([[0, 0, 1], [1, 0, 0]])
    weight = np.ones((2, 1)) if weights is None else np.float32([[0.5], [1.0]])
    for truth, share in [
        (np.int32([[2], [0]]), hard),
        (few, dense),
        (np.log(np.maximum(dense, 1e-13)), dense),
    ]:
        slope = gradient(lambda x, truth=truth: losses.bin_cross_entropy(truth, x * 1.0, weights), logits)
        assert slope == pytest.approx(weight * (softmax - share), abs=1e-5)


def test_cross_entropy_is_keras_s(rng):
    logits = rng.normal(size=(2, 4, 4, 7)).astype("float32")
    truth = rng.integers(0, 7, (2, 4, 4, 1))
    reference = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(number(reference(truth, logits)), rel=1e-5)


def test_cross_entropy_of_huge_half_precision_logits_is_finite():
    logits = np.float16([[60000, -60000]])
    assert number(losses.BinCrossEntropy()(np.int32([[1]]), logits)) == pytest.approx(120000, rel=0.01)


def test_adversarial_by_hand():
    ones, zeros = np.ones((1, 2), "float32"), np.zeros((1, 2), "float32")
    logits = np.float32([[2.0, -1.0]])
    sigmoid = [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(1))]
    bce, smooth = losses.Adversarial(), losses.Adversarial(label_smoothing=0.1)
    assert number(bce(ones, logits)) == pytest.approx(-sum(math.log(s) for s in sigmoid) / 2, rel=1e-5)
    assert number(bce(zeros, logits)) == pytest.approx(-sum(math.log(1 - s) for s in sigmoid) / 2, rel=1e-5)
    soft = -sum(0.9 * math.log(s) + 0.1 * math.log(1 - s) for s in sigmoid) / 2
    assert number(smooth(ones, logits)) == pytest.approx(soft, rel=1e-5)
    assert number(smooth(zeros, logits)) == pytest.approx(number(bce(zeros, logits)))
    squares = losses.Adversarial("least_squares")
    assert number(squares(ones, logits)) == pytest.approx((1 + 4) / 2)
    assert number(squares(zeros, logits)) == pytest.approx((4 + 1) / 2)
    assert number(losses.Adversarial("least_squares", label_smoothing=0.2)(ones, logits)) == pytest.approx((1.44 + 3.24) / 2)


def test_adversarial_does_not_overflow():
    assert number(losses.Adversarial()(np.ones((1, 1)), np.float32([[-1000.0]]))) == pytest.approx(1000)


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


@pytest.mark.parametrize("distance", ["mae", "mse"])
def test_perceptual_is_the_same_sum_in_numpy(shared, samples, distance):
    path = shared / "vgg16_notop_rgb.npz"
    truth = np.stack([samples["girl"][60:92, 100:132], samples["hats"][40:72, 40:72]]) / 255.0
    result = np.clip(truth + np.random.default_rng(0).normal(0, 0.1, truth.shape), 0, 1)
    loss = Perceptual(
        path, ("block1_conv2", "block2_conv2", "block3_conv3"), (1.0, 0.5, 0.25), pixel=2.0, distance=distance, reduction="none"
    )
    measure = np.abs if distance == "mae" else np.square
    expected = 2.0 * measure(result - truth).mean(axis=-1)
    for weight, a, b in zip((1.0, 0.5, 0.25), vgg_features(truth, path), vgg_features(result, path), strict=True):
        expected = expected + weight * measure(a - b).mean(axis=(1, 2, 3))[:, None, None]
    ours = ops.convert_to_numpy(loss(truth.astype("float32"), result.astype("float32")))
    assert ours.shape == (2, 32, 32)  # a value a pixel: stripes cannot be paid for with features
    assert ours == pytest.approx(expected, rel=2e-4)


def small_vgg():
    return backbones.build("vgg16", None)[0]


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


EXAMPLES = {
    "mse": {},
    "mae": {},
    "huber": {},  # Keras 3.15 forgets a `delta` of its Huber loss when it is saved
    "binary_crossentropy": {},
    "bin_cross_entropy": {"weights": [1.0, 2.0, 0.5]},
    "perceptual": {"weights": None, "layers": ("block1_conv2",), "pixel": 2.0},
    "adversarial": {"kind": "least_squares", "label_smoothing": 0.1},
}


@pytest.mark.parametrize("name", losses.LOSSES)
def test_every_loss_is_finite_serializable_and_refuses_unknown_options(name, rng):
    loss = losses.get(name, **EXAMPLES[name])
    truth, result = rng.uniform(size=(2, 2, 16, 16, 3)).astype("float32")
    if name == "bin_cross_entropy":
        truth = rng.integers(0, 3, (2, 16, 16, 1))
    assert np.isfinite(number(loss(truth, result)))
    text = json.dumps(keras.saving.serialize_keras_object(loss))
    again = keras.saving.deserialize_keras_object(json.loads(text))
    assert again.get_config() == loss.get_config()
    if name != "perceptual":  # of random weights each time
        assert number(again(truth, result)) == pytest.approx(number(loss(truth, result)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.get("ssim"), "Unknown loss. Expected one of .*'perceptual'"),
        (lambda: losses.BinCrossEntropy(weights=[-1.0]), "non-negative"),
        (lambda: losses.Adversarial("hinge"), r"Expected one of \('bce', 'least_squares'\)"),
        (lambda: losses.adversarial(1.0, np.zeros(2), "lsgan"), "Expected one of .*'lsgan'"),
        (lambda: losses.Adversarial(label_smoothing=1.0), r"in \[0, 1\)"),
        (lambda: Perceptual(None, distance="psnr"), "Unknown `distance`"),
        (lambda: Perceptual(None, layer_weights=(1,)), "one of `layer_weights` for each"),
        (lambda: Perceptual(None, ("block9_conv1",)), "Unknown layers.*block9_conv1"),
        (lambda: Perceptual("nowhere.npz"), "There is no file 'nowhere.npz'"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
