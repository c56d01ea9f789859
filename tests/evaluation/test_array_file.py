"""Arrays that lie on the disk."""

import numpy as np

from kcolor.evaluation.array_file import ArrayFile


def test_arrays_come_back_in_their_order_as_often_as_wanted():
    stored = ArrayFile()
    for i in range(3):
        stored.add(np.full((i + 1, 2), i, "uint8"), np.array(i / 2))
    for _ in range(2):
        assert [(one.tolist(), float(other)) for one, other in stored] == [([[i, i]] * (i + 1), i / 2) for i in range(3)]


def test_two_may_go_through_a_stored_at_once_and_more_may_be_added_meanwhile():
    stored = ArrayFile()
    stored.add(np.zeros(2))
    stored.add(np.ones(2))
    first = iter(stored)
    next(first)
    stored.add(np.full(2, 2.0))
    assert [float(array[0]) for (array,) in stored] == [0.0, 1.0, 2.0]
    assert [float(array[0]) for (array,) in first] == [1.0, 2.0]
