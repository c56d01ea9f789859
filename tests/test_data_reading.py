"""One picture after another: to one size, several copies of each, without grey and broken ones, kept on disk."""

import json

import numpy as np
import pytest
from PIL import Image

from kcolor import data
from kcolor.data import cache as caches
from kcolor.data import cache_file, cropping, fixed_copies, hashing, loader
from kcolor.data import pictures as streaming

EDGES = (255, 255, 255)


def photo(height, width, seed=0):
    """Smooth and colourful, uint8."""
    coarse = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype="uint8")
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


@pytest.fixture
def folder(tmp_path):
    """Twelve pictures of several sizes."""
    root = tmp_path / "photos"
    root.mkdir()
    for i in range(12):
        Image.fromarray(photo(40 + 7 * i, 90 - 4 * i, i)).save(root / f"{i:02d}.png")
    return root


@pytest.fixture
def pictures(folder):
    return data.pictures(folder, "all")


def gradient(height, width):
    """Red says the column, green the row: so a picture says what was cut out of it."""
    rows, columns = np.mgrid[:height, :width]
    return Image.fromarray(np.stack([columns, rows, np.zeros_like(rows)], axis=-1).astype("uint8"))


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


# Fitting


def test_a_picture_of_the_right_size_stays_as_it_is():
    image = Image.fromarray(photo(30, 40))
    for fit in data.CROPS:
        prepared = cropping.prepare(image, (30, 40), fit)
        assert np.array_equal(prepared, image)
    assert np.array_equal(cropping.crop(image, (30, 40), hashing.generator(0)), image)


def test_center_covers_and_takes_the_middle():
    wide = np.asarray(cropping.prepare(gradient(50, 200), (50, 50), "center"))
    assert wide[0, [0, -1], 0].tolist() == [75, 124]
    half = np.asarray(cropping.prepare(gradient(100, 200), (50, 50), "center"), int)
    assert half.shape == (50, 50, 3)
    assert abs(half[25, 25] - [101, 51, 0]).max() <= 1
    assert abs(half[25, 1:-1, 0] - np.arange(52, 148, 2) - 0.5).max() <= 1
    enlarged = np.asarray(cropping.prepare(gradient(10, 20), (40, 20), "center"), int)
    assert enlarged.shape == (40, 20, 3)
    assert abs(enlarged[:, 10, 1] - (np.arange(40) - 1.5) / 4).max() <= 1


def test_squash_keeps_all_of_it():
    squashed = np.asarray(cropping.prepare(gradient(50, 200), (20, 20), "squash"), int)
    assert abs(squashed[10, 1:-1, 0] - (np.arange(1, 19) * 10 + 4.5)).max() <= 1


def test_shrinking_does_not_alias():
    stripes = np.zeros((64, 256, 3), "uint8")
    stripes[:, ::2] = 255
    for fit in ("center", "squash"):
        shrunk = np.asarray(cropping.prepare(Image.fromarray(stripes), (16, 16), fit), int)
        assert abs(shrunk - 127).max() < 20


def test_random_parts_are_whole_pixels_where_nothing_has_to_be_scaled():
    places = set()
    for i in range(40):
        part = np.asarray(cropping.crop(gradient(50, 200), (50, 50), hashing.generator(i)), int)
        assert (np.diff(part[0, :, 0]) == 1).all()
        assert (part[:, 0, 1] == np.arange(50)).all()
        places.add(part[0, 0, 0])
    assert min(places) < 20
    assert max(places) > 130


def test_zoom_takes_smaller_parts_but_never_smaller_than_it_says():
    spans = []
    for i in range(100):
        part = np.asarray(cropping.crop(gradient(100, 200), (50, 50), hashing.generator(i), zoom=2.0), float)
        spans.append((part[25, -5, 0] - part[25, 4, 0]) / 41 * 50)
    assert 49 <= min(spans) < 60  # of 100 pixels: half of the height
    assert 90 < max(spans) <= 101


def test_what_is_prepared_for_random_parts_is_no_larger_than_needed():
    assert cropping.prepare(gradient(200, 250), (20, 20), "random", 1.5).size == (38, 30)
    assert cropping.prepare(gradient(25, 250), (20, 20), "random", 1.5).size == (250, 25)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "Expected `size` as a number of pixels or .height, width.. Received: 0"),
        ({"size": (3, 4, 5)}, "Received: .3, 4, 5."),
        ({"size": 8, "crop": "stretch"}, "Unknown `crop`.*'center', 'random', 'squash'.*Received: 'stretch'"),
        ({"size": 8, "crop": "random", "zoom": 0.5}, "`zoom` of 1 or more. Received: 0.5"),
        ({"size": 8, "zoom": 2}, "only with crop='random'. Received: zoom=2 and crop='center'"),
        ({"crop": "random"}, "Expected a `size`.*Received: size=None and crop='random'"),
        ({"size": 8, "copies": "six_fold"}, "Unknown `copies`.*five_fold.*ten_fold.*Received: 'six_fold'"),
        ({"size": 8, "copies": 0}, "Unknown `copies`.*Received: 0"),
        ({"size": 8, "limit": -1}, "`limit` as a number.*Received: -1"),
    ],
)
def test_wrong_options_are_refused(pictures, options, message):
    with pytest.raises(ValueError, match=message):
        data.each(pictures, **options)


def test_sizes_are_height_and_width(pictures):
    assert next(data.each(pictures, (20, 30))).shape == (20, 30, 3)
    cropping.check_crop("random", 2.0)


# One after another


def test_handfuls_are_all_of_it_in_order():
    assert list(loader.chunks(iter("abcdefg"), 3)) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert list(loader.chunks([], 3)) == []


def test_each_gives_pictures_as_they_are_or_to_a_size(pictures):
    found = list(data.each(pictures))
    assert [x.shape for x in found] == [(40 + 7 * i, 90 - 4 * i, 3) for i in range(12)]
    assert np.array_equal(found[3], photo(61, 78, 3))
    assert all(x.shape == (32, 32, 3) and x.dtype == np.uint8 for x in data.each(pictures, 32))
    assert len(list(data.each(pictures, 32, limit=5))) == 5


def test_orders_and_parts_depend_on_seed_and_epoch_alone(pictures):
    first = list(data.each(pictures, 24, crop="random", seed=1))
    assert same(first, list(data.each(pictures, 24, crop="random", seed=1)))
    for other in ({"seed": 2}, {"seed": 1, "epoch": 1}):
        assert not same(first, list(data.each(pictures, 24, crop="random", **other)))
    plain = list(data.each(pictures, 24, crop="random"))
    assert not same(plain, list(data.each(pictures, 24, crop="random", epoch=1)))  # other parts in the same order
    assert same(list(data.each(pictures, 24)), list(data.each(pictures, 24, epoch=1)))


# Copies


def test_an_expansion_shows_every_copy_once_an_epoch(pictures):
    found = list(data.each(pictures, 24, copies="five_fold"))
    assert len(found) == 60
    assert same(found[:12], list(data.each(pictures, 24)))
    shuffled = [list(data.each(pictures, 24, copies="five_fold", seed=3, epoch=i)) for i in (0, 1)]
    assert not same(*shuffled)
    for epoch in shuffled:
        assert sorted(x.tobytes() for x in epoch) == sorted(x.tobytes() for x in found)
    assert len({x.tobytes() for x in found}) == 60
    turns = [key for key, _, _ in loader.Reading(pictures=pictures, size=(8, 8), copies=2).items(3, 0)]
    assert turns[:12] != turns[12:]
    assert sorted(turns[:12]) == sorted(turns[12:])


@pytest.mark.parametrize("name", [*data.COPIES, 3])
def test_copies_are_fixed_and_keep_the_size(name):
    image = Image.fromarray(photo(30, 44))
    copies = [np.asarray(fixed_copies.copy(image, "a", i, name)) for i in range(len(fixed_copies.functions(name)))]
    again = [np.asarray(fixed_copies.copy(image, "a", i, name)) for i in range(len(copies))]
    assert same(copies, again)
    assert {x.shape for x in copies} == {(30, 44, 3)}
    assert np.array_equal(copies[0], image)
    assert len(copies) == {"five_fold": 5, "ten_fold": 10, 3: 3}[name]
    elsewhere = [np.asarray(fixed_copies.copy(image, "b", i, name)) for i in range(len(copies))]
    assert not same(copies, elsewhere)


def test_flips_are_exact():
    image = gradient(20, 30)
    assert np.array_equal(fixed_copies.mirrored(image, None), np.asarray(image)[:, ::-1])
    assert np.array_equal(fixed_copies.upside_down(image, None), np.asarray(image)[::-1])
    assert fixed_copies.same(image, None) is image


def test_no_copy_has_black_corners():
    white = Image.new("RGB", (40, 25), EDGES)
    for change in (fixed_copies.rotated, fixed_copies.cropped, fixed_copies.scaled, fixed_copies.mixed):
        for i in range(30):
            assert np.asarray(change(white, hashing.generator(i))).min() == 255


class Fixed:
    """Random numbers that somebody chose."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def uniform(self, low, high, size=None):
        return self.numbers.pop(0)

    random = lambda self, size=None: self.numbers.pop(0)  # noqa: E731


def test_rotation_turns_about_the_middle():
    turned = np.asarray(fixed_copies.rotated(gradient(101, 101), Fixed(30.0)), float)
    assert abs(turned[50, 50, :2] - 50).max() <= 1
    # 40 to the right of the middle, turned by 30°: 40·cos 30° right and 40·sin 30° up or down of it.
    assert abs(turned[50, 90, 0] - 50 - 34.6) <= 1.5
    assert abs(abs(turned[50, 90, 1] - 50) - 20) <= 1.5
    assert np.array_equal(fixed_copies.rotated(gradient(20, 30), Fixed(0.0)), gradient(20, 30))


def test_crops_stretch_what_is_left_and_scaling_shows_more_or_less():
    cut = np.asarray(fixed_copies.cropped(gradient(100, 200), Fixed(np.array([0.2, 0.3]), np.array([1.0, 0.0]))), float)
    assert abs(cut[:, 100, 1] - np.linspace(0, 70, 100)).max() <= 1.5  # 30 % of the height cut off below
    assert abs(cut[50, :, 0] - np.linspace(40, 200, 200)).max() <= 2  # 20 % of the width cut off on the left
    larger = np.asarray(fixed_copies.scaled(gradient(100, 200), Fixed(1.25)), float)
    assert abs(larger[50, :, 0] - np.linspace(20, 180, 200)).max() <= 2
    smaller = np.asarray(fixed_copies.scaled(gradient(100, 200), Fixed(0.8)), float)
    assert abs(smaller[50, 100, 0] - 100) <= 2
    assert abs(smaller[50, 20:180, 0] - np.linspace(0, 200, 160)).max() <= 2
    assert smaller[50, 0, 0] > smaller[50, 19, 0]  # mirrored beyond the edge


# Grey ones


def test_what_is_grey(rng, samples):
    noisy = np.repeat(rng.integers(0, 256, (64, 64, 1), dtype="uint8"), 3, axis=-1)
    assert data.is_gray(noisy)
    assert data.is_gray(np.clip(noisy + rng.integers(-3, 4, noisy.shape), 0, 255).astype("uint8"))
    assert data.is_gray(np.full((1, 1, 3), 7, "uint8"))
    assert not data.is_gray(np.stack([noisy[..., 0], noisy[..., 0] // 10 * 9, noisy[..., 0] // 4 * 3], -1))  # sepia
    spot = noisy.copy()
    spot[:20, :20] = (200, 30, 30)
    assert not data.is_gray(spot)
    assert not any(data.is_gray(x) for x in samples.values())


def test_how_many_landscapes_are_grey(shared):
    counts = data.ReadCounts()
    landscapes = data.pictures(shared / "landscapes.zip", "all", limit=1000)
    found = list(data.each(landscapes, 64, skip_gray=True, counts=counts))
    assert 10 <= counts.gray <= 40  # 2.4 % of all
    assert len(found) == 1000 - counts.gray
    assert f"1,000 pictures seen, {counts.gray} grey left out" == counts.summary()


def test_grey_ones_are_left_out_only_if_asked(folder):
    Image.new("L", (30, 30), 99).save(folder / "gray.png")
    pictures = data.pictures(folder, "all")
    assert len(list(data.each(pictures, 16))) == 13
    assert len(list(data.each(pictures, 16, skip_gray=True))) == 12


# Broken ones


def break_some(folder, count):
    for i in range(count):
        (folder / f"broken{i}.png").write_text("no picture")


def test_broken_ones_are_left_out_and_named(folder):
    break_some(folder, 2)  # of 14: more than 5 %, but two of a few may always be broken
    counts = data.ReadCounts()
    pictures = data.pictures(folder, "all")
    for epoch in range(2):  # counted once
        assert len(list(data.each(pictures, 16, counts=counts, epoch=epoch))) == 12
    assert sorted(counts.broken) == ["broken0.png", "broken1.png"]
    assert "not a picture" in counts.broken["broken0.png"]
    assert (counts.seen, counts.gray, counts.error) == (14, 0, None)
    assert counts.summary() == "14 pictures seen, 2 broken (broken0.png, broken1.png)"


def test_too_many_broken_ones_are_an_error_that_names_the_first(folder):
    break_some(folder, 4)
    counts = data.ReadCounts()
    with pytest.raises(
        ValueError, match=r"no more than 5% broken.*[34] of .*broken[01].png \(not a picture.*broken[23].png.*max_broken"
    ):
        list(data.each(data.pictures(folder, "all"), 16, counts=counts))
    assert isinstance(counts.error, ValueError)
    assert len(list(data.each(data.pictures(folder, "all"), 16, max_broken=0.3))) == 12


def test_three_of_a_few_are_too_many(folder):
    break_some(folder, 3)
    with pytest.raises(ValueError, match=r"Received: 3 of \d+ so far"):
        list(data.each(data.pictures(folder, "all"), 16))


def test_a_share_is_not_judged_by_the_first_few():
    counts = data.ReadCounts()
    for i in range(40):
        counts.add(f"{i}", broken="bad luck")
    counts.check(total=1000, max_broken=0.05)  # 50 may be
    with pytest.raises(ValueError, match="40 of 40"):
        counts.check(total=700, max_broken=0.05)
    with pytest.raises(ValueError, match="at least one picture that can be used. Received none: 40 pictures seen, 40 broken"):
        counts.check_end()


def test_nothing_but_grey_is_an_error(tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="Received none: 1 picture seen, 1 grey left out"):
        list(data.each(data.pictures(tmp_path, "all"), 8, skip_gray=True))


# Streams


def test_streams_are_shuffled_in_a_buffer():
    items = [(f"{i}", b"12") for i in range(100)]
    shuffled = list(streaming.shuffled(iter(items), 1, 2, most=20))
    assert sorted(shuffled) == sorted(items)
    assert shuffled != items
    assert shuffled == list(streaming.shuffled(iter(items), 1, 2, most=20))
    assert shuffled != list(streaming.shuffled(iter(items), 1, 3, most=20))
    assert max(items.index(x) - i for i, x in enumerate(shuffled)) <= 20  # none comes before it can have been read
    taken = []
    next(streaming.shuffled((taken.append(x) or x for x in items), 1, 2, most=20))
    assert len(taken) == 21


def test_large_items_make_a_small_buffer(monkeypatch):
    monkeypatch.setattr(streaming, "_BYTES", 10)
    taken = []
    found = streaming.shuffled((taken.append(i) or (f"{i}", b"1234") for i in range(9)), 0, 0)
    next(found)
    assert len(taken) == 3
    assert len(list(found)) == 8


def test_a_stream_is_pictures():
    stream = streaming.Streamed("x/train", 3, lambda seed: iter([("a", b"1"), ("b", b"2"), ("c", b"3")]), None, "stamp")
    assert (len(stream), stream.description, stream.stamp()) == (3, "x/train: 3 pictures", "stamp")
    assert list(stream.items()) == [("a", b"1"), ("b", b"2"), ("c", b"3")]
    assert sorted(stream.items(0, 0)) == list(stream.items())


# The cache


def read_all(pictures, cache=None, **options):
    """Two epochs through `Reading`, as `batches` does it."""
    found = loader.Reading(pictures=pictures, size=(24, 24), seed=5, **options)
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
        return caches.name(loader.Reading(pictures=pictures, **{"size": (24, 24), **options}))

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


def test_a_pack_gives_back_what_was_written(tmp_path):
    stored = {"a": photo(3, 5), "b": photo(6, 2, 1)}
    cache_file.write(tmp_path, [*stored.items(), ("c", data.BrokenPicture("c", "torn"))])
    packed = cache_file.Pack(tmp_path)
    assert len(packed) == 2
    assert all(np.array_equal(packed.picture(key), stored[key]) for key in stored)
    with pytest.raises(data.BrokenPicture, match="Cannot read c: torn"):
        packed.picture("c")
    assert json.loads((tmp_path / "index.json").read_text())["keys"] == ["a", "b"]
    (tmp_path / "pixels.u8").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"Expected 81 bytes in .*Found 5. Remove"):
        cache_file.Pack(tmp_path)
