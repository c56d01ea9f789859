"""Corrections are spread to what is near, as light, and looks alike to the network."""

import numpy as np
import pytest
from helpers.colorizers import numpy

from kcolor.hints.spread import descriptors, spread


def by_hand(corrections, at, everywhere, nugget):
    def kernel(a, b):
        return np.exp(-0.5 * np.sum((a[:, None] - b[None]) ** 2, axis=-1))

    return kernel(everywhere, at) @ np.linalg.solve(kernel(at, at) + nugget * np.eye(len(at)), corrections)


def test_it_is_kriging(rng):
    at, everywhere = rng.normal(size=(7, 5)), rng.normal(size=(40, 5))
    corrections = rng.normal(size=(7, 2))
    found = numpy(spread(corrections, at, everywhere, nugget=0.1))
    assert found == pytest.approx(by_hand(corrections, at, everywhere, 0.1), abs=1e-4)


def test_more_pixels_than_one_piece(rng):
    at, everywhere = rng.normal(size=(2, 3)), rng.normal(size=((1 << 14) + 5, 3))
    corrections = rng.normal(size=(2, 3))
    assert numpy(spread(corrections, at, everywhere)) == pytest.approx(by_hand(corrections, at, everywhere, 0.03), abs=1e-4)


def test_descriptors_are_place_lightness_and_features(rng):
    seen = np.zeros((1, 10, 20, 3), "float32")
    seen[:, :, 10:] = 1.0
    plain = numpy(descriptors(seen))
    assert plain[0, 6, 0, 0] - plain[0, 0, 0, 0] == pytest.approx(1.0)  # 0.6 of the shorter side
    assert plain[0, 0, 19, 2] - plain[0, 0, 0, 2] == pytest.approx(5.0)  # 100 / 20
    features = np.zeros((1, 10, 20, 8), "float32")
    features[..., :5, 0], features[..., 5:, 1] = 3.0, 7.0
    found = numpy(descriptors(seen, features))[..., 3:]
    assert np.linalg.norm(found[0, 0, 0] - found[0, 9, 3]) == pytest.approx(0.0, abs=1e-5)
    assert np.linalg.norm(found[0, 0, 0] - found[0, 0, 9]) == pytest.approx(np.sqrt(2) / 0.5, rel=0.35)


def test_descriptors_are_the_same_everywhere():
    """The projection is of a generator that NumPy does not change."""
    features = np.eye(4, dtype="float32")[None, None]
    found = numpy(descriptors(np.zeros((1, 1, 4, 3), "float32"), features))[0, 0, 0, 3]
    assert found == pytest.approx(1.764052 / np.sqrt(32) / 0.5, rel=1e-4)
