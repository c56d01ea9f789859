"""Pictures of a recipe."""

import pytest
from PIL import Image

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


def test_folders_of_weight_0_are_left_out_where_there_are_folders(tmp_path):
    for name in ("train/sea/1", "train/street/2", "val/3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.png")
    data = recipe.load("bins-landscapes", sections={"data": {"source": str(tmp_path), "weights": {"street": 0}}}).data
    assert [len(build.open_pictures(data, split)) for split in ("train", "val")] == [1, 1]
