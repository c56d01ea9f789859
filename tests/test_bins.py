"""Bin grids: where colours fall, what bins are worth, and how answers become colours again."""

import dataclasses
import math

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import bins, color


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


def test_system_a_index_by_hand():
    grid = bins.uniform_grid(6)
    # ab_norm = (ab + 128) / 255; index = 6·ib + ia
    cases = {(-128, -128): 0, (127, -128): 5, (-128, 127): 30, (127, 127): 35, (0, 0): 3 * 6 + 3, (-0.6, 0): 3 * 6 + 2}
    assert numpy(bins.index(np.array(list(cases), "float32"), grid)).tolist() == list(cases.values())


@pytest.mark.parametrize("name", GRIDS)
def test_nothing_falls_outside(name):
    grid = GRIDS[name]
    far = np.array([[-1e6, 1e6], [1e6, -1e6], [128, 128], [-128.001, 127.5], [-110, 110]], "float32")
    index = numpy(bins.index(far, grid))
    assert index.dtype == np.int32
    assert ((index >= 0) & (index < grid.size)).all()


@pytest.mark.parametrize("name", GRIDS)
def test_the_centre_of_a_bin_belongs_to_it(name):
    grid = GRIDS[name]
    assert np.array_equal(numpy(bins.index(grid.centers.astype("float32"), grid)), np.arange(grid.size))


@pytest.mark.parametrize("name", GRIDS)
def test_every_cell_moves_to_the_nearest_kept_centre(name):
    grid = GRIDS[name]
    lattice = grid.lattice().centers.astype("float32")
    distance = np.linalg.norm(lattice[:, None] - grid.centers[None], axis=-1)
    chosen = numpy(bins.index(lattice, grid))
    assert distance[np.arange(len(lattice)), chosen] == pytest.approx(distance.min(axis=1), abs=1e-4)


def test_cells_are_clamped_at_the_edges():
    assert bins.cell_of(np.float32([[-500, -500], [500, -500], [0, 500]]), bins.uniform_grid(4)).tolist() == [0, 3, 14]


def test_large_batch_on_the_device_is_what_numpy_says(rng):
    grid = GRIDS["step 10"]
    ab = rng.uniform(-130, 130, (64, 256, 256, 2)).astype("float32")
    assert np.array_equal(numpy(bins.index(ab, grid)), bins.bin_of(ab, grid))


def test_gamut_grid_has_a_neutral_bin_and_no_unreachable_one():
    grid = GRIDS["step 10"]
    assert [0.0, 0.0] in grid.centers.tolist()
    seen = np.unique(bins.bin_of(bins.cube_ab(64), grid))
    assert len(seen) > 0.98 * grid.size


def test_soft_encoding_by_hand():
    grid = bins.gamut_grid(10.0)
    share = numpy(bins.soft_encode(np.array([[2.5, 1.0]], "float32"), grid))[0]
    neighbors = np.argsort(-share)[:5]
    assert share.sum() == pytest.approx(1)
    assert (share > 0).sum() == 5
    assert grid.centers[neighbors[0]].tolist() == [0, 0]
    expected = np.exp(-((7.5**2 + 1**2) - (2.5**2 + 1**2)) / 50)  # the bin at (10, 0) against the one at (0, 0)
    at_ten = np.flatnonzero((grid.centers == [10, 0]).all(axis=1))[0]
    assert share[at_ten] / share[neighbors[0]] == pytest.approx(expected, rel=1e-4)


def test_no_more_than_five_share_a_colour_that_is_equally_far_from_many():
    ab = np.float32([[5, 5], [5, 0], [0, 0], [-5, 15]])
    assert (numpy(bins.soft_encode(ab, bins.gamut_grid(10.0))) > 0).sum(axis=1).tolist() == [5, 5, 5, 5]


def test_soft_encoding_far_outside_is_finite():
    share = numpy(bins.soft_encode(np.array([[500.0, -500.0]], "float32"), bins.gamut_grid(10.0)))
    assert np.isfinite(share).all()
    assert share.sum() == pytest.approx(1)


@pytest.mark.parametrize("name", GRIDS)
def test_neighbours_are_the_nearest_bins_within_half_a_unit(name, rng):
    grid = GRIDS[name]
    ab = rng.uniform(-110, 110, (500, 2)).astype("float32")
    index, share = (numpy(part) for part in bins.neighbors_of(ab, grid, neighbors=5, sigma=5.0))
    assert index.shape == share.shape == (500, 5)
    assert (np.diff(np.sort(index, axis=1)) > 0).all()
    distance = np.linalg.norm(ab[:, None] - grid.centers, axis=-1)
    chosen = np.take_along_axis(distance, index, axis=1)
    # No farther than the square's diagonal is long: so much the order of two bins can differ between its middle and the colour.
    assert (np.sort(chosen, axis=1) - np.sort(distance, axis=1)[:, :5]).max() < math.sqrt(0.5) + 1e-3
    assert chosen.min(axis=1) == pytest.approx(distance.min(axis=1), abs=1e-3)
    weight = np.exp((chosen.min(axis=1, keepdims=True) ** 2 - chosen**2) / 50)
    assert share == pytest.approx(weight / weight.sum(axis=1, keepdims=True), abs=1e-3)


def test_soft_encoding_is_the_neighbours_written_out(rng):
    ab = rng.uniform(-90, 90, (3, 7, 2)).astype("float32")
    index, share = (numpy(part) for part in bins.neighbors_of(ab, GRIDS["step 25"], 3, 10.0))
    expected = np.zeros((3, 7, GRIDS["step 25"].size), "float32")
    np.put_along_axis(expected, index, share, axis=-1)
    assert numpy(bins.soft_encode(ab, GRIDS["step 25"], 3, 10.0)) == pytest.approx(expected)


def test_as_many_neighbours_as_there_are_bins():
    grid = bins.uniform_grid(2)
    assert bins.near_bins(grid, 9).shape == (2 * 255, 2 * 255, 4)
    assert numpy(bins.soft_encode(np.float32([[60, 60]]), grid, 9, 50.0)).shape == (1, 4)


def colored(ab, lightness=60.0):
    """A picture of one row with these ab."""
    lab = np.concatenate([np.full((len(ab), 1), lightness), ab], axis=-1)[None].astype("float32")
    rgb = numpy(color.lab_to_rgb(lab, gamut=None))
    assert rgb.min() >= 0
    assert rgb.max() <= 1
    return rgb


def test_measures_counts_mean_and_mode():
    grid = bins.uniform_grid(6)
    ab = np.array([[10, 10]] * 5 + [[20, 30]] * 3 + [[25, 12]] * 2 + [[-30, 20]] * 4)
    measured = bins.measure([colored(ab[:6]), colored(ab[6:])], grid)
    first, second = bins.bin_of(np.array([[10.0, 10.0], [-30.0, 20.0]]), grid)
    assert measured.counts[first] == 10
    assert measured.counts[second] == 4
    assert sum(measured.counts) == 14
    assert measured.mean[first] == pytest.approx(ab[:10].mean(axis=0), abs=1e-3)
    assert measured.mode[first] == pytest.approx([10, 10], abs=1e-3)  # the most frequent, not the largest
    assert measured.mode[second] == pytest.approx([-30, 20], abs=1e-3)


def test_a_true_zero_is_a_colour_and_an_empty_bin_takes_its_nearest():
    grid = bins.uniform_grid(6)
    measured = bins.measure([colored(np.array([[0.0, 0.0], [50, 50]]))], grid)
    table = measured.colors()
    neutral = bins.bin_of(np.array([[0.0, 0.0]]), grid)[0]
    assert table[neutral] == pytest.approx([0, 0], abs=1e-3)
    corner = bins.bin_of(np.array([[127.0, 127.0]]), grid)[0]
    assert measured.counts[corner] == 0
    assert table[corner] == pytest.approx([50, 50], abs=1e-3)


def test_temperature_between_mode_and_mean():
    ab = np.array([[10, 10]] * 3 + [[20, 30]])
    measured = bins.measure([colored(ab)], bins.uniform_grid(6))
    here = bins.bin_of(ab[:1].astype(float), measured)[0]
    assert measured.colors(0.0)[here] == pytest.approx([10, 10], abs=1e-3)
    assert measured.colors(1.0)[here] == pytest.approx([12.5, 15], abs=1e-3)
    assert measured.colors(0.8)[here] == pytest.approx([12, 14], abs=1e-3)


def test_keeps_the_most_frequent_of_what_was_measured():
    ab = np.array([[0, 0]] * 9 + [[40, 40]] * 5 + [[-40, 30]] * 4 + [[40, -40]])
    measured = bins.measure([colored(ab)], bins.uniform_grid(18), keep=3)
    assert measured.size == 3
    assert sorted(measured.counts) == [4, 5, 10]  # the last colour moved to its nearest kept bin, and is counted there


def test_measuring_photographs_agrees_with_sorting_them(samples):
    photo = samples["parrots"]
    grid = bins.gamut_grid(10.0)
    measured = bins.measure([photo], grid)
    ab = numpy(color.rgb_to_lab(photo / np.float32(255)))[..., 1:].reshape(-1, 2)
    index = bins.bin_of(ab, grid)
    fullest = np.bincount(index).argmax()
    assert measured.counts[fullest] == (index == fullest).sum()
    assert measured.mean[fullest] == pytest.approx(ab[index == fullest].mean(axis=0), abs=1e-2)


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


def test_decoding_by_hand():
    grid = dataclasses.replace(
        bins.uniform_grid(2),
        counts=(1, 1, 1, 1),
        mean=((0, 0), (10, 0), (0, 10), (10, 10)),
        mode=((1, 1), (20, 0), (0, 0), (0, 0)),
    )
    logits = np.log(np.array([[0.2, 0.6, 0.1, 0.1]], "float32"))

    def decode(name, temperature=0.38):
        return numpy(bins.decode(logits, grid, name, temperature))[0].tolist()

    assert decode("mean") == [10, 0]
    assert decode("mode") == [20, 0]
    assert decode("temperature", 0.8) == pytest.approx([12, 0])
    assert decode("annealed_mean", 1.0) == pytest.approx([0.6 * 10 + 0.1 * 10, 0.1 * 10 + 0.1 * 10], rel=1e-5)
    sharp = np.array([0.2, 0.6, 0.1, 0.1]) ** (1 / 0.38)
    sharp /= sharp.sum()
    assert decode("annealed_mean") == pytest.approx([10 * (sharp[1] + sharp[3]), 10 * (sharp[2] + sharp[3])], rel=1e-4)
    assert decode("annealed_mean", 0.01) == pytest.approx([10, 0], abs=1e-4)
    assert numpy(bins.decode(np.array([[3]], "int32"), grid, "mean", 0.38))[0].tolist() == [10, 10]


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
        (lambda: bins.measure([], bins.uniform_grid(6)), "at least one pixel"),
        (lambda: bins.measure([np.full((4, 4, 3), 99.0)], bins.uniform_grid(6)), "0..255"),
        (lambda: bins.measure([np.full((4, 4, 3), np.nan)], bins.uniform_grid(6)), "NaN"),
        (lambda: bins.decode(np.zeros((1, 4)), bins.uniform_grid(2), "median"), "Unknown `decoding`"),
        (lambda: bins.decode(np.zeros((1, 4)), bins.uniform_grid(2), temperature=0), "positive `temperature`"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), counts=(1, 2)), "for 4 bins. Received: 2"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), cells=(4,)), "cells in 0..3"),
        (lambda: dataclasses.replace(bins.uniform_grid(2), counts=(1, 1, 1, 1)).rebalancing(0), r"in \(0, 1\]"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
