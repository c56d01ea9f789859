"""What a run is fed with."""

import keras
import numpy as np
import pytest

from kcolor import data
from kcolor.recipes import recipe
from kcolor.training import input_data

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")

SMALL = {
    "data": {"source": "shapes", "size": 32, "skip_gray": False, "train_limit": 48, "val_limit": 16},
    "target": {"name": "ycbcr"},
    "model": {"name": "unet", "filters": [4, 8], "dropout": 0.2},
    "optimizer": {"name": "adam", "learning_rate": 1e-2},
    "augment": {"crop": 0.2},
    "train": {"batch_size": 16, "epochs": 3, "metrics": ["psnr"], "deterministic": False, "precision": "float32"},
}


def test_samples_come_from_anywhere_in_the_set():
    plan = recipe.load(SMALL)
    pictures = plan.open_pictures("train")
    shown, first = (list(found) for found in (input_data.fixed_pictures(plan, pictures, 4), data.each(pictures, 32, limit=4)))
    assert len(shown) == 4
    assert not all(np.array_equal(a, b) for a, b in zip(shown, first, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(shown, input_data.fixed_pictures(plan, pictures, 4), strict=True))


@pytest.mark.parametrize(("changes", "steps"), [([], 3), (["train.steps=2"], 2), (["data.copies=4", "train.steps=99"], 10)])
def test_an_epoch_has_its_steps(changes, steps):
    assert input_data.steps_an_epoch(recipe.load(SMALL, changes), 40) == steps


def test_batches_and_tables_are_the_recipes(tmp_path):
    plan = recipe.load({**SMALL, "target": {"name": "bins", "grid": 6}})
    pictures = plan.open_pictures("train")
    for said in (["measuring", "pictures"], []):  # once
        lines = []
        target = input_data.measured_target(plan, tmp_path, pictures, None, lines.append)
        assert sum(target.measured.counts) == 48 * 32 * 32
        assert all(word in lines[-1] for word in said)
    assert not lines
    assert [batch.shape for batch in input_data.batches(plan, pictures)] == [(16, 32, 32, 3)] * 3


def test_short_epochs_have_other_pictures_each():
    plan = recipe.load({**SMALL, "train": {**SMALL["train"], "steps": 1}})
    pictures = plan.open_pictures("train")
    epochs = input_data.batches(plan, pictures, shuffle=True)
    one, two = (list(epochs) for _ in range(2))
    assert len(one) == len(two) == 1
    assert not np.array_equal(one[0], two[0])
    later = list(input_data.batches(plan, pictures, shuffle=True, first_epoch=1))
    assert np.array_equal(later[0], two[0])
    assert len(list(input_data.batches(plan, pictures))) == 3  # validation is whole


def test_what_is_left_of_an_epoch_is_left_out_if_devices_would_get_nothing():
    plan = recipe.load({**SMALL, "data": {**SMALL["data"], "train_limit": 33}})
    pictures = plan.open_pictures("train")
    for devices, expected in ((1, [16, 16, 1]), (2, [16, 16])):
        assert [len(batch) for batch in input_data.batches(plan, pictures, devices=devices)] == expected
