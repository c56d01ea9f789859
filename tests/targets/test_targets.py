"""Targets by name."""

import pytest

from kcolor import targets


def test_a_target_is_returned_as_it_is():
    target = targets.get("bins", grid=6)
    assert isinstance(target, targets.Bins)
    assert targets.get(target) is target


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: targets.get("hsv"), "Expected one of .*'bins'.*hsv"),
        (lambda: targets.get("lab", grid=3), "Unknown or missing option of the target 'lab'.*'grid'.*scale"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
