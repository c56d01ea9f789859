"""Figures against numbers worked out by hand and against scikit-image; the Keras metrics over batches of many sizes."""

import json

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

# Sharma, Wu, Dalal 2005, table 1: L, a, b, L, a, b, ΔE. Among them greys and hues on either side of opposite.
SHARMA = """
    50.0000   2.6772 -79.7751 50.0000   0.0000 -82.7485  2.0425
    50.0000   3.1571 -77.2803 50.0000   0.0000 -82.7485  2.8615
    50.0000   2.8361 -74.0200 50.0000   0.0000 -82.7485  3.4412
    50.0000  -1.3802 -84.2814 50.0000   0.0000 -82.7485  1.0000
    50.0000  -1.1848 -84.8006 50.0000   0.0000 -82.7485  1.0000
    50.0000  -0.9009 -85.5211 50.0000   0.0000 -82.7485  1.0000
    50.0000   0.0000   0.0000 50.0000  -1.0000   2.0000  2.3669
    50.0000  -1.0000   2.0000 50.0000   0.0000   0.0000  2.3669
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0009  7.1792
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0010  7.1792
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0011  7.2195
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0012  7.2195
    50.0000  -0.0010   2.4900 50.0000   0.0009  -2.4900  4.8045
    50.0000  -0.0010   2.4900 50.0000   0.0010  -2.4900  4.8045
    50.0000  -0.0010   2.4900 50.0000   0.0011  -2.4900  4.7461
    50.0000   2.5000   0.0000 50.0000   0.0000  -2.5000  4.3065
    50.0000   2.5000   0.0000 73.0000  25.0000 -18.0000 27.1492
    50.0000   2.5000   0.0000 61.0000  -5.0000  29.0000 22.8977
    50.0000   2.5000   0.0000 56.0000 -27.0000  -3.0000 31.9030
    50.0000   2.5000   0.0000 58.0000  24.0000  15.0000 19.4535
    50.0000   2.5000   0.0000 50.0000   3.1736   0.5854  1.0000
    50.0000   2.5000   0.0000 50.0000   3.2972   0.0000  1.0000
    50.0000   2.5000   0.0000 50.0000   1.8634   0.5757  1.0000
    50.0000   2.5000   0.0000 50.0000   3.2592   0.3350  1.0000
    60.2574 -34.0099  36.2677 60.4626 -34.1751  39.4387  1.2644
    63.0109 -31.0961  -5.8663 62.8187 -29.7946  -4.0864  1.2630
    61.2901   3.7196  -5.3901 61.4292   2.2480  -4.9620  1.8731
    35.0831 -44.1164   3.7933 35.0232 -40.0716   1.5901  1.8645
    22.7233  20.0904 -46.6940 23.0331  14.9730 -42.5619  2.0373
    36.4612  47.8580  18.3852 36.2715  50.5065  21.2231  1.4146
    90.8027  -2.0831   1.4410 91.1528  -1.6435   0.0447  1.4441
    90.9257  -0.5406  -0.9208 88.6381  -0.8985  -0.7239  1.5381
     6.7747  -0.2908  -2.4247  5.8714  -0.0985  -2.2286  0.6377
     2.0776   0.0795  -1.1350  0.9033  -0.0636  -0.5514  0.9082
"""
SHARMA = np.loadtxt(SHARMA.splitlines(), "float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def flat(value, height=12, width=12):
    """One picture of one colour."""
    return np.full((1, height, width, 3), value, "float32")


def of_lab(*colors):
    """A picture of one row, a pixel a colour, with L 60."""
    lab = np.array([[(60, a, b) for a, b in colors]], "float64")
    return skimage.color.lab2rgb(lab)[None].astype("float32")


@pytest.fixture(scope="module")
def pictures():
    """Three parts of a photograph, 40×32, and three results: noisy, grey, and lighter by a hair."""
    photo = skimage.data.astronaut()
    truth = np.stack([photo[y : y + 40, x : x + 32] for y, x in ((60, 200), (0, 0), (300, 330))]).astype("float32") / 255
    noisy = np.clip(truth[0] + np.random.default_rng(0).normal(0, 0.1, truth[0].shape), 0, 1)
    gray = np.repeat(truth[1].mean(axis=-1, keepdims=True), 3, axis=-1)
    return truth, np.stack([noisy, gray, np.minimum(truth[2] + 0.004, 1)]).astype("float32")


# --- figures ---


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


@pytest.mark.parametrize("order", [(slice(0, 3), slice(3, 6)), (slice(3, 6), slice(0, 3))])
def test_delta_e_2000_of_the_reference_pairs(order):
    first, second = (SHARMA[:, channels] for channels in order)
    np.testing.assert_allclose(numpy(metrics.delta_e_2000(first, second)), SHARMA[:, 6], atol=2e-4)


def test_delta_e_2000_is_that_of_scikit_image():
    rng = np.random.default_rng(2)
    first, second = rng.uniform((0, -90, -110), (100, 100, 95), (2, 3, 40, 32, 3)).astype("float32")
    second[1:] = first[1:] + rng.normal(0, 2, (2, 40, 32, 3))
    expected = skimage.color.deltaE_ciede2000(first.astype("float64"), second.astype("float64"))
    np.testing.assert_allclose(numpy(metrics.delta_e_2000(first, second)), expected, atol=1e-3)


def test_delta_e_2000_of_greys():
    grays = np.stack([np.linspace(0, 100, 34), np.zeros(34), np.zeros(34)], axis=-1).astype("float32")
    np.testing.assert_array_equal(numpy(metrics.delta_e_2000(grays, grays)), 0)
    difference = numpy(metrics.delta_e_2000(grays, grays[::-1].copy()))
    np.testing.assert_allclose(difference, skimage.color.deltaE_ciede2000(grays, grays[::-1]), atol=1e-3)
    np.testing.assert_allclose(difference[0], 100, atol=1e-4)  # black and white


def test_delta_e_2000_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"Expected Lab of shape .* Received shape: \(2, 4\)"):
        metrics.delta_e_2000(np.zeros((2, 4), "float32"), np.zeros((2, 3), "float32"))


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


# --- Keras metrics ---

GRID = bins.gamut_grid(20.0)
OPTIONS = {"bin_accuracy": {"grid": GRID}}
PLAIN = [name for name in metrics.METRICS if name != "lpips"]  # test_lpips.py has that one


@pytest.fixture(scope="module")
def batches(pictures):
    """The pictures, and a part of one of them: batches of different lengths and sizes."""
    truth, result = pictures
    return [pictures, (truth[:1, :16, :20], result[:1, :16, :20])]


def each(name, truth, result):
    """The figure behind a metric, of each picture, in float64 from here on."""
    if name == "colorfulness":
        return numpy(metrics.colorfulness(result)).astype("float64")
    return numpy(vars(metrics)[name](truth, result, **OPTIONS.get(name, {}))).astype("float64")


def average(name, batches):
    """What a metric should say: the mean over the pictures, or for roots of mean squares over the pixels."""
    values = np.concatenate([each(name, *batch) for batch in batches])
    if name not in ("rmse", "ab_rmse"):
        return values.mean()
    pixels = np.concatenate([np.full(len(truth), truth[0].size) for truth, _ in batches])
    return np.sqrt(np.average(values**2, weights=pixels))


@pytest.mark.parametrize("name", PLAIN)
def test_metrics_average_over_batches_of_any_size(name, batches):
    metric = metrics.get(name, **OPTIONS.get(name, {}))
    assert metric.name == name
    for batch in batches:
        metric.update_state(*batch)
    np.testing.assert_allclose(float(metric.result()), average(name, batches), rtol=1e-5)
    metric.reset_state()
    assert float(metric.result()) == 0
    metric.update_state(*batches[1])
    np.testing.assert_allclose(float(metric.result()), average(name, batches[1:]), rtol=1e-5)


@pytest.mark.parametrize("name", PLAIN)
def test_sample_weight_is_one_weight_a_picture(name, pictures):
    metric = metrics.get(name, **OPTIONS.get(name, {}))
    metric.update_state(*pictures, sample_weight=np.array([0, 2, 0], "float32"))
    np.testing.assert_allclose(float(metric.result()), each(name, *pictures)[1], rtol=1e-5)


def test_the_two_averages_of_psnr():
    truth, result = np.concatenate([flat(0.5)] * 2), np.concatenate([flat(0.6), flat(0.51)])
    pictures, error = metrics.PSNR(), metrics.PSNR(average="error")
    assert (pictures.name, error.name) == ("psnr", "psnr_of_error")
    np.testing.assert_allclose(float(pictures(truth, result)), (20 + 40) / 2, rtol=1e-4)
    np.testing.assert_allclose(float(error(truth, result)), -10 * np.log10((0.01 + 0.0001) / 2), rtol=1e-4)


def test_psnr_of_the_error_is_taken_over_all_pixels(batches):
    psnr, rmse = metrics.PSNR(average="error"), metrics.RMSE()
    for batch in batches:
        psnr.update_state(*batch)
        rmse.update_state(*batch)
    np.testing.assert_allclose(float(psnr.result()), -20 * np.log10(average("rmse", batches)), rtol=1e-5)
    np.testing.assert_allclose(float(psnr.result()), -20 * np.log10(float(rmse.result())), rtol=1e-5)


def test_equal_pictures_leave_the_means_finite():
    truth, result = np.concatenate([flat(0.5)] * 2), np.concatenate([flat(0.5), flat(0.6)])
    np.testing.assert_allclose(float(metrics.PSNR()(truth, result)), 60, rtol=1e-4)
    np.testing.assert_allclose(float(metrics.PSNR("error")(truth, truth)), 100, rtol=1e-4)
    assert float(metrics.PSNR("error").result()) == 0  # of nothing


VARIANTS = [
    *(metrics.get(name, **OPTIONS.get(name, {})) for name in PLAIN),
    metrics.PSNR(average="error"),
    metrics.Colorfulness(variant="absolute"),
    metrics.ColorfulnessDifference(variant="absolute", name="mine"),
]


@pytest.mark.parametrize("metric", VARIANTS, ids=lambda metric: metric.name)
def test_round_trip(metric, pictures):
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    loaded = keras.saving.deserialize_keras_object(saved)
    assert type(loaded) is type(metric)
    assert loaded.get_config() == metric.get_config()
    metric.reset_state()
    assert float(loaded(*pictures)) == float(metric(*pictures))


def small_model():
    """Takes pictures of any size and makes them darker; has a weight, so that it can be trained."""
    inputs = keras.Input((None, None, 3))
    return keras.Model(inputs, keras.layers.Dense(3, kernel_initializer=keras.initializers.Identity(0.9))(inputs))


def test_all_in_one_model_on_pictures_of_unknown_size(batches):
    model = small_model()
    model.compile(loss="mse", metrics=[type(m).from_config(m.get_config()) for m in VARIANTS])
    got = model.evaluate(((r, t) for t, r in batches), steps=len(batches), return_dict=True, verbose=0)
    answers = [(t, numpy(model(r))) for t, r in batches]
    for name in PLAIN:
        np.testing.assert_allclose(got[name], average(name, answers), rtol=2e-4, err_msg=name)
    np.testing.assert_allclose(got["psnr_of_error"], -20 * np.log10(average("rmse", answers)), rtol=2e-4)
    assert 0 < got["colorfulness_absolute"] < got["colorfulness"]
    assert got["mine"] > 0


def test_callbacks_know_which_way_is_better(pictures):
    truth, result = pictures
    directed = [name for name in PLAIN if name != "colorfulness"]
    callbacks = {name: keras.callbacks.EarlyStopping(monitor=name) for name in directed}
    model = small_model()
    model.compile(loss="mse", optimizer="sgd", metrics=[metrics.get(name, **OPTIONS.get(name, {})) for name in directed])
    model.fit(truth, truth, verbose=0, callbacks=list(callbacks.values()))
    for name, callback in callbacks.items():
        perfect, poor = each(name, truth, truth).mean(), each(name, truth, result).mean()
        assert callback.monitor_op(perfect, poor), name
        assert not callback.monitor_op(poor, perfect), name


def test_callbacks_ask_which_way_colorfulness_is_better(pictures):
    model = small_model()
    model.compile(loss="mse", optimizer="sgd", metrics=[metrics.Colorfulness()])
    with pytest.raises(ValueError, match="Pass `mode='max'`"):
        model.fit(pictures[0], pictures[0], verbose=0, callbacks=[keras.callbacks.EarlyStopping(monitor="colorfulness")])


def test_a_mixed_policy_does_not_reach_the_metrics(pictures):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = small_model()
        model.compile(loss="mse", metrics=[metrics.PSNR(), metrics.CIEDE2000()])
        truth, result = pictures
        got = model.evaluate(result, truth, return_dict=True, verbose=0)
        answer = numpy(ops.cast(model(result), "float32"))
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_allclose(got["psnr"], numpy(metrics.psnr(truth, answer)).mean(), rtol=1e-3)
    np.testing.assert_allclose(got["ciede2000"], numpy(metrics.ciede2000(truth, answer)).mean(), rtol=1e-3)


def test_get_says_what_there_is():
    assert isinstance(metrics.get("psnr", average="error"), metrics.PSNR)
    with pytest.raises(ValueError, match=r"Unknown metric\. Expected one of \['ab_distance', .*'lpips'.*'fid'"):
        metrics.get("fid")


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("psnr", {"average": "mean"}, "Unknown `average`.*'pictures', 'error'.*'mean'"),
        ("colorfulness", {"variant": "abs"}, "Unknown `variant`.*'abs'"),
        ("colorfulness_difference", {"variant": "abs"}, "Unknown `variant`.*'abs'"),
        ("bin_accuracy", {"grid": 313}, "Expected `grid` as a kcolor.bins.Grid. Received: 313"),
    ],
)
def test_wrong_options_are_refused(name, options, message):
    with pytest.raises(ValueError, match=message):
        metrics.get(name, **options)


def test_decibels_by_hand():
    assert numpy(metrics.decibels(np.float32([1.0, 0.01, 1e-12]))) == pytest.approx([0, 20, 100])


def test_ab_mse_is_the_square_of_ab_rmse():
    truth, result = np.random.default_rng(5).uniform(size=(2, 2, 8, 8, 3)).astype("float32")
    assert numpy(metrics.ab_mse(truth, result)) == pytest.approx(numpy(metrics.ab_rmse(truth, result)) ** 2, rel=1e-5)


def test_a_metric_of_ones_own():
    """A figure is a function of two batches; `Figure` makes a metric of it."""

    def greenness(truth, result, power):
        return ops.mean(result[..., 1] - truth[..., 1], axis=(1, 2)) ** power

    metric = metrics.PictureMetric(greenness, "greenness", "float32", power=2)
    green = np.float32([0.5, 1.0])[:, None, None, None] * np.ones((1, 4, 4, 3), "float32")
    metric.update_state(ops.zeros((2, 4, 4, 3)), green)
    assert float(metric.result()) == pytest.approx((0.25 + 1) / 2)
    assert metric.get_config()["power"] == 2


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
