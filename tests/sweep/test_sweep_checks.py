"""Checks of a sweep's file. What they say of a whole file is tested with `sweep_file`."""

import pathlib

import pytest

from kcolor import recipes
from kcolor.sweep import results, sweep_checks

FILE = pathlib.Path("toy.toml")


def test_which_way_is_better():
    better = {
        name: sweep_checks.is_higher_better(name) for name in ("loss", "val_loss", "val_psnr", "ab_distance", "val_lpips")
    }
    assert better == {"loss": False, "val_loss": False, "val_psnr": True, "ab_distance": False, "val_lpips": False}
    with pytest.raises(ValueError, match="(?s)one of.*bin_accuracy.*loss.*psnr.*Received: 'val_colorfulness'"):
        sweep_checks.is_higher_better("val_colorfulness")


def test_settings_are_filled_in():
    found = sweep_checks.checked_settings({"recipe": "bins-shapes", "repeats": 2}, FILE)
    assert found == {"recipe": "bins-shapes", "optimize": "val_loss", "repeats": 2, "trials": None, "prune": False}
    sweep_checks.check_axes({"train.batch_size": [8, 16]}, {}, found, FILE)
    with pytest.raises(ValueError, match="`repeats` in toy.toml with a .grid. only.*repeats = 2"):
        sweep_checks.check_axes({}, {"train.seed": [0, 1]}, {**found, "trials": 3}, FILE)


@pytest.mark.parametrize("grid", [{"train.seed": [7, 8]}, {"start": [{"name": "luck", "train.seed": 7}]}])
def test_repeats_and_an_axis_of_seeds_are_refused(grid):
    settings = sweep_checks.checked_settings({"recipe": "bins-shapes", "repeats": 2}, FILE)
    with pytest.raises(ValueError, match="`repeats` in toy.toml without train.seed.*repeats = 2 and train.seed in the axis"):
        sweep_checks.check_axes(grid, {}, settings, FILE)
    sweep_checks.check_axes(grid, {}, {**settings, "repeats": 1}, FILE)


def test_without_validation_pictures_only_training_can_be_optimized():
    base = recipes.load("bins-shapes", ["data.val=0.0"])
    sweep_checks.check_optimize("loss", base, FILE)
    sweep_checks.check_optimize(base.train.metrics[0], base, FILE)
    with pytest.raises(ValueError, match=r"one of \['loss', 'psnr'.*as data.val is 0. Received: 'val_loss'"):
        sweep_checks.check_optimize("val_loss", base, FILE)


@pytest.mark.parametrize("name", ["state", "trial", "parameters", "seconds", "losses", "val_psnr", "val_loss"])
def test_no_axis_is_called_as_a_column_of_the_results(name):
    settings = sweep_checks.checked_settings({"recipe": "bins-shapes"}, FILE)
    with pytest.raises(ValueError, match=f"another name for the axis {name} in toy.toml"):
        sweep_checks.check_axes({name: [{"name": "a", "train.epochs": 1}]}, {}, settings, FILE)
    assert set(results.COSTS) <= sweep_checks.COLUMNS


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"low": 0.1, "high": 0.001}, "low, not above high"),
        ({"low": 0, "high": 1, "log": True}, "a low above 0 with log"),
        ({"low": 0.1, "high": 1, "log": True, "step": 0.1}, "a step above 0, without log"),
        ({"low": 1, "high": 9, "step": 0}, "a step above 0"),
        ({"low": 1, "high": 9, "step": 0.5}, "a whole step between whole numbers"),
        ({"low": 0.0, "high": float("nan")}, "finite numbers"),
        ({"low": 0.0, "high": float("inf")}, "finite numbers"),
        ({"low": "a", "high": 1}, "finite numbers"),
        ({"low": 0, "high": 1, "log": "yes"}, "finite numbers, and log as true or false"),
    ],
)
def test_a_wrong_range_is_named_before_there_is_a_study(given, words):
    settings = {**sweep_checks.checked_settings({"recipe": "bins-shapes"}, FILE), "trials": 3}
    with pytest.raises(ValueError, match=f"Expected model.dropout in .search. of toy.toml with {words}"):
        sweep_checks.check_axes({}, {"model.dropout": given}, settings, FILE)
