"""Options against signatures, and keys against one another."""

import dataclasses

import pytest

from kcolor.recipes import checks, recipe
from kcolor.training.equal_colorfulness import METRICS, PREFIX


def test_options_are_read_from_defaults():
    def build(target, filters=(1, 2), rate=0.1, weights=None, *, name=None, measured=None, **others):
        pass

    read = dataclasses.replace  # any function without defaults of its own has no options
    with pytest.raises(ValueError, match="Unknown key in"):
        checks.read_options({"obj": 1}, read, "model", "recipe")
    given = {"weights": "x", "filters": [3], "rate": 1}
    assert checks.read_options(given, build, "model", "recipe") == {"filters": [3], "rate": 1.0, "weights": "x"}
    for key in ("target", "name", "measured", "others"):
        with pytest.raises(ValueError, match=rf"\['filters', 'rate', 'weights'\]. Received: \['{key}'\]"):
            checks.read_options({key: 1}, build, "model", "recipe")


def test_what_two_keys_say_goes_together():
    loaded = recipe.load("bins-shapes")
    checks.check_together(loaded, "mine")
    loaded = dataclasses.replace(loaded, data=dataclasses.replace(loaded.data, zoom=2.0))
    with pytest.raises(ValueError, match='data.zoom in mine is for data.crop = "random" alone'):
        checks.check_together(loaded, "mine")


def test_a_run_judged_at_equal_colourfulness_needs_pictures_for_it():
    monitored = ["train.monitor=val_equal_ab_distance"]
    recipe.load("bins-shapes", [*monitored, "train.equal_colorfulness=8"])
    for changes in (monitored, [*monitored, "train.equal_colorfulness=8", "data.val=0.0"]):
        with pytest.raises(ValueError, match="train.monitor in .* needs train.equal_colorfulness"):
            recipe.load("bins-shapes", changes)


def test_what_equal_colourfulness_measures_is_what_can_be_monitored():
    assert tuple(f"val_{PREFIX}{name}" for name in METRICS) == checks.EQUAL


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["train.monitor=val_equal_lpips", "train.equal_colorfulness=8"], r"one of \('val_equal_psnr'.*\"val_equal_lpips\""),
        (["train.monitor=val_sharpness"], "as a column of history.csv"),
        (["train.monitor=equal_psnr", "train.equal_colorfulness=8"], "as a column of history.csv"),
        (["train.drop_factor=1.5"], "train.drop_factor above 0 and below 1"),
        (["train.drop_factor=0.0"], "train.drop_factor above 0 and below 1"),
        (["train.monitor=psnr"], 'as "val_psnr": metrics are of the validation pictures. Received: "psnr"'),
        (["train.monitor=val_psnr", "data.val=0.0"], 'data.val above 0. Received: "val_psnr", data.val = 0.0'),
        (["train.drop_patience=2"], 'drop_patience in .*name = "constant" alone.* = 2, name = "cosine". Leave out one'),
        (["schedule.name=constant"], 'for schedule.name = "cosine" alone.*warmup = 1.0, end = 0.0. Set both to 0'),
        (["schedule.warmup=-1"], "schedule.warmup as 0 or more.*-1"),
        (["schedule.end=2"], r"schedule.end in \[0, 1\].*2.0"),
        (["loss.name=adversarial"], r"loss.name in .*'adversarial'.*\[adversarial\] asks for it"),
        (["train.metrics=['psnr', 'sharpness']"], r"train.metrics in .* as some of \['ab_distance'.*Received: \['sharpness'\]"),
        (["train.seed=-1"], r"train.seed from 0 to 2\*\*32 - 1"),
        (["schedule.warmup=inf"], "schedule.warmup as 0 or more"),
        (["data.val=1.0"], r"data.val in \[0, 1\)"),
        (["data.zoom=0.5"], "data.zoom as at least 1"),
        (["train.patience=0"], "train.patience as at least 1"),
        (["model.filters=['a']"], r"model.filters in .* as a list of whole numbers. Received: \['a'\]"),
        (["model.dropout='a'"], "model.dropout in .* as a number or a list of numbers. Received: 'a'"),
        (["model.size=[3]"], r"model.size in .* as a whole number or a list of 2 whole numbers. Received: \[3\]"),
        (["target.grid='18'"], "target.grid in .* as a whole number. Received: '18'"),
        (["optimizer.clipnorm=[1]"], r"optimizer.clipnorm in .* as a number. Received: \[1\]"),
        (["loss.name=bins_and_colors"], "loss.name in .*'bins_and_colors'.*target.color_weight asks for it"),
    ],
)
def test_what_would_go_wrong_later_is_named_at_once(changes, message):
    with pytest.raises(ValueError, match=message):
        recipe.load("bins-shapes", changes)


def test_what_may_be_monitored_and_scheduled():
    for changes in (
        ["train.monitor=val_psnr"],
        ["train.monitor=psnr", "data.val=0.0"],
        ["train.monitor=loss"],
        ["schedule.name=constant", "schedule.warmup=0", "train.drop_patience=2"],
    ):
        recipe.load("bins-shapes", changes)
    phases = {"one": ["schedule.name=constant", "schedule.warmup=0"], "two": ["schedule.warmup=2"]}
    patient = recipe.load("bins-shapes", ["train.drop_patience=2"], {"phases": {"one": phases["one"]}})  # not cosine in any
    assert patient.phase("one").train.drop_patience == 2
    with pytest.raises(ValueError, match="drop_patience in phase two"):
        recipe.load("bins-shapes", ["train.drop_patience=2"], {"phases": phases})


def test_phases_are_lists_of_changes():
    assert checks.check_phases({"one": ["train.epochs=3"]}, "recipe") == {"one": ["train.epochs=3"]}
    with pytest.raises(ValueError, match="as a list of changes"):
        checks.check_phases({"one": [3]}, "recipe")


def test_keys_that_are_not_there_are_named():
    checks.check_keys({"a": 1}, ["a", "b"], "model", "recipe")
    with pytest.raises(ValueError, match=r"Unknown key in \[model\] of recipe. Expected some of \['a'\]. Received: \['b'\]"):
        checks.check_keys({"b": 1}, ["a"], "model", "recipe")
