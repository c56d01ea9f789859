"""Metrics over a set of photos, against the Keras metrics and numbers by hand; what goes in, what comes out."""

import json
import pathlib

import keras
import numpy as np
import pytest
from helpers.weights import LPIPS_LINEAR, VGG16, needs_lpips
from keras import ops

import kcolor
from kcolor import Colorizer, bins, metrics, models, targets
from kcolor.evaluation.confidence import Interval
from kcolor.evaluation.measure import Evaluation, batches_of_one_size, measure, plain_interval, score_cell
from kcolor.evaluation.scores import SCORES
from kcolor.targets.bins import OTHER_DECODINGS

LPIPS_WEIGHTS = (VGG16, LPIPS_LINEAR)
RED_AB = (80.0925, 67.2032)  # scikit-image's, of pure red


def small_colorizer(target="lab", options=None, **kwargs):
    target = targets.get(target, **(options or {}))
    return Colorizer(models.build("unet", target, filters=(4, 8)), target, **kwargs)


def constant_colorizer(target, answer):
    """A colorizer whose network answers the same everywhere."""
    picture = keras.Input((None, None, 1))
    layer = keras.layers.Conv2D(target.channels, 1, kernel_initializer="zeros", bias_initializer="zeros")
    network = keras.Model(picture, layer(picture))
    layer.bias.assign(answer)
    return Colorizer(network, target, stride=1)


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture
def tiny(blobs):
    """Four photos of 12×12. Most tests are of that size: JAX compiles every operation anew for each."""
    return blobs[:4, 2:14, 2:14]


@pytest.fixture(scope="module")
def photos_of_one_size():
    patches = np.random.default_rng(1).integers(0, 256, (3, 7, 5, 3), dtype="uint8")
    return patches.repeat(4, axis=1).repeat(4, axis=2)  # 28×20: neither side a multiple of the networks' strides


# Figures over a set


@pytest.mark.slow
@pytest.mark.graphs
def test_figures_are_those_of_the_keras_metrics_over_pictures_of_many_sizes(rng):
    pictures = [rng.integers(0, 256, (12, width, 3), dtype="uint8") for width in (12, 12, 24)]
    colorizer = small_colorizer()
    found = measure(colorizer, pictures).metrics
    by_hand = {name: metrics.get(name) for name in set(metrics.METRICS) - {"lpips", "bin_accuracy", "color_drift"}}
    by_hand["psnr_of_error"] = metrics.PSNR(average="error")
    for picture in pictures:
        for metric in by_hand.values():
            metric.update_state(picture[None], colorizer.colorize(picture)[None])
    for name, metric in by_hand.items():
        assert found[name]["model"].mean == pytest.approx(float(metric.result()), rel=1e-3), name
    assert set(found) == {*by_hand, "ab_mse_unit", "mean_ab_mse_unit"}
    assert found["rmse"]["model"].mean != pytest.approx(
        np.mean([found["rmse"]["model"].low, found["rmse"]["model"].high]), rel=1e-9
    )


def test_a_network_that_answers_no_color_is_worth_the_grey_picture(tiny):
    target = targets.get("lab", activation="linear")
    found = measure(
        constant_colorizer(target, [0.0, 0.0]), tiny, metrics=["rmse", "ab_rmse", "ciede2000"], batch_size=2
    ).metrics
    for name, row in found.items():
        assert row["model"].mean == pytest.approx(row["grey"].mean, rel=1e-3), name
    assert found["psnr"]["oracle"].mean > 99  # lab loses nothing but a rounding
    assert found["psnr"]["grey"].mean < 25


def test_bin_accuracy_of_a_network_that_always_answers_one_bin():
    # Three quarters neutral, one quarter red; the network says red everywhere.
    target = targets.get("bins", step=10)
    photo = np.full((12, 12, 3), 128, "uint8")
    photo[:, 9:] = (255, 0, 0)
    bias = np.zeros(target.channels)
    bias[int(bins.bin_of(np.array([RED_AB]), target.bins)[0])] = 5.0
    found = measure(constant_colorizer(target, bias), [photo], metrics=["bin_accuracy", "bin_accuracy_colored"]).metrics
    assert {way: found["bin_accuracy"][way].mean for way in ("model", "grey")} == {"model": 0.25, "grey": 0.75}
    assert {way: found["bin_accuracy_colored"][way].mean for way in ("model", "grey")} == {"model": 1.0, "grey": 0.0}


def test_bin_accuracy_leaves_the_margin_out_that_the_network_sees():
    # 12×12 of a network of stride 8: red where the photo ends, so the mirrored margin would count it more than once.
    target = targets.get("bins", step=10)
    photo = np.full((12, 12, 3), 128, "uint8")
    photo[:, 9:] = (255, 0, 0)
    bias = np.zeros(target.channels)
    bias[int(bins.bin_of(np.array([RED_AB]), target.bins)[0])] = 5.0
    colorizer = constant_colorizer(target, bias)
    colorizer = Colorizer(colorizer.network, target, stride=8)
    assert measure(colorizer, [photo], metrics=["bin_accuracy"]).metrics["bin_accuracy"]["model"].mean == 0.25


@pytest.mark.slow
def test_pictures_without_color_do_not_count_for_the_colored():
    gray, red = np.full((12, 12, 3), 90, "uint8"), np.zeros((12, 12, 3), "uint8")
    red[..., 0] = 255
    found = measure(small_colorizer("bins", {"step": 20}), [gray, red], metrics=["bin_accuracy", "bin_accuracy_colored"])
    assert {name: found.metrics[name]["model"].count for name in ("bin_accuracy", "bin_accuracy_colored")} == {
        "bin_accuracy": 2,
        "bin_accuracy_colored": 1,
    }
    assert "of 1 of the pictures" in found.table()


@pytest.mark.slow
@needs_lpips
def test_lpips_is_that_of_the_metric(photos_of_one_size):
    colorizer = small_colorizer()
    found = measure(colorizer, photos_of_one_size, metrics=["lpips"], lpips_weights=LPIPS_WEIGHTS).metrics["lpips"]
    metric = metrics.LPIPS(*LPIPS_WEIGHTS)
    metric.update_state(photos_of_one_size, colorizer.colorize(photos_of_one_size))
    assert found["model"].mean == pytest.approx(float(metric.result()), rel=1e-4)
    assert found["oracle"].mean < 1e-4 < 0.02 < found["grey"].mean


@pytest.mark.slow
def test_grey_pictures_have_the_figures_that_the_prototype_had(shared):
    folder = pathlib.Path.home() / ".cache" / "kcolor" / "data" / "photos" / "test"
    if not folder.is_dir():
        pytest.skip(f"needs photographs, looked for in {folder}")
    from PIL import Image

    every = (np.asarray(Image.open(file).convert("RGB")) for file in sorted(folder.glob("*.jpg"))[::4])
    in_color = (photo for photo in every if np.ptp(photo, axis=-1).mean() > 2)
    names = ["psnr", "ab_distance", "pixel_accuracy", "colorfulness"]
    found = measure(constant_colorizer(targets.get("lab", activation="linear"), [0.0, 0.0]), in_color, metrics=names).metrics
    assert found["psnr"]["grey"].mean == pytest.approx(23.16, abs=0.02)
    assert found["ab_distance"]["grey"].mean == pytest.approx(14.21, abs=0.02)
    assert found["pixel_accuracy"]["grey"].mean == pytest.approx(0.769, abs=0.001)
    assert found["colorfulness"]["photo"].mean == pytest.approx(38.5, abs=0.1)


# What goes in


@pytest.mark.slow
def test_consecutive_pictures_of_one_size_go_through_together(rng):
    sizes = [(12, 12), (12, 12), (12, 12), (12, 24), (12, 12)]
    pictures = [rng.integers(0, 256, (*size, 3), dtype="uint8") for size in sizes]
    so_far = []
    found = measure(small_colorizer(), iter(pictures), metrics=["psnr"], batch_size=2, progress=so_far.append)
    assert so_far == [2, 3, 4, 5]
    assert found.count == 5


def test_batches_are_of_one_size_and_type(tiny):
    pictures = [tiny[0], tiny[1], tiny[2, :8], tiny[:2], tiny[3].astype("float32") / 255]
    found = [(batch.shape[:2], batch.dtype.name) for batch in batches_of_one_size(pictures, 2)]
    assert found == [((2, 12), "uint8"), ((1, 8), "uint8"), ((2, 12), "uint8"), ((1, 12), "float32")]


def test_an_interval_is_a_cell_of_a_table_and_plain_numbers():
    several, one = Interval(23.456, 23.0, 24.0, 5), Interval(23.456, float("nan"), float("nan"), 1)
    assert [score_cell(SCORES["psnr"], interval) for interval in (several, one, None)] == ["23.46 ± 0.50", "23.46", "–"]
    assert plain_interval(one) == {"mean": 23.456, "low": None, "high": None, "count": 1}


@pytest.mark.slow
def test_batches_floats_and_single_photos_are_the_same_pictures(tiny):
    colorizer = small_colorizer()
    one_by_one = measure(colorizer, list(tiny[:2]), metrics="psnr").metrics
    assert measure(colorizer, [tiny[:1], tiny[1]], metrics="psnr").metrics == one_by_one
    floats = measure(colorizer, tiny[:2].astype("float32") / 255, metrics="psnr").metrics
    assert floats["psnr"]["model"].mean == pytest.approx(one_by_one["psnr"]["model"].mean, abs=1e-4)
    assert measure(colorizer, tiny[0], metrics="psnr").count == 1  # and not 12 rows


def test_large_photos_go_through_fewer_at_a_time(monkeypatch, tiny):
    monkeypatch.setattr("kcolor.evaluation.measure._BATCH_PIXELS", 2 * 12 * 12)
    so_far = []
    measure(small_colorizer(), tiny, metrics=["psnr"], progress=so_far.append)
    assert so_far == [2, 4]


@pytest.mark.slow
def test_a_saved_colorizer_is_evaluated_by_its_path(tmp_path, tiny):
    colorizer = small_colorizer()
    colorizer.save(tmp_path / "model.keras")
    found = kcolor.evaluate(tmp_path / "model.keras", tiny[:2], metrics=["psnr"])
    assert found.metrics == measure(colorizer, tiny[:2], metrics=["psnr"]).metrics


def test_what_cannot_be_evaluated_is_refused(tiny):
    colorizer = small_colorizer()
    small = np.zeros((1, 8, 8, 3), "uint8")
    for pictures, options, message in (
        ([], {}, "at least one picture"),
        (tiny, {"metrics": ["psnr", "sharpness"]}, "(?s)psnr.*sharpness"),
        (tiny, {"metrics": ["lpips"]}, "lpips_weights"),
        (tiny, {"batch_size": 0}, "batch_size"),
        ([tiny[0].astype("float32")], {}, r"\[0, 1\]"),
        (small, {"metrics": ["ssim"]}, "11×11"),
        (tiny[:1], {"metrics": ["bin_accuracy"]}, "target of bins"),
    ):
        with pytest.raises(ValueError, match=message):
            measure(colorizer, pictures, **options)


@pytest.mark.slow
def test_small_pictures_have_no_ssim():
    assert "ssim" not in measure(small_colorizer(), np.zeros((1, 8, 8, 3), "uint8")).metrics


# What comes out


@pytest.fixture(scope="module")
def evaluation():
    pictures = np.random.default_rng(2).integers(0, 256, (3, 4, 4, 3), dtype="uint8").repeat(3, axis=1).repeat(3, axis=2)
    return measure(small_colorizer("bins", {"grid": 6}), pictures, batch_size=1)


@pytest.mark.slow
def test_the_table_has_grey_model_and_oracle_and_names_its_conventions(evaluation):
    lines = evaluation.table().splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].split() == ["grey", "model", "oracle", "photo"]
    psnr = evaluation.metrics["psnr"]["grey"]
    assert lines[1].startswith("PSNR, dB ↑")
    assert f"{psnr.mean:.2f} ± {psnr.half_width:.2f}" in lines[1]
    photo = evaluation.metrics["colorfulness"]["photo"]
    assert any(line.startswith("colourfulness ") and f"{photo.mean:.2f} ±" in line for line in lines)
    error = evaluation.metrics["ab_mse_unit"]["grey"].mean
    assert any(line.startswith("ab MSE × 1e4") and f"{1e4 * error:.2f} ±" in line for line in lines)
    assert all(way in evaluation.table() for way in OTHER_DECODINGS)
    assert "3 pictures; mean ± half of the 95 % interval over pictures: percentile bootstrap" in evaluation.table()
    for name in evaluation.metrics:
        assert any(line.startswith(f"{SCORES[name].label}: ") for line in lines)


@pytest.mark.slow
def test_json_has_every_figure_as_plain_numbers(evaluation):
    read = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert (read["count"], read["target"]) == (3, "Bins")
    own = evaluation.metrics["rmse"]["model"]
    assert read["metrics"]["rmse"]["model"] == {"mean": own.mean, "low": own.low, "high": own.high, "count": 3}
    assert read["metrics"]["rmse"]["better"] == "lower"
    assert set(read["metrics"]) == set(evaluation.metrics)


def test_a_single_picture_is_written_without_an_interval(tiny):
    found = measure(small_colorizer(), tiny[:1], metrics=["psnr"])
    assert isinstance(found, Evaluation)
    assert "±" not in found.table().splitlines()[1]
    assert found.to_json()["metrics"]["psnr"]["model"]["low"] is None
    json.dumps(found.to_json(), allow_nan=False)


def test_the_sheet_shows_photo_grey_result_and_oracle(evaluation):
    picture = np.asarray(evaluation.sheet(height=64))
    assert picture.shape[1] > 4 * 64  # one of each, four pictures
    assert picture.shape[0] > 3 * 64
    assert picture.std() > 20
