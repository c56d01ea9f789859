"""A trial's training: what it leaves in its folder, and what is wrong with a folder."""

import json

import pytest

import kcolor
from kcolor import models
from kcolor.recipes import build
from kcolor.sweep import network_cost
from kcolor.sweep.train_trial import train
from kcolor.training.warm_start import DISCRIMINATOR
from kcolor.utils.files import BusyError, alone_in


def test_a_recipe_that_is_none(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    with pytest.raises(ValueError, match="TOML"):
        train(tmp_path)


def test_a_folder_in_which_another_trains_is_waited_for(tmp_path):
    with alone_in(tmp_path), pytest.raises(BusyError, match="Another run"):
        train(tmp_path, patience=0.0)


@pytest.mark.slow
def test_what_its_networks_cost_is_written_down(tmp_path, monkeypatch):
    colorizer = kcolor.Colorizer(models.build("unet", "lab", filters=(2, 4)), "lab", size=16)
    discriminator = models.build("complexity_discriminator", complexity=1, size=32)
    calls = []
    monkeypatch.setattr("kcolor.training.train.train", lambda recipe, out: calls.append((recipe, out)) or colorizer)
    train(tmp_path)
    costs = network_cost.of_network(colorizer.network, (16, 16))
    assert calls == [(tmp_path / "recipe.toml", tmp_path)]
    assert json.loads((tmp_path / "result.json").read_text()) == costs
    discriminator.save(tmp_path / DISCRIMINATOR)
    train(tmp_path)
    ratio = build.count_weights(discriminator) / costs["parameters"]
    assert json.loads((tmp_path / "result.json").read_text()) == {**costs, "ratio": ratio}
