"""Checks of a sweep's file. What they say of a whole file is tested with `sweep_file`."""

import pathlib

import pytest

from kcolor import recipes
from kcolor.sweep import sweep_checks

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
    with pytest.raises(ValueError, match="without val_.*no validation pictures.*'val_loss'"):
        sweep_checks.check_optimize("val_loss", base, FILE)
