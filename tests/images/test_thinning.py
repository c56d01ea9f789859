"""Large pictures with rows and columns left out."""

import numpy as np
import pytest

from kcolor.images.thinning import thin


def test_every_so_many_th_pixel_is_taken(rng):
    picture = rng.integers(0, 256, (1600, 900, 3), "uint8")
    np.testing.assert_array_equal(np.asarray(thin(picture)), picture[::3])
    np.testing.assert_array_equal(np.asarray(thin(picture[:1023])), picture[:1023])


@pytest.mark.parametrize("side", [1, 511, 1024, 5000])
def test_it_is_never_large(side):
    assert max(thin(np.zeros((side, 2, 3), "uint8")).size) < 1024
