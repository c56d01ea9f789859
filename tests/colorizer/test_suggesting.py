"""Colours that a place may have, as a network says them."""

import pytest
from helpers.colorizers import small

from kcolor.colorizer.suggesting import suggestions_at, suggestions_of
from kcolor.hints import Hint
from kcolor.hints.hint import place


@pytest.mark.parametrize("name", ["bins", "lab"])
def test_shares_come_from_a_distribution(name, samples):
    photo = samples["hats"][None, :48, :64]
    (patch,) = place([Hint(10, 20, "keep")], 48, 64).patches
    found = suggestions_at(small(name, size=32).forward_pass, photo, patch, 4)
    assert 1 <= len(found) <= 4
    assert all((one.share is None) == (name == "lab") for one in found)


def test_what_was_predicted_already_gives_the_same(samples):
    photo, colorizer = samples["hats"][None, :48, :64], small("bins", size=32)
    (patch,) = place([Hint(10, 20, "keep")], 48, 64).patches
    prediction = colorizer.inference().predict(photo, features=True)
    found = suggestions_of(colorizer.forward_pass, prediction.seen, prediction.raw, patch, 4)
    assert [one.color for one in found] == [one.color for one in suggestions_at(colorizer.forward_pass, photo, patch, 4)]
