"""Pictures of a recipe."""

import pytest

from kcolor.recipes import build, recipe


def test_a_recipe_without_pictures_says_so():
    with pytest.raises(ValueError, match=r"Expected `data`, or data\.source"):
        recipe.load("faces-wide").open_pictures("train")


def test_the_limit_of_a_split_may_be_another_one():
    data = recipe.load("bins-shapes", ["data.test_limit=5"]).data
    assert len(build.open_pictures(data, "test")) == 5
    assert len(build.open_pictures(data, "test", limit=3)) == 3


def test_weights_are_counted():
    assert build.count_weights(recipe.load("bins-shapes").build_network()) == 28_736
