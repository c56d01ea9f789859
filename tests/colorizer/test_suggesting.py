"""Colours that a place may have, as a network says them."""

import pytest
from helpers.colorizers import small

from kcolor.colorizer.suggesting import suggestions_at
from kcolor.hints import Hint
from kcolor.hints.hint import place


@pytest.mark.parametrize("name", ["bins", "lab"])
def test_shares_come_from_a_distribution(name, samples):
    photo = samples["hats"][None, :48, :64]
    (patch,) = place([Hint(10, 20, "keep")], 48, 64).patches
    found = suggestions_at(small(name, size=32).forward_pass, photo, patch, 4)
    assert 1 <= len(found) <= 4
    assert all((one.share is None) == (name == "lab") for one in found)
