"""Separable filters, against SciPy."""

import numpy as np
import pytest
from keras import ops
from scipy import ndimage

from kcolor.images.blur import gaussian, gaussians, weigh_neighbors


def numpy(x):
    return ops.convert_to_numpy(x)


def test_a_gaussian_by_hand():
    weights = gaussian(2.0, 1)
    assert weights[0] == weights[2]
    assert weights[0] / weights[1] == pytest.approx(np.exp(-1 / 8))
    assert sum(weights) == pytest.approx(1)


def test_a_gaussian_per_picture_is_that_of_its_sigma():
    sigmas = [0.0, 0.7, 3.0]
    found = numpy(gaussians(ops.reshape(sigmas, (3, 1, 1, 1)), 4))
    assert found.shape == (3, 1, 1, 9)
    assert found[0, 0, 0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    for weights, sigma in zip(found[1:, 0, 0], sigmas[1:], strict=True):
        assert weights == pytest.approx(gaussian(sigma, 4), abs=1e-6)


def test_the_filter_is_scipys_where_it_lies_inside(rng):
    images = rng.random((2, 9, 11, 3)).astype("float32")
    found = numpy(weigh_neighbors(images, gaussian(1.5, 2)))
    expected = ndimage.gaussian_filter(images, 1.5, axes=(1, 2), radius=2)[:, 2:-2, 2:-2]
    assert found == pytest.approx(expected, abs=1e-6)


def test_weights_that_are_not_symmetric_go_from_left_to_right():
    row = np.float32([1, 10, 100]).reshape(1, 1, 3, 1)
    image = np.concatenate([0 * row, row, 0 * row], axis=1)
    assert numpy(weigh_neighbors(image, [0.0, 1.0, 0.0])).item() == 10
    assert numpy(weigh_neighbors(np.repeat(row, 3, axis=1), [0.0, 0.0, 1.0])).item() == 100


def test_numbers_and_tensors_give_the_same(rng):
    images, weights = rng.random((2, 5, 6, 1)).astype("float32"), [0.2, 0.5, 0.3]
    tensor = ops.reshape(ops.convert_to_tensor(np.float32(weights)), (1, 1, 1, 3))
    pictures = ops.convert_to_tensor(images)
    assert numpy(weigh_neighbors(pictures, tensor)) == pytest.approx(numpy(weigh_neighbors(pictures, weights)), abs=1e-7)


def test_a_filter_of_one_tap_changes_nothing(rng):
    images = rng.random((1, 3, 4, 2)).astype("float32")
    assert np.array_equal(numpy(weigh_neighbors(images, [1.0])), images)
