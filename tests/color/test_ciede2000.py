"""CIEDE2000, against the paper and scikit-image."""

import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops
from skimage.color import deltaE_ciede2000

from kcolor.color import delta_e_2000


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # of table 1 of the paper: pairs 1, 7, 13, 17 and 25
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_pairs_of_the_paper_in_either_order(one, other, expected):
    one, other = np.float32(one), np.float32(other)
    assert float(delta_e_2000(one, other)) == pytest.approx(expected, abs=2e-4)
    assert float(delta_e_2000(other, one)) == pytest.approx(expected, abs=2e-4)


def test_random_colours_are_as_far_apart_as_scikit_image_says(rng):
    one, other = rng.uniform((0, -100, -100), (100, 100, 100), (2, 500, 3)).astype("float32")
    expected = deltaE_ciede2000(one.astype("float64"), other.astype("float64"))
    assert numpy(delta_e_2000(one, other)) == pytest.approx(expected, abs=1e-3)


def test_gradients_towards_another_colour_are_finite(rng):
    one, other = rng.uniform(10, 90, (2, 20, 3)).astype("float32")
    assert np.isfinite(gradient(lambda lab: delta_e_2000(lab, other), one)).all()


def test_a_colour_has_three_channels():
    with pytest.raises(ValueError, match=r"Expected Lab of shape \(..., 3\). Received shape: \(2, 4\)"):
        delta_e_2000(np.zeros((2, 4), "float32"), np.zeros((2, 4), "float32"))
