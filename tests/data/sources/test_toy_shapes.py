"""System A's toy set: three shapes in nine colours, none as light as another."""

import numpy as np
import pytest
from helpers.picture_files import keys

from kcolor import color, data
from kcolor.data import splits
from kcolor.data.sources import toy_shapes


def test_the_toy_set_has_system_as_numbers():
    assert [len(data.pictures("shapes", split)) for split in (*splits.SPLITS, "all")] == [2664, 324, 324, 3312]
    assert len(data.pictures("shapes", count=5)) == 5
    assert len(data.pictures("shapes", "all", count=5, limit=7)) == 7
    assert data.pictures("shapes", "val").description == "shapes/val: 324 pictures"


def test_toys_have_three_shapes_in_ten_colours_and_nothing_between():
    pictures = data.pictures("shapes", count=150)
    palette = {(0, 0, 0), *sum(toy_shapes.COLORS.values(), ())}
    seen = set()
    for key in keys(pictures):
        picture = pictures.read(key)
        assert picture.shape == (32, 32, 3)
        found, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
        found = dict(zip(map(tuple, found.tolist()), counts, strict=True))
        assert set(found) <= palette
        for shades in toy_shapes.COLORS.values():
            assert [found[shade] >= 20 for shade in shades if shade in found] == [True]
        seen |= set(found)
    assert seen == palette


def test_no_two_colours_of_the_toys_are_equally_light():
    lab = {kind: np.asarray(color.rgb_to_lab(np.array(shades, "float32") / 255)) for kind, shades in toy_shapes.COLORS.items()}
    for shades in lab.values():
        assert np.diff(np.sort(shades[:, 0])).min() >= 25
    everything = np.concatenate([*lab.values(), np.zeros((1, 3))])  # the last is the ground
    assert np.diff(np.sort(everything[:, 0])).min() >= 8
    apart = np.linalg.norm(everything[:, None] - everything[None], axis=-1)[~np.eye(10, dtype=bool)]
    assert apart.min() > 30
    assert np.linalg.norm(everything[:9, 1:], axis=-1).min() > 40


def test_a_toy_depends_on_seed_split_and_number_alone():
    few, many = data.pictures("shapes", count=3), data.pictures("shapes", seed=0)
    assert np.array_equal(few.read("train/000002"), many.read("train/000002"))
    others = [toy_shapes.draw("train/000002", seed=1), toy_shapes.draw("val/000002"), toy_shapes.draw("train/000001")]
    assert not any(np.array_equal(few.read("train/000002"), other) for other in others)
    assert toy_shapes.draw("train/000002", size=64).shape == (64, 64, 3)
    assert few.read("train/000000").sum() == DRAWN  # drawn once: a change here changes everybody's toy set


DRAWN = 37320


@pytest.mark.parametrize("options", [{"count": 0}, {"size": 8}, {"val": 0.1}])
def test_the_toy_set_refuses_what_it_cannot(options):
    with pytest.raises(ValueError, match=rf"{next(iter(options))}"):
        data.pictures("shapes", **options)
