"""A run judged by its colours at equal colourfulness."""

import keras
import numpy as np
import pytest
from helpers.colorizers import tiny

from kcolor.evaluation.equal_colorfulness import at_equal_colorfulness
from kcolor.training.callbacks import direction
from kcolor.training.equal_colorfulness import METRICS, EqualColorfulness
from kcolor.training.train import train


@pytest.mark.slow
@pytest.mark.graphs
def test_the_logs_get_what_the_comparison_measures(blobs):
    colorizer = tiny(size=16)
    colorizer.compile(keras.optimizers.SGD(0.1), run_eagerly=True)
    callback, logs = EqualColorfulness(blobs[:3]), {"loss": 1.0}
    callback.set_model(colorizer)
    callback.on_epoch_end(0, logs)
    row = at_equal_colorfulness(colorizer, blobs[:3], metrics=METRICS)
    assert logs == {"loss": 1.0, **{f"val_equal_{name}": pytest.approx(row[name]) for name in METRICS}}


@pytest.mark.slow
@pytest.mark.graphs
def test_the_averages_are_measured(blobs):
    colorizer = tiny(size=16)
    colorizer.compile(keras.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.9), run_eagerly=True)
    before = EqualColorfulness(blobs[:3])
    before.set_model(colorizer)
    before.on_epoch_end(0, first := {})
    for _ in range(3):
        colorizer.train_on_batch(blobs)
    before.on_epoch_end(1, averaged := {})
    weights = at_equal_colorfulness(colorizer, blobs[:3], metrics=["ab_distance"])["ab_distance"]
    assert averaged["val_equal_ab_distance"] != pytest.approx(weights, rel=1e-4)
    assert averaged["val_equal_ab_distance"] != first["val_equal_ab_distance"]


def test_which_way_is_better_is_known():
    colorizer = tiny()
    colorizer.compile("sgd")
    assert [direction(colorizer, f"val_equal_{name}") for name in ("psnr", "ab_distance")] == ["max", "min"]
    with pytest.raises(ValueError, match="val_equal_what"):
        direction(colorizer, "val_equal_what")


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")
def test_a_run_can_be_best_in_it(tmp_path):
    recipe = {
        "data": {"source": "shapes", "size": 16, "working_size": 32, "skip_gray": False, "train_limit": 16, "val_limit": 8},
        "target": {"name": "lab"},
        "model": {"name": "unet", "filters": [4]},
        "optimizer": {"name": "adam"},
        "train": {"batch_size": 8, "epochs": 2, "equal_colorfulness": 4, "monitor": "val_equal_ab_distance", "metrics": []},
    }
    train(recipe, out=tmp_path / "first", verbose=0)
    rows = np.genfromtxt(tmp_path / "first" / "history.csv", delimiter=",", names=True)
    assert rows["val_equal_ab_distance"].min() > 0
    assert len(set(rows["val_equal_ab_distance"])) == 2
    lines = []
    changes = ["train.start=" + str(tmp_path / "first")]
    train(recipe, changes=changes, out=tmp_path / "second", epochs=1, log=lines.append)
    start = next(line for line in lines if line.startswith("before the first epoch"))
    assert f"val_equal_ab_distance {rows['val_equal_ab_distance'].min():.4g}" in start  # it begins with the best of the first
