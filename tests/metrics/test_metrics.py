"""Metrics by name: kcolor's own, and Keras's."""

import numpy as np
import pytest

import kcolor
from kcolor import metrics


def test_get_says_what_there_is():
    assert isinstance(metrics.get("psnr", average="error"), metrics.PSNR)
    with pytest.raises(ValueError, match=r"Unknown metric\. Expected one of \['ab_distance', .*'lpips'.*'fid'"):
        metrics.get("fid")


def test_find_takes_the_names_of_both():
    truth, result = np.full((2, 1, 4, 4, 3), [[[[[0.5]]]], [[[[0.7]]]]], "float32")
    assert isinstance(metrics.find("psnr"), metrics.PSNR)
    for name, expected in [("mae", 0.2), ("mse", 0.04), ("MeanAbsoluteError", 0.2), ("mean_squared_error", 0.04)]:
        metric = metrics.find(name)
        assert metric.name == name
        assert float(metric(truth, result)) == pytest.approx(expected, rel=1e-5)
    functions_are_wrapped = metrics.find("categorical_crossentropy")
    assert np.isfinite(float(functions_are_wrapped(truth, result)))
    with pytest.raises(ValueError, match=r"Unknown metric\. Expected one of \['ab_distance', .* Keras .*'mae'.*'fid'"):
        metrics.find("fid")


def test_a_colorizer_is_compiled_with_the_names_of_both(blobs):
    colorizer = kcolor.Colorizer(kcolor.models.build("unet", "lab", filters=(2,)), kcolor.targets.get("lab"))
    colorizer.compile("sgd", metrics=["psnr", "mae", "mse", "rmse"], run_eagerly=True)
    found = colorizer.evaluate(blobs, batch_size=8, return_dict=True, verbose=0)
    result = np.asarray(colorizer.predict(blobs, verbose=0))
    assert found["mae"] == pytest.approx(np.abs(result - blobs / 255).mean(), rel=1e-4)
    assert found["mse"] == pytest.approx(found["rmse"] ** 2, rel=1e-4)
    assert 0 < found["psnr"] < 100
