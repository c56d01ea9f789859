"""Bin grids: which bins there are, what they are worth, and what is saved of them."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.colors import colored
from keras import ops

from kcolor import bins


def numpy(x):
    return ops.convert_to_numpy(x)


GRIDS = {
    "6×6": bins.uniform_grid(6),
    "18×18": bins.uniform_grid(18),
    "step 10": bins.gamut_grid(10.0),
    "step 25": bins.gamut_grid(25.0),
    "32 of 18×18": bins.frequent(bins.uniform_grid(18), 32),
    "32 of step 10": bins.frequent(bins.gamut_grid(10.0), 32),
}


def test_sizes():
    sizes = {name: grid.size for name, grid in GRIDS.items()}
    assert sizes == {
        "6×6": 36,
        "18×18": 324,
        "step 10": 262,
        "step 25": sizes["step 25"],
        "32 of 18×18": 32,
        "32 of step 10": 32,
    }
    assert 40 < sizes["step 25"] < 60


def test_gamut_grid_has_a_neutral_bin_and_no_unreachable_one():
    grid = GRIDS["step 10"]
    assert [0.0, 0.0] in grid.centers.tolist()
    seen = np.unique(bins.bin_of(bins.cube_ab(64), grid))
    assert len(seen) > 0.98 * grid.size


def test_a_true_zero_is_a_colour_and_an_empty_bin_takes_its_nearest():
    grid = bins.uniform_grid(6)
    measured = bins.measure([colored(np.array([[0.0, 0.0], [50, 50]]))], grid)
    table = measured.colors()
    neutral = bins.bin_of(np.array([[0.0, 0.0]]), grid)[0]
    assert table[neutral] == pytest.approx([0, 0], abs=1e-3)
    corner = bins.bin_of(np.array([[127.0, 127.0]]), grid)[0]
    assert measured.counts[corner] == 0
    assert table[corner] == pytest.approx([50, 50], abs=1e-3)


def test_prior_smooths_in_the_plane():
    grid = bins.measure([colored(np.array([[0.0, 0.0]]))], bins.gamut_grid(10.0))
    prior = grid.prior(sigma=5.0)
    distance = np.linalg.norm(grid.centers, axis=1)
    assert prior.sum() == pytest.approx(1)
    assert prior[distance == 0] > prior[distance == 10].max() > prior[distance > 30].max()
    assert prior[distance == 10] == pytest.approx(prior[distance == 10][0], rel=1e-6)
    assert grid.prior(sigma=0)[distance == 0] == pytest.approx(1)


def test_rebalancing_by_hand():
    zero = ((0.0, 0.0),) * 4
    two = dataclasses.replace(bins.uniform_grid(2), counts=(3, 1, 0, 0), mean=zero, mode=zero)
    prior = np.array([0.75, 0.25, 0, 0])
    weights = 1 / (0.5 * prior + 0.5 / 4)
    assert two.rebalancing(0.5, sigma=0) == pytest.approx(weights / (weights * prior).sum())
    assert (two.rebalancing(0.5, sigma=0) * prior).sum() == pytest.approx(1)
    assert two.rebalancing(1.0, sigma=0) == pytest.approx([1, 1, 1, 1])


def test_saved_as_plain_numbers(samples):
    import json

    grid = bins.measure([samples["hats"]], bins.gamut_grid(20.0), keep=16)
    text = json.dumps(keras.saving.serialize_keras_object(grid))
    assert keras.saving.deserialize_keras_object(json.loads(text)) == grid


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bins.uniform_grid(0), "1×1 to 255×255"),
        (lambda: bins.gamut_grid(0.5), "step in 1..110"),
        (lambda: bins.frequent(bins.uniform_grid(2), 5), "1 to 4 frequent"),
        (lambda: bins.uniform_grid(6).prior(), "measure it first"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), counts=(1, 2)), "for 4 bins. Received: 2"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), cells=(4,)), "cells in 0..3"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), counts=(1, 1, 1, 1)).rebalancing(0), r"in \(0, 1\]"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
