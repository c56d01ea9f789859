"""Which split a name belongs to: by its hash, for ever, or by the folder it lies in."""

import itertools

import pytest
from helpers.picture_files import fill, keys

from kcolor import data
from kcolor.data import hashing, splits


def test_a_split_by_hash_holds_its_shares_and_is_never_moved_by_new_pictures(many):
    parts = {split: keys(data.pictures(many, split, val=0.2, test=0.1)) for split in splits.SPLITS}
    assert sorted(itertools.chain(*parts.values())) == keys(data.pictures(many, "all"))
    assert 40 < len(parts["val"]) < 80
    assert 15 < len(parts["test"]) < 45
    fill(many, [f"aaa/new{i}.png" for i in range(30)])
    for split, before in parts.items():
        after = keys(data.pictures(many, split, val=0.2, test=0.1))
        assert [key for key in after if "new" not in key] == before


def test_the_hash_is_the_same_for_ever():
    # Worked out once: if these change, everybody's validation pictures move into training.
    assert [splits.hashed(f"{i}.jpg", val=0.3, test=0.3) for i in range(6)] == HASHED
    assert hashing.share("a.jpg") == pytest.approx(SHARE, abs=1e-9)
    assert splits.hashed("a.jpg") == "train"


HASHED = ["test", "test", "val", "train", "train", "val"]
SHARE = 0.9932851797039556


def test_without_a_train_folder_the_rest_is_for_training(tmp_path):
    fill(tmp_path, ["test/t.png", "a.png", "b/c.png"])
    assert keys(data.pictures(tmp_path, "train", val=0)) == ["a.png", "b/c.png"]
    assert splits.assign("a.png", "test", {"test"}, val=0.5, test=0.5) == "test"


def test_a_folder_with_train_alone_is_no_wrapping(tmp_path):
    fill(tmp_path, ["train/train/x.png"])
    assert keys(data.pictures(tmp_path, "train", val=0, test=0)) == ["train/train/x.png"]


def test_checks_let_what_is_right_pass():
    hashing.check_limit(None)
    hashing.check_limit(1)
    splits.check_split("all")
    splits.check_shares(0, 0.99)
    with pytest.raises(ValueError, match="Received: True"):
        hashing.check_limit(True)


def test_a_small_class_may_be_missing_in_a_split():
    """It is known all the same: training would else be refused, or evaluation after it."""
    names = [f"many/{number}.jpg" for number in range(200)] + ["few/1.jpg"]
    of_few = next(split for split in ("train", "val", "test") if "few/1.jpg" in splits.select(names, "here", split))
    for split in {"train", "val", "test"}:
        found = splits.select(names, "here", split, classes=["few", "many"])
        assert ("few/1.jpg" in found) == (split == of_few)
    with pytest.raises(ValueError, match="All of them are of other splits"):
        splits.select(names, "here", next(iter({"train", "val"} - {of_few})), classes=["few"])
    with pytest.raises(ValueError, match="Unknown classes"):
        splits.select(names, "here", "val", classes=["none"])
    assert splits.wrapping(names) == 0
    assert [splits.own_split(name, 1) for name in ("a/valid/1.jpg", "a/b/1.jpg", "a/test")] == ["val", None, None]
