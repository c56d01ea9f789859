"""Pictures from folders, zips and thin air: which there are, in what order, and what comes out of a file."""

import itertools
import pathlib
import shutil
import threading
import zipfile

import keras
import numpy as np
import pytest
from helpers.processes import run_python
from PIL import Image

from kcolor import color, data
from kcolor.data import hashing, splits
from kcolor.data import splits as listing
from kcolor.data.loader import parallel_map
from kcolor.data.pictures import Listed
from kcolor.data.sources import folder, toy_shapes
from kcolor.utils.processors import cpus

COLORS = [(220, 30, 30), (30, 160, 60), (40, 60, 200), (230, 200, 20)]


def save(path, color=COLORS[0], size=(40, 30), **options):
    """One picture of one colour; size is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path, **options)


def fill(root, names, **options):
    for i, name in enumerate(names):
        save(root / name, COLORS[i % len(COLORS)], **options)


def zip_of(root, path, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, prefix + file.relative_to(root).as_posix())
    return path


def keys(pictures, *order):
    return [key for key, _ in pictures.items(*order)]


@pytest.fixture
def many(tmp_path):
    """A folder of 300 pictures, without splits; all the same, so it is quick to make."""
    root = tmp_path / "many"
    save(root / "000.png")
    for i in range(1, 300):
        shutil.copy(root / "000.png", root / f"{i:03d}.png")
    return root


# What is listed


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


def test_without_a_train_folder_the_rest_is_for_training(tmp_path):
    fill(tmp_path, ["test/t.png", "a.png", "b/c.png"])
    assert keys(data.pictures(tmp_path, "train", val=0)) == ["a.png", "b/c.png"]
    assert splits.assign("a.png", "test", {"test"}, val=0.5, test=0.5) == "test"


@pytest.mark.parametrize("wrap", ["photos/", "a/b/"])
def test_folders_around_everything_are_seen_through(tmp_path, wrap):
    fill(tmp_path, [f"{wrap}train/x.png", f"{wrap}test/y.png"])
    assert keys(data.pictures(tmp_path, "test")) == [f"{wrap}test/y.png"]
    archive = zip_of(tmp_path, tmp_path / "all.zip")
    assert keys(data.pictures(archive, "train", val=0)) == [f"{wrap}train/x.png"]


def test_a_folder_with_train_alone_is_no_wrapping(tmp_path):
    fill(tmp_path, ["train/train/x.png"])
    assert keys(data.pictures(tmp_path, "train", val=0, test=0)) == ["train/train/x.png"]


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "dev"}, r"`split` as one of \['train', 'val', 'test', 'all'\]. Received: 'dev'"),
        ({"val": 0.6, "test": 0.4}, "less than 1 together. Received: 0.6 and 0.4"),
        ({"limit": 0}, "`limit` as a number of pictures.*Received: 0"),
        ({"color": 3}, "'folder'.*color.*It has.*classes"),
    ],
)
def test_wrong_options_are_refused(many, options, message):
    with pytest.raises(ValueError, match=message):
        data.pictures(many, **options)


def test_checks_let_what_is_right_pass():
    hashing.check_limit(None)
    hashing.check_limit(1)
    splits.check_split("all")
    splits.check_shares(0, 0.99)
    with pytest.raises(ValueError, match="Received: True"):
        hashing.check_limit(True)


def test_a_source_that_there_is_none_of_says_what_there_is(tmp_path):
    with pytest.raises(ValueError, match=r"shapes.*cifar10.*tfds:NAME.*folder.*no such file or folder"):
        data.pictures(tmp_path / "nothing")
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(ValueError, match=r"photo.jpg.*a file, but no .zip"):
        data.pictures(tmp_path / "photo.jpg")
    assert sorted(data.SOURCES) == ["cifar10", "cifar100", "folder", "shapes", "tfds", "zip"]


def test_a_folder_without_pictures_says_what_was_looked_for(tmp_path):
    (tmp_path / "readme.md").touch()
    with pytest.raises(ValueError, match=rf"Found none: looked through {tmp_path}.*\.jpg"):
        data.pictures(tmp_path)
    fill(tmp_path, ["train/a.png"])
    with pytest.raises(ValueError, match=r"for the split 'test'.*1 in train"):
        data.pictures(tmp_path, "test", test=0)
    assert listing.select(["a.png"], "here", "all") == ["a.png"]


# Zips


def test_a_zip_is_read_in_place_as_the_folder_it_was(many):
    archive = zip_of(many, many.parent / "many.zip")
    before = sorted(many.parent.iterdir())
    for split in (*splits.SPLITS, "all"):
        one, other = data.pictures(many, split), data.pictures(archive, split)
        assert keys(one) == keys(other)
        assert (one.read(keys(one)[0]) == other.read(keys(one)[0])).all()
    assert sorted(many.parent.iterdir()) == before
    assert folder.zipped(archive, "all").description == folder.folder(many, "all").description


def test_what_macos_adds_to_zips_is_left_out(tmp_path):
    fill(tmp_path / "in", ["a.png", "__MACOSX/._a.png", "__MACOSX/b.png"])
    archive = zip_of(tmp_path / "in", tmp_path / "x.zip")
    assert keys(data.pictures(archive, "all")) == ["a.png"]
    assert not listing.is_wanted("__MACOSX/b.png")


def test_many_threads_read_one_zip(shared):
    faces = data.pictures(shared / "faces.zip", "all", limit=60)
    alone = [faces.read(key) for key in keys(faces)]
    together = list(parallel_map(faces.read, keys(faces), threads=16))
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_the_shared_zips_have_the_splits_they_say(shared):
    assert len(data.pictures(shared / "photos.zip", "train", val=0)) == 4251
    assert len(data.pictures(shared / "photos.zip", "test")) == 247
    assert len(data.pictures(shared / "landscapes.zip", "test", classes=["sea", "forest"])) > 100


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


# Orders


def test_an_order_is_a_function_of_seed_and_epoch(many):
    pictures = data.pictures(many, "all")
    assert isinstance(pictures, Listed)
    assert isinstance(pictures, data.Pictures)
    assert keys(pictures) == sorted(keys(pictures))
    orders = {order: tuple(keys(pictures, *order)) for order in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    assert len(set(orders.values())) == 4
    assert all(sorted(order) == keys(pictures) for order in orders.values())
    assert tuple(keys(data.pictures(many, "all"), 1, 1)) == orders[1, 1]


def test_random_numbers_depend_on_names_alone():
    assert hashing.digest("a", 1) == hashing.digest("a", "1") != hashing.digest("a1")
    assert hashing.generator("a", 1).random() == hashing.generator("a", 1).random() != hashing.generator("a", 2).random()


def test_ahead_keeps_the_order_and_goes_not_far():
    taken = []
    results = parallel_map(lambda x: x * x, (taken.append(i) or i for i in range(1000)), threads=2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) < 50
    results.close()
    assert cpus() >= 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPool")]


# The toy set


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


@pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="TensorFlow is this backend; run with another")
def test_all_this_works_without_tensorflow(tmp_path):
    save(tmp_path / "a.png")
    printed = run_python(
        "import sys\n"
        "sys.modules['tensorflow'] = sys.modules['tensorflow_datasets'] = None\n"  # every import of them fails from here on
        "import kcolor.data as data\n"
        f"print(next(data.each(data.pictures({str(tmp_path)!r}, 'all'), 16)).shape)"
    )
    assert printed.strip() == "(16, 16, 3)"


def test_nothing_is_pickled():
    for path in pathlib.Path(data.__file__).parent.glob("*.py"):
        assert "import pickle" not in path.read_text()
        assert "allow_pickle=True" not in path.read_text()
