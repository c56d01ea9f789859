"""LPIPS against an implementation in plain numpy, on the real weights."""

import json

import keras
import numpy as np
import pytest
import skimage
from helpers.weights import LPIPS_LINEAR, VGG16, needs_lpips
from keras import ops

from kcolor import metrics
from kcolor.metrics.lpips import LPIPS, STAGES, LPIPSDistance, distance_of_features, load_linear, lpips


@pytest.fixture(scope="module")
def pictures():
    """Two parts of a photograph, 32×48, and two results: noisy, and grey."""
    photo = skimage.data.astronaut()
    truth = np.stack([photo[y : y + 64 : 2, x : x + 96 : 2] for y, x in ((60, 200), (300, 330))]).astype("float32") / 255
    noisy = np.clip(truth[0] + np.random.default_rng(0).normal(0, 0.1, truth[0].shape), 0, 1)
    return truth, np.stack([noisy, np.repeat(truth[1].mean(axis=-1, keepdims=True), 3, axis=-1)]).astype("float32")


@pytest.fixture(scope="module")
def metric():
    return LPIPS(VGG16, LPIPS_LINEAR)


def plain_lpips(truth, result):
    """Of two pictures, step by step as the paper has it: convolutions as sums over the nine neighbours."""
    with np.load(VGG16) as vgg, np.load(LPIPS_LINEAR) as linear:
        maps = [(p.astype("float32") - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225) for p in (truth, result)]
        total = 0.0
        for block, convolutions in enumerate((2, 2, 3, 3, 3), start=1):
            if block > 1:
                maps = [m.reshape(m.shape[0] // 2, 2, m.shape[1] // 2, 2, -1).max(axis=(1, 3)) for m in maps]
            for i in range(1, convolutions + 1):
                kernel = vgg[f"block{block}_conv{i}/kernel"].astype("float32")
                maps = [plain_convolution(m, kernel) + vgg[f"block{block}_conv{i}/bias"] for m in maps]
                maps = [np.maximum(m, 0) for m in maps]
            units = [m / (np.linalg.norm(m, axis=-1, keepdims=True) + 1e-10) for m in maps]
            total += ((units[0] - units[1]) ** 2 @ linear[f"stage{block}"]).mean()
    return total


def plain_convolution(picture, kernel):
    height, width, _ = picture.shape
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
    return sum(padded[y : y + height, x : x + width] @ kernel[y, x] for y in range(3) for x in range(3))


@needs_lpips
def test_against_plain_numpy_each_by_its_weight_and_both(metric, pictures):
    expected = [plain_lpips(t, r) for t, r in zip(*pictures, strict=True)]
    assert min(expected) > 0.05
    for picture, distance in enumerate(expected):
        metric.reset_state()
        metric.update_state(*pictures, sample_weight=np.eye(2, dtype="float32")[picture])
        np.testing.assert_allclose(float(metric.result()), distance, rtol=1e-4)
    metric.reset_state()
    np.testing.assert_allclose(float(metric(*pictures)), np.mean(expected), rtol=1e-4)


@pytest.mark.slow
@needs_lpips
def test_equal_pictures_are_not_apart_and_more_noise_is_further(metric, pictures):
    truth, _ = pictures
    noise = np.random.default_rng(1).normal(0, 1, truth.shape)

    def distance(sigma):
        metric.reset_state()
        return float(metric(truth, np.clip(truth + sigma * noise, 0, 1).astype("float32")))

    assert distance(0) == 0
    assert 0.001 < distance(0.02) < distance(0.1) < distance(0.3) < 2


@pytest.mark.slow
@needs_lpips
def test_round_trip(metric, pictures):
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    loaded = keras.saving.deserialize_keras_object(saved)
    assert type(loaded) is LPIPS
    assert loaded.get_config() == metric.get_config()
    metric.reset_state()
    np.testing.assert_allclose(float(loaded(*pictures)), float(metric(*pictures)), rtol=1e-6)


@pytest.mark.slow
@needs_lpips
def test_in_a_model_it_is_neither_trained_nor_saved_with_it(pictures):
    metric = metrics.get("lpips", weights=VGG16, linear=LPIPS_LINEAR)
    truth, result = pictures
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.Dense(3, kernel_initializer="identity")(inputs))
    model.compile(loss="mse", metrics=[metric])
    got = model.evaluate(result, truth, return_dict=True, verbose=0)
    metric.reset_state()
    np.testing.assert_allclose(got["lpips"], float(metric(truth, result)), rtol=1e-3)
    assert len(metric.variables) == 2  # total and count: nothing of VGG16
    assert model.count_params() == 12


@needs_lpips
def test_pictures_that_five_stages_halve_away_are_refused(metric):
    small = np.zeros((1, 15, 40, 3), "float32")
    with pytest.raises(ValueError, match=r"at least 16×16 pixels\. Received shapes: \(1, 15, 40, 3\)"):
        metric.update_state(small, small)


def test_the_sum_by_hand():
    # Two stages. First: unit vectors (0.6, 0.8) and (1, 0), squares 0.16 and 0.64. Second: nothing answers in the truth.
    maps = {0.0: [[3e-5, 4e-5], [0.0, 0.0]], 1.0: [[2.0, 0.0], [0.0, 5.0]]}

    def features(picture):
        return [ops.broadcast_to(ops.convert_to_tensor(m), (1, 2, 2, 2)) for m in maps[float(picture[0, 0, 0, 0])]]

    truth, result = np.zeros((1, 16, 16, 3), "float32"), np.ones((1, 16, 16, 3), "float32")
    linear = [np.array([1.0, 2.0]), np.array([4.0, 0.5])]
    distance = ops.convert_to_numpy(lpips(truth, result, features, linear))
    np.testing.assert_allclose(distance, [0.16 + 2 * 0.64 + 0.5], rtol=1e-5)


def test_features_of_one_picture_are_compared_with_many():
    features = [[ops.convert_to_tensor(np.random.default_rng(i).normal(size=(1, 4, 4, 2)), "float32")] for i in range(3)]
    linear = [np.array([1.0, 2.0])]
    photo = np.zeros((1, 16, 16, 3), "float32")
    for other in features:
        both = iter([features[0], other])
        expected = lpips(photo, photo, lambda _, both=both: next(both), linear)
        assert float(distance_of_features(features[0], other, linear)[0]) == float(expected[0])


@pytest.mark.slow
@needs_lpips
def test_a_distance_is_that_of_the_metric(metric, pictures):
    distance = LPIPSDistance(VGG16, LPIPS_LINEAR)
    truth, result = pictures
    apart = ops.convert_to_numpy(distance.from_truth(truth)(result))
    assert apart == pytest.approx(ops.convert_to_numpy(distance(truth, result)), rel=1e-5)
    metric.reset_state()
    assert apart.mean() == pytest.approx(float(metric(truth, result)), rel=1e-5)


@pytest.mark.parametrize("name", ["no such file.npz", "vgg16.h5", None])
def test_files_that_are_not_there_or_of_another_kind(name, tmp_path):
    (tmp_path / "vgg16.h5").touch()
    path = name and tmp_path / name
    with pytest.raises(ValueError, match=r"Expected `weights` as the path of an \.npz file\. Received: '.*'"):
        LPIPS(path, path)
    with pytest.raises(ValueError, match=r"Expected `linear` as the path of an \.npz file\. Received: '.*'"):
        load_linear(path)


def test_a_linear_file_that_lacks_an_array_or_has_another_shape(tmp_path):
    path, arrays = tmp_path / "linear.npz", {name: np.ones(channels, "float32") for name, channels in STAGES.items()}
    np.savez(path, **arrays)
    assert [len(weights) for weights in load_linear(path)] == [64, 128, 256, 512, 512]
    with pytest.raises(ValueError, match=r"Expected arrays .*block1_conv1/kernel.* Missing: \["):
        LPIPS(path, path)
    np.savez(path, **{**arrays, "stage5": np.ones(256)})
    with pytest.raises(ValueError, match=r"Expected arrays of shape .*\(256,\)\]"):
        load_linear(path)
    del arrays["stage2"]
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=r"Expected arrays .* Missing: \['stage2'\]"):
        load_linear(path)
