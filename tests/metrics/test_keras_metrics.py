"""The Keras metrics, over batches of many sizes, in models and callbacks, and saved."""

import json

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import bins, metrics


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def flat(value, height=12, width=12):
    """One picture of one colour."""
    return np.full((1, height, width, 3), value, "float32")


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_callbacks_know_which_way_is_better(pictures):
    truth, result = pictures
    directed = [name for name in PLAIN if name != "colorfulness"]
    callbacks = {name: keras.callbacks.EarlyStopping(monitor=name) for name in directed}
    model = small_model()
    made = [metrics.get(name, **OPTIONS.get(name, {})) for name in directed]
    model.compile(loss="mse", optimizer="sgd", metrics=made, run_eagerly=True)  # nothing of the graph is looked at
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


def test_a_metric_of_ones_own():
    """A function of two batches is enough; `PictureMetric` makes a metric of it."""

    def greenness(truth, result, power):
        return ops.mean(result[..., 1] - truth[..., 1], axis=(1, 2)) ** power

    metric = metrics.PictureMetric(greenness, "greenness", "float32", power=2)
    green = np.float32([0.5, 1.0])[:, None, None, None] * np.ones((1, 4, 4, 3), "float32")
    metric.update_state(ops.zeros((2, 4, 4, 3)), green)
    assert float(metric.result()) == pytest.approx((0.25 + 1) / 2)
    assert metric.get_config()["power"] == 2


def test_which_way_is_better_is_said_by_the_class_and_read_from_any_metric():
    ways = {name: metric.higher_is_better for name, metric in metrics.METRICS.items()}
    assert [name for name, way in ways.items() if way] == ["psnr", "ssim", "pixel_accuracy", "bin_accuracy"]
    assert [name for name, way in ways.items() if way is None] == ["colorfulness"]
    for name in PLAIN:
        assert metrics.higher_is_better(metrics.get(name, **OPTIONS.get(name, {}))) is ways[name]
    assert metrics.higher_is_better(keras.metrics.MeanSquaredError()) is False
    assert metrics.higher_is_better(keras.metrics.Mean()) is None
    mine = metrics.PictureMetric(metrics.psnr, "mine", higher_is_better=True)
    assert metrics.higher_is_better(mine) is True
    assert metrics.PictureMetric.higher_is_better is None
