"""TOML, written and read again."""

import tomllib

from kcolor.recipes import toml


def test_values_as_toml():
    value = {"name": "sgd", "nesterov": True, "filters": [1, 2.5], "of": {"é": "x"}}
    assert tomllib.loads(f"value = {toml.toml_value({**value, 'of': 1})}")["value"] == {**value, "of": 1}
    assert toml.toml_value({"a": {"b": []}}) == "{a = {b = []}}"


def test_a_change_may_be_a_section():
    sections = {"optimizer": {"name": "adam", "beta_1": 0.5}}
    toml.apply_change(sections, 'optimizer={name = "sgd"}')
    toml.apply_change(sections, "data.source=a folder/with = signs")
    assert sections == {"optimizer": {"name": "sgd"}, "data": {"source": "a folder/with = signs"}}
    assert tomllib.loads(toml.to_toml(sections, "of two\nlines")) == sections


def test_where_a_text_is_wanted_numbers_and_dates_are_texts():
    sections = {}
    for change in ("data.source=2024-05-01", "data.cache = 2023", "data.val=2023", 'train.monitor="7"', "data.data_dir=[1]"):
        toml.apply_change(sections, change, {"data.source", "data.cache", "train.monitor", "data.data_dir"})
    data = {"source": "2024-05-01", "cache": "2023", "val": 2023, "data_dir": [1]}
    assert sections == {"data": data, "train": {"monitor": "7"}}
