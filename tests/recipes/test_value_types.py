"""Values against type value_types."""

import inspect
import os
from collections.abc import Sequence
from typing import Annotated, Literal

import keras
import numpy as np
import pytest

from kcolor.recipes import value_types

SHARE = value_types.Rule(lambda value: 0 <= value <= 1, "in [0, 1]")


def check(value, hint):
    return value_types.check_value(value, hint, "a.b", "recipe")


def test_what_fits_a_hint():
    assert type(check(1, float)) is float
    assert type(check(1, int | str)) is int
    assert check("x", Literal["x", "y"]) == "x"
    assert check((1, 2), list | None) == [1, 2]
    assert check(0.5, Annotated[float, SHARE] | None) == 0.5
    assert check([1, 0.5], float | Sequence[float]) == [1.0, 0.5]
    assert check([1, 2], int | tuple[int, int] | None) == [1, 2]
    assert check("x", str | os.PathLike | None) == "x"
    assert check(["x"], Sequence[str] | np.ndarray) == ["x"]


@pytest.mark.parametrize(
    ("value", "hint", "message"),
    [
        (True, int, "Expected a.b in recipe as a whole number. Received: True"),
        (1, str | bool, "Expected a.b in recipe as a text or true or false. Received: 1"),
        ("z", Literal["x", "y"], r"Expected a.b as one of \('x', 'y'\) in recipe. Received: 'z'"),
        (2, Annotated[float, SHARE] | None, r"Expected a.b in \[0, 1\] in recipe. Received: 2.0"),
        ([1, "x"], list[int], r"a list of whole numbers. Received: \[1, 'x'\]"),
        ([[1], 2], list[list[int]], "a list of lists of whole numbers"),
        ("xy", Sequence[str], "a list of texts. Received: 'xy'"),
        ([1, 2, 3], int | tuple[int, int], "a whole number or a list of 2 whole numbers"),
        (True, float | Sequence[float], "a number or a list of numbers. Received: True"),
        ("x", int | float, "as a number. Received: 'x'"),
        (None, int | None, "whole number. Received: None"),
    ],
)
def test_what_does_not_fit_is_named(value, hint, message):
    with pytest.raises(ValueError, match=message):
        check(value, hint)


def test_options_without_hints_are_read_from_their_defaults():
    def build(filters=(1, 2), rate=0.1, flag=False, weights=None, draw=max, size: int | None = None):
        pass

    defaults = {key: one.default for key, one in inspect.signature(build).parameters.items()}
    assert value_types.types_of_options(build, defaults) == {
        "filters": list,
        "rate": float,
        "flag": bool,
        "weights": value_types.ANYTHING,
        "draw": value_types.ANYTHING,
        "size": int | None,
    }


def test_what_keras_leaves_open_is_a_number():
    found = value_types.types_of_options(keras.optimizers.SGD, {"clipnorm": None, "nesterov": False})
    assert found == {"clipnorm": int | float, "nesterov": bool}
    assert value_types.types_of_options(keras.losses.Huber, {"dtype": None}) == {"dtype": value_types.ANYTHING}


def test_hints_that_toml_cannot_write_or_nobody_can_read_count_as_none():
    def build(model: keras.Model | None = None, other: "Nowhere" = 1):  # noqa: F821
        pass

    assert value_types.types_of_options(build, {"model": None, "other": 1}) == {"model": value_types.ANYTHING, "other": int}


def test_numbers_of_numpy_become_plain_ones():
    assert repr(check([np.int64(8), np.int32(16)], list)) == "[8, 16]"
    assert repr(check(np.linspace(0, 1, 2), list[float])) == "[0.0, 1.0]"
    assert repr(check(((np.float32(0.5), 2), "x"), list)) == "[[0.5, 2], 'x']"
    assert repr([check(np.int64(3), int), check(np.float64(3), float), check(np.bool_(True), bool)]) == "[3, 3.0, True]"
    assert repr(check({"sea": np.float64(2.5)}, dict)) == "{'sea': 2.5}"


def test_texts_alone():
    assert all(map(value_types.is_text, (str, str | None, Literal["x"])))
    assert not any(map(value_types.is_text, (str | int, list)))
