"""Before | after pictures."""

import numpy as np

from kcolor.photo_files.comparison import comparison


def test_before_is_to_the_left_of_after():
    both = np.asarray(comparison(np.full((4, 6, 3), 9, "uint8"), np.full((4, 6, 3), 200, "uint8")))
    assert both.shape == (4, 12, 3)
    assert (both[:, :6] == 9).all()
    assert (both[:, 6:] == 200).all()


def test_large_ones_are_scaled_down():
    wide = comparison(np.zeros((40, 4000, 3), "uint8"), np.ones((40, 4000, 3), "uint8"))
    assert wide.size == (3200, 16)
