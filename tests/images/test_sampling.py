"""Values between pixels, against SciPy."""

import numpy as np
import pytest
from keras import ops
from scipy import ndimage

from kcolor.images.sampling import bilinear, neighbors


def numpy(x):
    return ops.convert_to_numpy(x)


def test_values_between_pixels_are_scipys(rng):
    images = rng.random((2, 5, 7, 3)).astype("float32")
    rows, columns = (rng.uniform(-2, side + 1, (2, 4, 6)).astype("float32") for side in (5, 7))
    found = numpy(bilinear(images, rows, columns))
    assert found.shape == (2, 4, 6, 3)
    for picture, image, *places in zip(found, images, rows, columns, strict=True):
        for channel in range(3):
            expected = ndimage.map_coordinates(image[..., channel], places, order=1, mode="nearest")
            assert picture[..., channel] == pytest.approx(expected, abs=1e-5)


def test_at_a_pixel_its_own_value_comes_out_exactly(rng):
    images = rng.random((1, 3, 4, 1)).astype("float32")
    rows, columns = (place[None].astype("float32") for place in np.mgrid[:3, :4])
    assert np.array_equal(numpy(bilinear(images, rows, columns)), images)


def test_neighbours_by_hand():
    before, after, share = (numpy(part) for part in neighbors(np.float32([-1, 0, 0.75, 2, 2.5, 9]), 3))
    assert before.tolist() == [0, 0, 0, 2, 2, 2]
    assert after.tolist() == [1, 1, 1, 2, 2, 2]
    assert share.tolist() == [0, 0, 0.75, 0, 0, 0]
    assert [part.tolist() for part in map(numpy, neighbors(np.float32([3.0]), 1))] == [[0], [0], [0.0]]


def test_sizes_may_be_tensors():
    expected = [numpy(part).tolist() for part in neighbors(np.float32([0.5, 7.0]), 4)]
    assert [numpy(part).tolist() for part in neighbors(np.float32([0.5, 7.0]), ops.convert_to_tensor(4))] == expected
