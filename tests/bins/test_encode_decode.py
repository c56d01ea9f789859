"""Colours to bins and back, on the device."""

import dataclasses
import math

import numpy as np
import pytest
from keras import ops

from kcolor import bins
from kcolor.bins.encode_decode import check_decoding, mean_color

GRIDS = {
    "6×6": bins.uniform_grid(6),
    "18×18": bins.uniform_grid(18),
    "step 10": bins.gamut_grid(10.0),
    "step 25": bins.gamut_grid(25.0),
    "32 of 18×18": bins.frequent(bins.uniform_grid(18), 32),
    "32 of step 10": bins.frequent(bins.gamut_grid(10.0), 32),
}


def numpy(x):
    return ops.convert_to_numpy(x)


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


def test_large_batch_on_the_device_is_what_numpy_says(rng):
    grid = GRIDS["step 10"]
    ab = rng.uniform(-130, 130, (64, 256, 256, 2)).astype("float32")
    assert np.array_equal(numpy(bins.index(ab, grid)), bins.bin_of(ab, grid))


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bins.decode(np.zeros((1, 4)), bins.uniform_grid(2), "median"), "Unknown `decoding`"),
        (lambda: bins.decode(np.zeros((1, 4)), bins.uniform_grid(2), temperature=0), "`temperature` above 0 and up to 1"),
        (lambda: bins.decode(np.zeros((1, 4)), bins.uniform_grid(2), "temperature", 5.0), r"in \[0, 1\] for temperature.*5.0"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_mean_color_is_a_product_of_matrices():
    random = np.random.default_rng(0)
    share, colors = random.uniform(size=(2, 3, 5)).astype("float32"), random.normal(size=(5, 2)).astype("float32")
    assert ops.convert_to_numpy(mean_color(share, colors)) == pytest.approx(share @ colors, rel=1e-5)


def test_decodings_and_their_temperatures():
    for decoding, temperature in (("mean", 0.0), ("temperature", 0.0), ("temperature", 1), ("annealed_mean", 1.0)):
        check_decoding(decoding, temperature)
    for decoding, temperature in (("annealed_mean", 0.0), ("annealed_mean", 1.1), ("mode", -0.1), ("mode", float("nan"))):
        with pytest.raises(ValueError, match=f"for {decoding}. Received: {temperature}"):
            check_decoding(decoding, temperature)
