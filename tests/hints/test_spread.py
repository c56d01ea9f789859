"""Corrections are spread to what is near, as light, and looks alike to the network."""

import numpy as np
import pytest
from helpers.colorizers import numpy

from kcolor.hints.spread import ALIKE, CHROMA, LIGHTNESS, NUGGET, REACH, boldness, descriptors, halves, kernel, narrow, spread


def by_hand(corrections, at, everywhere, nugget):
    def kernel(a, b):
        return np.exp(-0.5 * np.sum((a[:, None] - b[None]) ** 2, axis=-1))

    return kernel(everywhere, at) @ np.linalg.solve(kernel(at, at) + nugget * np.eye(len(at)), corrections)


def test_it_is_kriging(rng):
    at, everywhere = rng.normal(size=(7, 5)), rng.normal(size=(40, 5))
    corrections = rng.normal(size=(7, 2))
    found = numpy(spread(corrections, at, everywhere, nugget=0.1))
    assert found == pytest.approx(by_hand(corrections, at, everywhere, 0.1), abs=1e-4)


def test_more_pixels_than_one_piece(rng, monkeypatch):
    monkeypatch.setattr("kcolor.hints.spread._AT_ONCE", 64)
    at, everywhere = rng.normal(size=(2, 3)), rng.normal(size=(2 * 32 + 5, 3))
    corrections = rng.normal(size=(2, 3))
    assert numpy(spread(corrections, at, everywhere)) == pytest.approx(by_hand(corrections, at, everywhere, NUGGET), abs=1e-4)


def test_descriptors_are_place_lightness_features_and_colour(rng):
    seen = np.zeros((1, 10, 20, 3), "float32")
    seen[:, :, 10:] = 1.0
    plain = numpy(descriptors(seen))
    assert plain[0, 9, 0, 0] - plain[0, 0, 0, 0] == pytest.approx(9 / (REACH * 10), abs=1e-5)
    assert plain[0, 0, 19, 2] - plain[0, 0, 0, 2] == pytest.approx(100 / LIGHTNESS, abs=1e-4)
    features = np.zeros((1, 10, 20, 8), "float32")
    features[..., :5, 0], features[..., 5:, 1] = 3.0, 7.0
    found = numpy(descriptors(seen, features))[..., 3:]
    assert np.linalg.norm(found[0, 0, 0] - found[0, 9, 3]) == pytest.approx(0.0, abs=1e-5)
    assert np.linalg.norm(found[0, 0, 0] - found[0, 0, 9]) == pytest.approx(np.sqrt(2) / ALIKE, rel=0.35)
    ab = rng.normal(size=(1, 10, 20, 2)).astype("float32")
    assert numpy(descriptors(seen, ab=ab))[..., 3:] == pytest.approx(ab / CHROMA, abs=1e-5)


def test_descriptors_are_the_same_everywhere():
    """The projection is of a generator that NumPy does not change."""
    features = np.eye(4, dtype="float32")[None, None]
    found = numpy(descriptors(np.zeros((1, 1, 4, 3), "float32"), features))[0, 0, 0, 3]
    assert found == pytest.approx(1.764052 / np.sqrt(32) / ALIKE, rel=1e-4)


def test_what_is_known_of_the_pixels_is_used(rng):
    at, everywhere, corrections = rng.normal(size=(2, 3)), rng.normal(size=(9, 3)), rng.normal(size=(2, 3))
    known = halves(np.float32(everywhere))
    assert np.array_equal(numpy(spread(corrections, at, everywhere, half=known)), numpy(spread(corrections, at, everywhere)))


def test_bold_corrections_reach_less_unless_others_agree():
    at, corrections = np.float32([[0.0]]), np.float32([[50.0]])
    places = np.float32([[0.0], [0.3], [1.0]])
    meek, bold = (numpy(spread(corrections, at, places, boldness=np.float32([b])))[:, 0] for b in (0.0, 4.0))
    assert bold[0] == pytest.approx(meek[0], rel=0.05)
    assert bold[2] < 0.6 * meek[2]
    many = numpy(spread(corrections.repeat(9, 0), at.repeat(9, 0), places, boldness=np.full(9, 4.0, "float32")))[:, 0]
    assert many[2] > 1.3 * bold[2]


def test_small_things_are_bold():
    found = numpy(boldness(np.float32([10, 20, 20]), np.float32([0.01, 0.01, 0.005])))
    assert found / found[0] == pytest.approx([1, 4, 16])


def test_the_narrow_kernel_is_that_of_half_the_distances(rng):
    places = np.float32(rng.normal(size=(5, 3)))
    wide = kernel(places, halves(places), places, halves(places))
    doubled = 2 * places
    assert numpy(narrow(wide)) == pytest.approx(numpy(kernel(doubled, halves(doubled), doubled, halves(doubled))), abs=1e-5)
