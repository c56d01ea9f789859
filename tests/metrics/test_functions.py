"""Metrics against numbers worked out by hand and against scikit-image."""

import keras
import numpy as np
import pytest
import skimage
from keras import ops

from kcolor import bins, metrics
from kcolor.metrics.functions import check_variant

PAIRED = [
    "mse",
    "rmse",
    "psnr",
    "ssim",
    "ab_rmse",
    "ab_distance",
    "ciede2000",
    "colorfulness_difference",
    "pixel_accuracy",
    "color_drift",
]


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def flat(value, height=12, width=12):
    """One picture of one colour."""
    return np.full((1, height, width, 3), value, "float32")


def of_lab(*colors):
    """A picture of one row, a pixel a colour, with L 60."""
    lab = np.array([[(60, a, b) for a, b in colors]], "float64")
    return skimage.color.lab2rgb(lab)[None].astype("float32")


def test_errors_by_hand():
    truth, result = np.concatenate([flat(0.5)] * 3), np.concatenate([flat(0.6), flat(0.51), flat(0.5)])
    np.testing.assert_allclose(numpy(metrics.mse(truth, result)), [0.01, 0.0001, 0], rtol=1e-4)
    np.testing.assert_allclose(numpy(metrics.rmse(truth, result)), [0.1, 0.01, 0], rtol=1e-4)
    np.testing.assert_allclose(numpy(metrics.psnr(truth, result)), [20, 40, 100], rtol=1e-4)


def test_psnr_is_that_of_scikit_image(pictures):
    expected = [skimage.metrics.peak_signal_noise_ratio(t, r, data_range=1) for t, r in zip(*pictures, strict=True)]
    np.testing.assert_allclose(numpy(metrics.psnr(*pictures)), expected, atol=1e-4)


def reference_ssim(truth, result):
    options = {"channel_axis": -1, "data_range": 1, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    pairs = zip(truth.astype("float64"), result.astype("float64"), strict=True)
    return np.array([skimage.metrics.structural_similarity(t, r, **options) for t, r in pairs])


def test_ssim_is_that_of_scikit_image(pictures):
    expected = reference_ssim(*pictures)
    assert expected[0] < 0.8  # not all alike
    np.testing.assert_allclose(numpy(metrics.ssim(*pictures)), expected, atol=2e-6)


def test_ssim_of_nearly_flat_pictures_keeps_its_digits():
    noise = np.random.default_rng(1).normal(0, 0.003, (2, 2, 24, 30, 3))
    truth, result = (np.array([0.03, 0.95]).reshape(2, 1, 1, 1) + noise).astype("float32")
    truth, result = np.stack([truth, result])
    np.testing.assert_allclose(numpy(metrics.ssim(truth, result)), reference_ssim(truth, result), atol=1e-4)


def test_ssim_by_hand():
    # Flat pictures have neither variance nor covariance: what remains is (2xy + C1) / (x² + y² + C1).
    expected = (2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4)
    np.testing.assert_allclose(numpy(metrics.ssim(flat(0.5, 11, 11), flat(0.25, 11, 11))), [expected], atol=1e-5)


@pytest.mark.parametrize("size", [(10, 20), (20, 10)])
def test_ssim_refuses_pictures_below_its_window(size):
    with pytest.raises(ValueError, match=r"Expected pictures of at least 11×11 pixels\. Received shapes: \(1, [12]0"):
        metrics.ssim(flat(0.5, *size), flat(0.5, *size))


def test_ab_by_hand():
    truth, result = of_lab((0, 0), (10, -10)), of_lab((3, 4), (4, -18))  # 5 and 10 apart
    np.testing.assert_allclose(numpy(metrics.ab_distance(truth, result)), [7.5], atol=2e-3)
    np.testing.assert_allclose(numpy(metrics.ab_rmse(truth, result)), [np.sqrt((25 + 100) / 2)], atol=2e-3)


def test_ab_mse_is_the_square_of_ab_rmse():
    truth, result = np.random.default_rng(5).uniform(size=(2, 2, 8, 8, 3)).astype("float32")
    assert numpy(metrics.ab_mse(truth, result)) == pytest.approx(numpy(metrics.ab_rmse(truth, result)) ** 2, rel=1e-5)


def test_ciede2000_is_that_of_scikit_image(pictures):
    labs = [skimage.color.rgb2lab(p.astype("float64")) for p in pictures]
    expected = skimage.color.deltaE_ciede2000(*labs).mean(axis=(1, 2))
    np.testing.assert_allclose(numpy(metrics.ciede2000(*pictures)), expected, atol=1e-3)


def reference_colorfulness(picture, absolute):
    red, green, blue = np.moveaxis(picture.astype("float64") * 255, -1, 0)
    rg, yb = red - green, (red + green) / 2 - blue
    if absolute:
        rg, yb = abs(rg), abs(yb)
    return np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())


@pytest.mark.parametrize("variant", ["signed", "absolute"])
def test_colorfulness_is_the_formula(pictures, variant):
    expected = [[reference_colorfulness(p, variant == "absolute") for p in batch] for batch in pictures]
    for batch, values in zip(pictures, expected, strict=True):
        np.testing.assert_allclose(numpy(metrics.colorfulness(batch, variant)), values, atol=1e-3)
    assert expected[1][1] == 0  # grey
    difference = numpy(metrics.colorfulness_difference(*pictures, variant=variant))
    np.testing.assert_allclose(difference, np.abs(np.subtract(*expected)), atol=1e-3)


def test_colorfulness_by_hand():
    # Half red, half green: rg = ±255, yb = 127.5.
    picture = np.array([[[(1, 0, 0), (0, 1, 0)]]], "float32")
    np.testing.assert_allclose(numpy(metrics.colorfulness(picture)), [255 + 0.3 * 127.5], rtol=1e-5)
    np.testing.assert_allclose(numpy(metrics.colorfulness(picture, "absolute")), [0.3 * np.hypot(255, 127.5)], rtol=1e-5)


def test_pixel_accuracy_by_hand():
    right = [(0, 0, 0), (0.13, 0.1, 0), (-0.13, 0, 0.1)]
    wrong = [(0.15, 0, 0), (0, -0.15, 0), (0.13, 0.12, 0), (0.1, 0.1, -0.1), (0.7, 0.7, 0.7)]
    result = 0.3 + np.array([[right + wrong]], "float32")
    np.testing.assert_allclose(numpy(metrics.pixel_accuracy(flat(0.3, 1, 8), result)), [3 / 8])


def test_bin_accuracy_by_hand():
    truth, result = of_lab((0, 0), (12, 0), (0, 31), (0, 31)), of_lab((4, -4), (18, 0), (4, 28), (-6, 30))
    # Cells of 10 around (0, 0), (10, 0), … : same, (10, 0) and (20, 0), same, (0, 30) and (-10, 30).
    np.testing.assert_allclose(numpy(metrics.bin_accuracy(truth, result, bins.gamut_grid())), [0.5])


def test_decibels_by_hand():
    assert numpy(metrics.decibels(ops.convert_to_tensor([1.0, 0.01, 1e-12]))) == pytest.approx([0, 20, 100])


def test_decibels_of_numpy_keep_its_precision():
    values = metrics.decibels(np.array([1.0, 0.01, 1e-12, 1 / 3]))
    assert values.dtype == "float64"
    assert values == pytest.approx([0, 20, 100, 10 * np.log10(3)], abs=1e-13)


@pytest.mark.parametrize("name", PAIRED)
def test_float16_and_uint8_are_computed_in_float32(name, pictures):
    figure = vars(metrics)[name]
    half = [p.astype("float16") for p in pictures]
    expected = figure(*(p.astype("float32") for p in half))
    got = figure(*half)
    assert keras.backend.standardize_dtype(got.dtype) == "float32"
    np.testing.assert_array_equal(numpy(got), numpy(expected))
    levels = [np.rint(p * 255).astype("uint8") for p in pictures]
    expected = figure(*(p.astype("float32") / 255 for p in levels))
    np.testing.assert_allclose(numpy(figure(*levels)), numpy(expected), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PAIRED)
def test_wrong_shapes_are_refused(name):
    figure, good = vars(metrics)[name], flat(0.5)
    for bad in (good[0], good[..., :1], good[..., None]):
        with pytest.raises(ValueError, match=r"Expected truth of shape \(batch, height, width, 3\)\. Received shape: \("):
            figure(bad, good)
        with pytest.raises(ValueError, match=r"Expected result of shape \(batch, height, width, 3\)\. Received shape: \("):
            figure(good, bad)
    with pytest.raises(ValueError, match=r"same shape\. Received shapes: \(1, 12, 12, 3\) and \(1, 12, 13, 3\)"):
        figure(good, flat(0.5, 12, 13))
    with pytest.raises(ValueError, match=r"Expected photos as uint8 .* Received dtype: int32"):
        figure(good.astype("int32"), good)


def test_colorfulness_refuses_wrong_shapes_and_variants():
    with pytest.raises(ValueError, match=r"Expected result of shape .* Received shape: \(12, 12, 3\)"):
        metrics.colorfulness(flat(0.5)[0])
    with pytest.raises(ValueError, match=r"Unknown `variant`.*'abs'"):
        metrics.colorfulness(flat(0.5), "abs")


def test_check_variant():
    assert check_variant("absolute") == "absolute"
    with pytest.raises(ValueError, match="signed"):
        check_variant("unsigned")


def test_photographs_against_scikit_image(kodak):
    """Real pictures, and a copy without half of its colour."""
    for photo in kodak[:2]:
        truth = photo[None, ::2, ::2].astype("float32") / 255
        result = truth / 2 + truth.mean(axis=-1, keepdims=True) / 2
        expected = skimage.metrics.peak_signal_noise_ratio(truth[0], result[0], data_range=1)
        assert float(metrics.psnr(truth, result)[0]) == pytest.approx(expected, abs=1e-3)
        options = {"channel_axis": -1, "data_range": 1, "gaussian_weights": True, "use_sample_covariance": False}
        similarity = skimage.metrics.structural_similarity(truth[0].astype("float64"), result[0].astype("float64"), **options)
        assert float(metrics.ssim(truth, result)[0]) == pytest.approx(similarity, abs=1e-4)
        labs = [skimage.color.rgb2lab(picture[0].astype("float64")) for picture in (truth, result)]
        difference = skimage.color.deltaE_ciede2000(*labs).mean()
        assert float(metrics.ciede2000(truth, result)[0]) == pytest.approx(difference, abs=1e-3)
