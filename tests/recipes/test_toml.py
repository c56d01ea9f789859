"""TOML, written and read again."""

import tomllib

from kcolor.recipes import toml


def test_values_as_toml():
    value = {"name": "sgd", "nesterov": True, "filters": [1, 2.5], "of": {"é": "x"}}
    assert tomllib.loads(f"value = {toml.toml_value({**value, 'of': 1})}")["value"] == {**value, "of": 1}
    assert toml.toml_value({"a": {"b": []}}) == "{a = {b = []}}"
