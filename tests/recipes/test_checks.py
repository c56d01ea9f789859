"""Values against type hints, and options against signatures."""

import dataclasses
from typing import Annotated, Literal

import pytest

from kcolor.recipes import checks, recipe

SHARE = checks.Rule(lambda value: 0 <= value <= 1, "in [0, 1]")


def check(value, hint):
    return checks.check_value(value, hint, "a.b", "recipe")


def test_what_fits_a_hint():
    assert type(check(1, float)) is float
    assert type(check(1, int | str)) is int
    assert check("x", Literal["x", "y"]) == "x"
    assert check((1, 2), list | None) == [1, 2]
    assert check(0.5, Annotated[float, SHARE] | None) == 0.5


@pytest.mark.parametrize(
    ("value", "hint", "message"),
    [
        (True, int, "Expected a.b in recipe as a whole number. Received: True"),
        (1, str | bool, "Expected a.b in recipe as a text or true or false. Received: 1"),
        ("z", Literal["x", "y"], r"Expected a.b as one of \('x', 'y'\) in recipe. Received: 'z'"),
        (2, Annotated[float, SHARE] | None, r"Expected a.b in \[0, 1\] in recipe. Received: 2.0"),
        (None, int | None, "whole number. Received: None"),
    ],
)
def test_what_does_not_fit_is_named(value, hint, message):
    with pytest.raises(ValueError, match=message):
        check(value, hint)


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


def test_phases_are_lists_of_changes():
    assert checks.check_phases({"one": ["train.epochs=3"]}, "recipe") == {"one": ["train.epochs=3"]}
    with pytest.raises(ValueError, match="as a list of changes"):
        checks.check_phases({"one": [3]}, "recipe")


def test_keys_that_are_not_there_are_named():
    checks.check_keys({"a": 1}, ["a", "b"], "model", "recipe")
    with pytest.raises(ValueError, match=r"Unknown key in \[model\] of recipe. Expected some of \['a'\]. Received: \['b'\]"):
        checks.check_keys({"b": 1}, ["a"], "model", "recipe")
