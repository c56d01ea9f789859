"""Pictures in folders and zips: which are found, in what split, and what is wrong with the others."""

import pytest
from helpers.picture_files import fill, keys, zip_of

from kcolor import data
from kcolor.data import hashing, sources, splits
from kcolor.data.loader import parallel_map


def test_a_folder_is_searched_for_pictures_and_nothing_else(tmp_path):
    wanted = ["a.jpg", "B.JPEG", "c/d.png", "c/e/f.webp", "g.bmp", "h.tif", "i.tiff", "j.gif"]
    fill(tmp_path, [*wanted, ".hidden.png", ".folder/k.png"])
    (tmp_path / "notes.txt").write_text("no picture")
    found = data.pictures(tmp_path, "all")
    assert sorted(keys(found)) == sorted(wanted)
    assert found.description == f"{tmp_path.name}/all: 8 pictures"
    assert all(found.read(key).shape == (30, 40, 3) for key in keys(found))


def test_links_that_lead_in_circles_are_followed_once(tmp_path):
    fill(tmp_path / "a", ["x.png"])
    fill(tmp_path / "b", ["y.png"])
    (tmp_path / "a" / "round").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "there").symlink_to(tmp_path / "b", target_is_directory=True)
    assert keys(data.pictures(tmp_path / "a", "all")) == ["there/y.png", "x.png"]


def test_folders_of_splits_are_the_splits_and_the_missing_one_comes_out_of_train(tmp_path):
    fill(tmp_path, [*(f"train/{i}.png" for i in range(60)), "validation/v.png", "beside.png"])
    assert keys(data.pictures(tmp_path, "val")) == ["validation/v.png"]
    train, test = (keys(data.pictures(tmp_path, split, test=0.3)) for split in ("train", "test"))
    assert sorted(train + test) == sorted(f"train/{i}.png" for i in range(60))
    assert 8 < len(test) < 30
    fill(tmp_path, ["test/t.png"])
    assert keys(data.pictures(tmp_path, "test")) == ["test/t.png"]
    assert len(data.pictures(tmp_path, "train")) == 60
    assert len(data.pictures(tmp_path, "all")) == 62


@pytest.mark.parametrize("wrap", ["photos/", "a/b/"])
def test_folders_around_everything_are_seen_through(tmp_path, wrap):
    fill(tmp_path, [f"{wrap}train/x.png", f"{wrap}test/y.png"])
    assert keys(data.pictures(tmp_path, "test")) == [f"{wrap}test/y.png"]
    archive = zip_of(tmp_path, tmp_path / "all.zip")
    assert keys(data.pictures(archive, "train", val=0)) == [f"{wrap}train/x.png"]


def test_classes_are_the_folders_pictures_lie_in(tmp_path):
    fill(tmp_path, ["train/sea/a.png", "train/forest/b.png", "train/deep/sea/c.png", "train/d.png"])
    some = {"val": 0, "test": 0}
    assert keys(data.pictures(tmp_path, classes=["sea"], **some)) == ["train/deep/sea/c.png", "train/sea/a.png"]
    with pytest.raises(ValueError, match=r"Expected some of \['forest', 'sea'\]. Received: \['moon'\]"):
        data.pictures(tmp_path, classes=["moon", "sea"], **some)
    with pytest.raises(ValueError, match="`classes` as a list"):
        data.pictures(tmp_path, classes="sea", **some)


def test_one_class_alone_is_still_a_class(tmp_path):
    fill(tmp_path, ["sea/a.png", "sea/b.png"])
    assert len(data.pictures(tmp_path, "all", classes=["sea"])) == 2


def test_a_limit_keeps_the_same_pictures_and_a_larger_one_keeps_those_too(many):
    few, more = (set(keys(data.pictures(many, "all", limit=n))) for n in (10, 40))
    assert (len(few), len(more)) == (10, 40)
    assert few < more
    assert sorted(few) != sorted(keys(data.pictures(many, "all")))[:10]
    assert hashing.lowest(["b", "a"], None) == ["b", "a"]


def test_a_folder_without_pictures_says_what_was_looked_for(tmp_path):
    (tmp_path / "readme.md").touch()
    with pytest.raises(ValueError, match=rf"Found none: looked through {tmp_path}.*\.jpg"):
        data.pictures(tmp_path)
    fill(tmp_path, ["train/a.png"])
    with pytest.raises(ValueError, match=r"for the split 'test'.*1 in train"):
        data.pictures(tmp_path, "test", test=0)
    assert splits.select(["a.png"], "here", "all") == ["a.png"]


# Zips


def test_a_zip_is_read_in_place_as_the_folder_it_was(many):
    archive = zip_of(many, many.parent / "many.zip")
    before = sorted(many.parent.iterdir())
    for split in (*splits.SPLITS, "all"):
        one, other = data.pictures(many, split), data.pictures(archive, split)
        assert keys(one) == keys(other)
        assert (one.read(keys(one)[0]) == other.read(keys(one)[0])).all()
    assert sorted(many.parent.iterdir()) == before
    assert sources.zipped(archive, "all").description == sources.folder(many, "all").description


def test_what_macos_adds_to_zips_is_left_out(tmp_path):
    fill(tmp_path / "in", ["a.png", "__MACOSX/._a.png", "__MACOSX/b.png"])
    archive = zip_of(tmp_path / "in", tmp_path / "x.zip")
    assert keys(data.pictures(archive, "all")) == ["a.png"]
    assert not splits.is_wanted("__MACOSX/b.png")


def test_many_threads_read_one_zip(shared):
    faces = data.pictures(shared / "faces.zip", "all", limit=60)
    alone = [faces.read(key) for key in keys(faces)]
    together = list(parallel_map(faces.read, keys(faces), threads=16))
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_the_shared_zips_have_the_splits_they_say(shared):
    assert len(data.pictures(shared / "photos.zip", "test")) == 247
    assert len(data.pictures(shared / "landscapes.zip", "test", classes=["sea", "forest"])) == 192 + 158


def test_a_zip_that_is_none_or_is_locked_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK nonsense")
    with pytest.raises(ValueError, match="Expected a zip of pictures. Received: .*a.zip, which is damaged or no zip"):
        data.pictures(tmp_path / "a.zip")
    fill(tmp_path / "in", ["a.png"])
    archive = zip_of(tmp_path / "in", tmp_path / "b.zip")
    packed = bytearray(archive.read_bytes())
    packed[packed.index(b"PK\x01\x02") + 8] |= 1  # the flag for "encrypted" in the directory
    archive.write_bytes(packed)
    with pytest.raises(ValueError, match=r"without a password. Received: .*a.png is encrypted"):
        data.pictures(archive, "all")


def test_a_damaged_member_of_a_zip_is_a_broken_picture(tmp_path):
    fill(tmp_path / "in", ["a.bmp"])
    archive = zip_of(tmp_path / "in", tmp_path / "x.zip")
    packed = bytearray(archive.read_bytes())
    packed[2000] ^= 255
    archive.write_bytes(packed)
    pictures = data.pictures(archive, "all")
    with pytest.raises(data.BrokenPicture, match="Cannot read a.bmp: Bad CRC"):
        pictures.read("a.bmp")
