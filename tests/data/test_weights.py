"""`kcolor.data.weighed`: sets that count more than others."""

import collections

import numpy as np
import pytest
from PIL import Image

import kcolor
from kcolor.data.sources import folder, zipped
from kcolor.data.weights import Weighed, is_weight


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """train/: 40 places, 10 people, 6 pieces of scenery in two folders, 4 pictures in no folder."""
    root = tmp_path_factory.mktemp("sets")
    counts = {"places": 40, "people": 10, "scenery/sea": 3, "scenery/forest": 3, "": 4}
    for name, count in counts.items():
        place = root / "train" / name
        place.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(place / f"{number}.png")
    return root


def _by_folder(keys):
    return collections.Counter(key.split("/")[1] if key.count("/") > 1 else "" for key in keys)


def _keys(pictures, seed, epoch=0):
    return [key for key, _ in pictures.items(seed, epoch)]


def test_an_epoch_has_the_heaviest_set_whole_and_shares_of_the_others(sets):
    pictures = kcolor.data.weighed(folder(sets, "all"), {"people": 4, "scenery": 2})
    keys = _keys(pictures, seed=1)
    assert isinstance(pictures, Weighed)
    assert len(set(keys)) == len(keys) == len(pictures)  # no picture twice
    found = _by_folder(keys)
    assert (found["people"], found["scenery"], found["places"] + found[""]) == (10, 3, 11)  # of 10, 6 and 44


def test_epochs_draw_other_pictures_and_each_comes_in_its_turn(sets):
    pictures = kcolor.data.weighed(folder(sets, "all"), {"people": 4})
    often = collections.Counter(key for epoch in range(400) for key in _keys(pictures, 1, epoch))
    assert {key: count for key, count in often.items() if "people" in key} == {f"train/people/{i}.png": 400 for i in range(10)}
    places = [often[f"train/places/{i}.png"] for i in range(40)]
    assert min(places) > 70  # 100 each, with a standard deviation of 9
    assert max(places) < 130


def test_the_order_depends_on_seed_and_epoch_alone(sets):
    first, second = (kcolor.data.weighed(folder(sets, "all"), {"people": 2.5}) for _ in range(2))
    assert _keys(first, 3, 5) == _keys(second, 3, 5)
    assert _keys(first, 3, 5) != _keys(first, 3, 6)
    assert _keys(first, 3, 5) != _keys(first, 4, 5)


def test_the_inner_folder_decides_and_weight_0_leaves_out(sets):
    pictures = kcolor.data.weighed(folder(sets, "all"), {"scenery": 0, "scenery/sea": 1, "places": 0})
    assert _by_folder(_keys(pictures, 0)) == {"people": 10, "scenery": 3, "": 4}
    assert all("forest" not in key for key in pictures.keys)
    assert _keys(pictures, None) == list(pictures.keys)


def test_a_zip_is_weighed_as_its_folder(sets, tmp_path):
    import shutil

    archive = shutil.make_archive(str(tmp_path / "sets"), "zip", sets)
    unpacked = kcolor.data.weighed(folder(sets, "all"), {"people": 4})
    assert _keys(kcolor.data.weighed(zipped(archive, "all"), {"people": 4}), 2) == _keys(unpacked, 2)


def test_pictures_are_read_as_before_and_share_their_cache(sets, tmp_path):
    plain = folder(sets, "all")
    pictures = kcolor.data.weighed(plain, {"people": 4})
    assert pictures.stamp() == plain.stamp()
    read = [next(iter(batch)) for batch in (kcolor.data.batches(pictures, 4, 8, cache=cache) for cache in (None, tmp_path))]
    np.testing.assert_array_equal(*map(np.asarray, read))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"people": -1}, "weight of 'people' as a number of 0 or more. Received: -1"),
        ({"people": "3"}, "Received: '3'"),
        ({"poeple": 3}, r"as \['people', 'places', 'scenery'\]. Received: \['poeple'\]"),
    ],
)
def test_wrong_weights_are_named(sets, weights, message):
    with pytest.raises(ValueError, match=message):
        kcolor.data.weighed(folder(sets, "all"), weights)


def test_weights_are_numbers():
    assert [is_weight(value) for value in (0, 2.5, -1, float("inf"), True, "1")] == [True, True, False, False, False, False]


def test_something_must_be_left(sets):
    with pytest.raises(ValueError, match="above 0"):
        kcolor.data.weighed(folder(sets / "train" / "scenery", "all"), {"sea": 0, "forest": 0})


def test_pictures_without_folders_cannot_be_weighed():
    with pytest.raises(ValueError, match="Received: shapes/train"):
        kcolor.data.weighed(kcolor.data.pictures("shapes", count=3), {"sea": 2})


def test_pictures_without_folders_stay_as_they_are_where_folders_may_be_missing(sets):
    for plain in (kcolor.data.pictures("shapes", count=3), folder(sets / "train" / "people", "all")):
        assert kcolor.data.weighed(plain, {"sea": 0}, missing_ok=True) is plain
    with pytest.raises(ValueError, match="weight of 'sea'"):
        kcolor.data.weighed(plain, {"sea": -1}, missing_ok=True)


def test_a_recipe_weighs_training_pictures_and_leaves_out_everywhere(sets):
    section = {"source": str(sets), "val": 0.5, "weights": {"people": 4, "places": 0}}
    recipe = kcolor.recipes.load("bins-landscapes", sections={"data": section})
    assert set(_by_folder(_keys(recipe.open_pictures("train"), 0))) <= {"people", "scenery", ""}
    val = _by_folder(_keys(recipe.open_pictures("val"), None))
    assert set(val) == {"people", "scenery", ""}
    assert kcolor.recipes.load(recipe).to_toml() == recipe.to_toml()  # it survives the way through TOML
    with pytest.raises(ValueError, match="data.weights"):
        kcolor.recipes.load(recipe, ["data.weights={people = -1}"])


def test_an_inner_folder_called_train_is_no_split(tmp_path):
    for name in ("vehicles/boat/0", "vehicles/train/0", "people/0"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.png")
    found = kcolor.data.weighed(kcolor.data.pictures(tmp_path, "all"), {"vehicles": 0})
    assert [key for key, _ in found.items()] == ["people/0.png"]
