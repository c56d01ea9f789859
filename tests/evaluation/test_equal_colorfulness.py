"""Colorizers at equal colourfulness: paleness buys nothing."""

import keras
import numpy as np
import pytest
from helpers.colorizers import tiny
from keras import ops

import kcolor
from kcolor import metrics
from kcolor.evaluation import equal_colorfulness, scores
from kcolor.evaluation.equal_colorfulness import Comparison, Row, at_equal_colorfulness, compare


@pytest.fixture
def photos(blobs):
    return blobs[:3, 4:20, 4:20]


@pytest.fixture
def colorizer():
    return tiny(size=16)


def colorfulness(pictures):
    return float(np.mean(ops.convert_to_numpy(metrics.colorfulness(pictures))))


@pytest.mark.slow
def test_colors_are_brought_to_a_share_of_the_photos(colorizer, photos):
    row = at_equal_colorfulness(colorizer, photos, 0.2)
    assert row["colorfulness"] == pytest.approx(0.2 * colorfulness(photos), rel=0.003)
    result = colorizer.colorize(photos, saturation=row.saturation)
    assert row["colorfulness"] == pytest.approx(colorfulness(result), rel=1e-4)
    by_hand = ops.convert_to_numpy(metrics.ab_distance(photos, result))
    assert row["ab_distance"] == pytest.approx(float(by_hand.mean()), rel=1e-4)
    assert row.metrics["ab_distance"].count == 3


@pytest.mark.slow
def test_a_paler_colorizer_is_measured_at_the_same_colors(colorizer, photos):
    pale = colorizer.for_inference(saturation=0.5)
    compared = compare({"full": colorizer.inference(), "pale": pale.inference()}, photos, 0.2, metrics=["psnr", "ab_distance"])
    full, pale = compared.rows["full"], compared.rows["pale"]
    assert pale.saturation == pytest.approx(2 * full.saturation, rel=0.01)
    for name in ("psnr", "ab_distance"):
        assert pale[name] == pytest.approx(full[name], rel=0.003)


@pytest.mark.slow
def test_every_picture_is_predicted_once(colorizer, photos, monkeypatch):
    inference, seen = colorizer.inference(), []
    predict = inference.predict
    monkeypatch.setattr(inference, "predict", lambda batch: seen.append(len(batch)) or predict(batch))
    at_equal_colorfulness(inference, iter(photos), 0.2, metrics=["psnr"], batch_size=2)
    assert seen == [2, 1]


@pytest.mark.slow
def test_the_grey_picture_and_the_photos_stand_beside(colorizer, photos):
    compared = compare({"mine": colorizer.inference()}, photos, 0.2, metrics=["psnr", "colorfulness"])
    assert isinstance(compared, Comparison)
    assert isinstance(compared.rows["mine"], Row)
    assert list(compared.rows) == ["grey", "mine"]
    assert compared.rows["grey"].saturation is None
    assert compared.rows["grey"]["colorfulness"] < 0.5
    assert compared.photo.mean == pytest.approx(colorfulness(photos))
    table, report = compared.table(), compared.to_json()
    assert "mine" in table and "3 pictures" in table and "0.2 of it" in table  # noqa: PT018
    assert report["rows"]["mine"]["metrics"]["psnr"]["mean"] == compared.rows["mine"]["psnr"]
    assert report["rows"]["mine"]["saturation"] == compared.rows["mine"].saturation


@pytest.mark.slow
def test_pictures_of_several_sizes_count_alike(colorizer, photos):
    row = at_equal_colorfulness(colorizer, [photos[0], photos[1, :12]], 0.2, metrics=["psnr"])
    assert row.metrics["psnr"].count == 2


def test_a_colorizer_without_colors_ends_at_the_strongest_saturation(photos):
    luma = keras.Input((None, None, 1))
    network = keras.Model(luma, keras.layers.Conv2D(2, 1, kernel_initializer="zeros")(luma))
    grey = kcolor.Colorizer(network, kcolor.targets.get("lab", activation="linear"), stride=1)
    row = at_equal_colorfulness(grey, photos, metrics=["colorfulness"])
    assert row.saturation == 10
    assert row["colorfulness"] < 0.5


@pytest.mark.parametrize(
    ("options", "words"),
    [({"share": 0}, "`share`"), ({"metrics": ["nonsense"]}, "nonsense"), ({"metrics": ["bin_accuracy"]}, "bin_accuracy")],
)
def test_wrong_arguments_are_named(colorizer, photos, options, words):
    with pytest.raises(ValueError, match=words):
        at_equal_colorfulness(colorizer, photos, **options)


def test_no_pictures_are_an_error(colorizer):
    with pytest.raises(ValueError, match="at least one picture"):
        at_equal_colorfulness(colorizer, [])


def test_the_metrics_are_some_that_an_evaluation_has():
    assert set(equal_colorfulness.METRICS) <= set(scores.SCORES)


@pytest.mark.slow
def test_colors_of_an_aged_photo_are_measured_on_the_photo_itself(colorizer, photos):
    """The colorizer sees it darker; the picture that is measured is as light as the photo, with the colours of the dark one."""
    seen, predict = [], colorizer.inference().predict
    inference = colorizer.inference()
    inference.predict = lambda batch: seen.append(batch) or predict(batch)
    compared = compare({"mine": inference}, photos, 0.2, metrics=["psnr"], aged=lambda batch: batch // 2)
    assert np.array_equal(seen[0], photos // 2)
    lab = kcolor.targets.get("lab")
    dark = colorizer.colorize(photos // 2, saturation=compared.rows["mine"].saturation)
    by_hand = lab.join(lab.own_chroma(dark / np.float32(255)), photos / np.float32(255))
    expected = ops.convert_to_numpy(metrics.psnr(photos / np.float32(255), by_hand)).mean()
    assert compared.rows["mine"]["psnr"] == pytest.approx(float(expected), abs=0.05)
    assert compared.rows["grey"]["psnr"] == compare({}, photos, 0.2, metrics=["psnr"]).rows["grey"]["psnr"]
