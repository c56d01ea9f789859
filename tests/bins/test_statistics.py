"""Counts, means and modes of measured photographs."""

import numpy as np
import pytest
from helpers.colors import colored
from keras import ops

from kcolor import bins, color


def numpy(x):
    return ops.convert_to_numpy(x)


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bins.measure([], bins.uniform_grid(6)), "at least one pixel"),
        (lambda: bins.measure([np.full((4, 4, 3), 99.0)], bins.uniform_grid(6)), "0..255"),
        (lambda: bins.measure([np.full((4, 4, 3), np.nan)], bins.uniform_grid(6)), "NaN"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_progress_is_told_in_pixels():
    told = []
    bins.measure([np.zeros((2, 3, 3), "uint8"), np.zeros((2, 2, 3, 3), "uint8")], bins.uniform_grid(2), progress=told.append)
    assert told == [6, 18]
