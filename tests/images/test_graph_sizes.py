"""Sizes that are numbers or tensors: the same arithmetic."""

import numpy as np
import pytest
from keras import ops

from kcolor.images.graph_sizes import ceiling, choose, either, least, most, neither, rounded_ratio


def test_what_is_known_is_chosen_at_once(rng):
    one, other = rng.random((2, 3)).astype("float32"), np.zeros((2, 3), "float32")
    assert choose(True, lambda: one, lambda: 1 / 0) is one
    for condition in (True, False):
        assert np.array_equal(choose(ops.convert_to_tensor(condition), lambda: one, lambda: other), one if condition else other)
    assert (either(False, True), neither(False, True), neither(False, False)) == (True, False, True)
    yes = ops.convert_to_tensor(True)
    assert (bool(either(yes, False)), bool(neither(yes, False))) == (True, False)
    assert [ceiling(size, 4) for size in (1, 4, 5)] == [1, 1, 2]


@pytest.mark.parametrize(("size", "divisor"), [(7, 2), (9, 4), (10, 4), (11, 4), (0, 3), (5, 5)])
def test_whole_numbers_are_rounded_exactly(size, divisor):
    expected = int(np.floor(size / divisor + 0.5))
    assert rounded_ratio(size, divisor) == expected
    assert int(rounded_ratio(ops.convert_to_tensor(size), divisor)) == expected
    assert (least(size, divisor), most(size, divisor)) == (min(size, divisor), max(size, divisor))
    assert int(least(ops.convert_to_tensor(size), divisor)) == min(size, divisor)
    assert int(most(ops.convert_to_tensor(size), divisor)) == max(size, divisor)
