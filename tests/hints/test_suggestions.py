"""Colours that a place may have."""

import numpy as np
import pytest
from helpers.colorizers import small

from kcolor import targets
from kcolor.hints.suggestions import Suggestion, clusters, suggestions

LAB = targets.get("lab")


def test_colours_are_grouped_by_weight(rng):
    groups = np.float32([[0, 0], [40, 20], [-30, 30]])
    ab = (groups[:, None] + rng.normal(0, 1, (3, 30, 2))).reshape(-1, 2)
    weights = np.repeat([0.5, 0.2, 0.3], 30) / 30
    middles, shares = clusters(ab, weights, 3)
    assert shares == pytest.approx([0.5, 0.3, 0.2])
    assert middles == pytest.approx(groups[[0, 2, 1]], abs=1)


def test_the_likeliest_comes_first_and_none_twice():
    ab, weights = np.float32([[0, 0], [1, 1], [40, 20]]), np.array([0.3, 0.3, 0.4])
    found = suggestions(LAB, ab, weights, 0.5, 9)
    assert [round(one.share, 2) for one in found] == [0.6, 0.4]
    assert found[0] == Suggestion("#777777", found[0].ab, found[0].share)


def test_only_colours_of_that_lightness_are_suggested():
    found = suggestions(LAB, np.float32([[80, 67], [0, 0]]), np.array([0.9, 0.1]), 0.95, 9)
    assert np.hypot(*found[0].ab) < 60


def test_around_one_colour():
    found = suggestions(LAB, np.float32([[20, 10]]), None, 0.5, 9)
    assert len(found) == 9
    assert found[0].ab == pytest.approx((20, 10))
    assert all(one.share is None for one in found)


@pytest.mark.parametrize("name", ["bins", "lab"])
def test_a_colorizer_suggests(name, samples):
    found = small(name, size=32).suggest(samples["hats"][:48, :64], 10, 20, count=4)
    assert 1 <= len(found) <= 4
    with pytest.raises(ValueError, match="inside the photo"):
        small(name, size=32).suggest(samples["hats"][:48, :64], 64, 20)
