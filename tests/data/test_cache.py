"""Decoded pictures on disk: the same as without, made anew when anything changes, whole or not at all."""

import os
import subprocess
import sys

import pytest
from helpers.picture_files import break_some, photo, same
from PIL import Image

from kcolor import data
from kcolor.data import cache as caches
from kcolor.data import cache_file, loader
from kcolor.data.reading import Reading
from kcolor.utils.files import half_name


def read_all(pictures, cache=None, **options):
    """Two epochs through `Reading`, as `batches` does it."""
    found = Reading(pictures=pictures, size=(24, 24), seed=5, **options)
    if cache is not None:
        found = caches.cached(found, cache)
    return [x for epoch in range(2) for x in loader.one_epoch(found, 5, epoch)]


@pytest.mark.parametrize("options", [{}, {"crop": "random", "zoom": 1.5}, {"crop": "squash", "copies": "five_fold"}])
def test_with_and_without_a_cache_it_is_the_same_bit_for_bit(pictures, tmp_path, options):
    without = read_all(pictures, **options)
    assert same(without, read_all(pictures, tmp_path / "cache", **options))
    assert same(without, read_all(pictures, tmp_path / "cache", **options))
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_cache_is_read_instead_of_the_pictures(folder, pictures, tmp_path, monkeypatch):
    before = read_all(pictures, tmp_path / "cache")
    monkeypatch.setattr(type(pictures), "image", None)
    assert same(before, read_all(pictures, tmp_path / "cache"))


def test_a_cache_is_made_anew_when_anything_changes(folder, pictures, tmp_path):
    names = set()

    def name(pictures, **options):
        return caches.name(Reading(pictures=pictures, **{"size": (24, 24), **options}))

    names |= {name(pictures), name(pictures, size=(24, 25)), name(pictures, crop="squash"), name(pictures, crop="random")}
    names.add(name(pictures, crop="random", zoom=1.2))
    assert name(pictures, copies="five_fold", skip_gray=True, seed=3) in names  # these come after it
    Image.fromarray(photo(50, 50, 99)).save(folder / "00.png")
    names.add(name(data.pictures(folder, "all")))
    names.add(name(data.pictures(folder, "all", limit=3)))
    assert len(names) == 7


def test_broken_and_grey_ones_are_counted_from_a_cache_too(folder, tmp_path):
    break_some(folder, 2)
    Image.new("L", (30, 30), 99).save(folder / "gray.png")
    pictures = data.pictures(folder, "all")
    for _ in range(2):
        counts = data.ReadCounts()
        assert len(read_all(pictures, tmp_path / "cache", counts=counts, skip_gray=True)) == 24
        assert (counts.seen, counts.gray, sorted(counts.broken)) == (15, 1, ["broken0.png", "broken1.png"])


def test_a_cache_that_fails_half_way_leaves_nothing(pictures, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache_file.json, "dumps", full)
    with pytest.raises(OSError, match=r"Cannot write .*cache.*the disk is full"):
        read_all(pictures, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_two_that_write_the_same_cache_do_not_hurt_each_other(pictures, tmp_path, monkeypatch):
    write, others = cache_file.write, []

    def slowly(folder, items):
        write(folder, items)
        if not others:  # before the first is done, the second comes and finishes
            others.append(None)
            others.append(read_all(pictures, tmp_path / "cache"))

    monkeypatch.setattr(cache_file, "write", slowly)
    assert same(read_all(pictures, tmp_path / "cache"), others[1])
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_what_could_not_be_read_is_tried_again(folder, pictures, tmp_path, monkeypatch):
    """A disk that did not answer once, or a package that was missing, is no fault of the picture."""
    whole, plain = read_all(pictures), type(pictures).image

    def failing(self, key, payload, **options):
        if key == "00.png":
            raise data.BrokenPicture(key, "Input/output error")
        return plain(self, key, payload, **options)

    monkeypatch.setattr(type(pictures), "image", failing)
    assert len(read_all(pictures, tmp_path / "cache")) == len(whole) - 2  # in two epochs
    monkeypatch.setattr(type(pictures), "image", plain)
    assert same(whole, read_all(pictures, tmp_path / "cache"))


@pytest.mark.skipif(os.name == "nt", reason="there it is not asked who runs")
def test_what_a_kill_has_left_of_a_cache_is_removed(pictures, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    half = tmp_path / "cache" / half_name("0123456789abcdef", process=process.pid)
    (half / "pixels.u8").mkdir(parents=True)
    read_all(pictures, tmp_path / "cache")
    assert not half.exists()
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_dangling_link_is_a_broken_picture_with_a_cache_too(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        Image.new("RGB", (30, 30), (number, 90, 0)).save(tmp_path / "in" / f"{number}.png")
    (tmp_path / "in" / "gone.png").symlink_to("nowhere.png")
    pictures = data.pictures(tmp_path / "in", "all")
    assert len(read_all(pictures, tmp_path / "cache", max_broken=0.5)) == 6


def test_a_cache_that_is_there_is_only_read(pictures, tmp_path, monkeypatch):
    """It may be another user's, or lie on a disk that is read-only."""
    before = read_all(pictures, tmp_path / "cache")

    def refused(folder):
        raise PermissionError(folder)

    monkeypatch.setattr("kcolor.utils.files.make_folder", refused)
    assert same(before, read_all(pictures, tmp_path / "cache"))
