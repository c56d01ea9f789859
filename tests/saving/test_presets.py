"""Colorizers that ship, by name; and what a name looks like that is none."""

import pytest
from helpers.colorizers import small

import kcolor
from kcolor.saving import presets


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A folder of shipped colorizers with one, "mine"."""
    (tmp_path / "saved_models" / "mine").mkdir(parents=True)
    small(size=16).save(tmp_path / "saved_models" / "mine" / "model.keras")
    monkeypatch.setattr(presets, "_folder", lambda: tmp_path / "saved_models")
    return tmp_path / "saved_models"


@pytest.mark.slow
def test_a_model_by_file_folder_or_name(shipped):
    assert kcolor.presets() == ["mine"]
    for where in ("mine", shipped / "mine", shipped / "mine" / "model.keras"):
        assert kcolor.load(where).size == 16
    with pytest.raises(ValueError, match=r"or a name \(mine\). Received: 'yours'"):
        presets.find("yours")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mini", "which looks like 'mine', misspelt"),
        ("hf:somebody/mine", "which looks like an address. Download the file"),
        ("https://example.org/model.keras", "which looks like an address"),
        ("runs/mine/model.keras", "which looks like a path. There is no such file or folder"),
        ("other.keras", "which looks like a path"),
    ],
)
def test_what_is_no_name_says_what_it_looks_like(shipped, name, words):
    with pytest.raises(ValueError, match=f"Received: '{name}', {words}"):
        presets.find(name)


def test_a_folder_without_a_model_is_named(shipped, tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(ValueError, match=r"run', a folder without a model.keras"):
        presets.find(tmp_path / "run")


def test_without_any_that_ship(tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "_folder", lambda: tmp_path / "none")
    assert presets.names() == []
    with pytest.raises(ValueError, match=r"a name \(none\). Received: 'photo'"):
        presets.find("photo")
