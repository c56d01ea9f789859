"""Percentiles by halving."""

import numpy as np
import pytest
from keras import ops

from kcolor.images.percentiles import inner_part, percentiles


@pytest.mark.parametrize(("steps", "near"), [(10, 2e-3), (13, 3e-4)])
def test_they_are_those_of_numpy(rng, steps, near):
    values = rng.beta(2, 5, (3, 4001)).astype("float32")
    shares = (0.05, 0.2, 0.5, 0.9)
    expected = np.quantile(values, shares, axis=1).T
    np.testing.assert_allclose(ops.convert_to_numpy(percentiles(values, shares, steps)), expected, atol=near)


def test_one_percentile_is_one_column():
    assert tuple(percentiles(np.zeros((4, 9), "float32"), (0.5,)).shape) == (4, 1)


def test_the_inner_part_is_every_other_pixel_without_the_edges():
    image = np.arange(40 * 60, dtype="float32").reshape(1, 40, 60, 1)
    np.testing.assert_array_equal(ops.convert_to_numpy(inner_part(image))[0], image[0, 2:38:2, 3:57:2, 0].ravel())
