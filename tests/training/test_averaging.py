"""Moving averages of the weights: validated, shown and kept, while the weights themselves train on."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy, small

import kcolor
from kcolor.colorizer.two_optimizers import Rivals
from kcolor.training.averaging import ValidateAverages, averaged
from kcolor.training.callbacks import Samples
from kcolor.training.train import train


def _weights(colorizer):
    return [numpy(variable).copy() for variable in colorizer.trainable_variables]


def _trained(optimizer, steps=3):
    colorizer = small()
    colorizer.compile(optimizer, run_eagerly=True)
    photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), "uint8")
    seen = []
    for _ in range(steps):
        colorizer.train_on_batch(photos)
        seen.append(_weights(colorizer))
    return colorizer, seen


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrap", [lambda optimizer: optimizer, keras.optimizers.LossScaleOptimizer, lambda one: Rivals(one, "sgd")]
)
def test_the_averages_are_there_while_it_lasts(wrap):
    colorizer, seen = _trained(wrap(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.75)))
    expected = [0.75**2 * one + 0.75 * 0.25 * two + 0.25 * three for one, two, three in zip(*seen, strict=True)]
    with averaged(colorizer):
        for weight, average in zip(_weights(colorizer), expected, strict=True):
            np.testing.assert_allclose(weight, average, atol=1e-6)
    for weight, last in zip(_weights(colorizer), seen[-1], strict=True):
        np.testing.assert_array_equal(weight, last)


def test_without_averages_or_steps_nothing_changes():
    for optimizer, steps in ((keras.optimizers.SGD(0.1), 1), (keras.optimizers.SGD(0.1, use_ema=True), 0)):
        colorizer, _ = _trained(optimizer, steps)
        before = _weights(colorizer)
        with averaged(colorizer):
            for weight, same in zip(_weights(colorizer), before, strict=True):
                np.testing.assert_array_equal(weight, same)


@pytest.mark.slow
def test_validation_within_a_training_has_the_averages():
    colorizer, seen = _trained(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), steps=2)
    validating = ValidateAverages()
    validating.set_model(colorizer)
    validating.on_test_begin()
    for weight, one, two in zip(_weights(colorizer), *seen, strict=True):
        np.testing.assert_allclose(weight, (one + two) / 2, atol=1e-6)
    validating.on_test_end()
    np.testing.assert_array_equal(_weights(colorizer)[0], seen[-1][0])


def _loss(folder, name):
    colorizer = kcolor.load(folder / name)
    colorizer.compile(metrics=[])
    pictures = kcolor.recipes.load(folder / "recipe.toml").open_pictures("val")
    return colorizer.evaluate(np.stack(list(kcolor.data.each(pictures, 16))), batch_size=16, verbose=0)


@pytest.mark.slow
def test_samples_show_the_averages(tmp_path, blobs):
    colorizer, _ = _trained(keras.optimizers.SGD(3.0, use_ema=True, ema_momentum=0.9))
    samples = {name: Samples(tmp_path / name, blobs[:2]) for name in ("plain", "inside")}
    for callback in samples.values():
        callback.set_model(colorizer)
        callback.set_params({"epochs": 1})
    with averaged(colorizer):
        samples["inside"].on_epoch_end(0)
    samples["plain"].on_epoch_end(0)
    shown, expected = ((tmp_path / name / "epoch-001.png").read_bytes() for name in samples)
    assert shown == expected


@pytest.mark.slow
def test_a_run_measures_and_keeps_its_averages_and_continues_with_its_weights(tmp_path):
    recipe = {
        "data": {"source": "shapes", "size": 16, "skip_gray": False, "train_limit": 32, "val_limit": 16},
        "target": {"name": "lab"},
        "model": {"name": "unet", "filters": [4]},
        "optimizer": {"name": "adam", "learning_rate": 3e-2, "use_ema": True, "ema_momentum": 0.9},
        "train": {"batch_size": 16, "epochs": 3, "precision": "float32", "deterministic": False},
    }
    whole = train(recipe, out=tmp_path / "whole", verbose=0)
    for epochs in (2, 3):  # stopped after the second epoch, and continued
        parts = train(recipe, out=tmp_path / "parts", epochs=epochs, verbose=0)
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)

    rows = np.genfromtxt(tmp_path / "whole" / "history.csv", delimiter=",", names=True)
    last, best = (_loss(tmp_path / "whole", name) for name in ("last.keras", "model.keras"))
    assert last == pytest.approx(rows["val_loss"][-1], rel=1e-4)  # what was measured is what is kept: the averages
    assert best == pytest.approx(rows["val_loss"].min(), rel=1e-4)
    (tmp_path / "whole" / "last.keras").unlink()  # as if it had been killed before its last file
    train(recipe, out=tmp_path / "whole", verbose=0)
    assert _loss(tmp_path / "whole", "last.keras") == pytest.approx(last, rel=1e-4)

    last = kcolor.load(tmp_path / "whole" / "last.keras")
    with np.load(tmp_path / "whole" / "state.npz") as state:
        kept = [state[name] for name in sorted(state.files) if name.startswith("v")]
    first = last.get_weights()[0]
    same = [value for value in kept if value.shape == first.shape]
    assert not np.array_equal(same[0], first)  # the run itself continues with other weights
    assert any(np.array_equal(value, first) for value in same)  # which it keeps beside the averages


@pytest.mark.graphs
def test_averages_outlive_an_evaluation():
    """On JAX the weights and their averages would else be one buffer, which a step of evaluation gives away."""
    colorizer, photos = small(), np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), "uint8")
    colorizer.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    colorizer.fit(photos, epochs=1, verbose=0)
    for _ in range(2):
        with averaged(colorizer):
            colorizer.evaluate(photos, verbose=0)
    assert all(np.isfinite(weight).all() for weight in colorizer.get_weights())
