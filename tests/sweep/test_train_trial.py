"""A trial's training: what it leaves in its folder, and what is wrong with a folder."""

import json

import keras
import pytest
from helpers.sweeps import TOY, toy

from kcolor.sweep.train_trial import train
from kcolor.utils.files import BusyError, alone_in


def test_a_recipe_that_is_none(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    with pytest.raises(ValueError, match="TOML"):
        train(tmp_path)


def test_a_folder_in_which_another_trains_is_waited_for(tmp_path):
    with alone_in(tmp_path), pytest.raises(BusyError, match="Another run"):
        train(tmp_path, patience=0.0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="training needs TensorFlow's tf.data")
def test_what_its_network_costs_is_written_down(tmp_path):
    small = ('"data.train_limit" = 16', '"data.val_limit" = 8', '"train.batch_size" = 8', "[grid]")
    swept = toy(tmp_path, TOY.replace('epochs" = 3', 'epochs" = 1').replace("[grid]", "\n".join(small)))
    (tmp_path / "recipe.toml").write_text(swept.plan(swept.points()[0]).to_toml())
    train(tmp_path)
    found = json.loads((tmp_path / "result.json").read_text())
    assert (tmp_path / "model.keras").is_file()
    assert found["parameters"] > 0
    assert found["flops"] > 0
    assert found["code_size"] is None
