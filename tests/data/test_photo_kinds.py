"""Which pictures are grey, toned, or in colour."""

import pathlib

import numpy as np
import pytest
from helpers.albums import photo
from PIL import Image

from kcolor import data
from kcolor.data.photo_kinds import KINDS, photo_kind

HISTORIC = pathlib.Path(data.__file__).parents[1] / "samples" / "historic"
TONES = {  # the colours of black and white
    "sepia": ((45, 28, 15), (245, 232, 205)),
    "cyanotype": ((0, 25, 70), (235, 245, 250)),
    "selenium": ((35, 25, 35), (240, 235, 235)),
    "faded": ((70, 40, 45), (250, 225, 220)),
    "yellowed": ((40, 38, 25), (240, 232, 180)),
}


def toned(black, white, gray):
    """A grey photo between two colours, as float."""
    black, white = np.float32(black), np.float32(white)
    return black + (white - black) * (gray[..., None].astype("float32") / 255)


@pytest.fixture
def gray():
    return np.asarray(photo(size=(240, 320)))


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
    landscapes = data.pictures(shared / "landscapes.zip", "all", limit=350)
    found = list(data.each(landscapes, 64, skip_gray=True, counts=counts))
    assert 8 <= counts.gray <= 30  # about 5 %
    assert len(found) == 350 - counts.gray
    assert f"350 pictures seen, {counts.gray} grey left out" == counts.summary()


@pytest.mark.parametrize("tone", TONES)
def test_toned_photos_are_not_in_color(tone, gray, rng):
    clean = toned(*TONES[tone], gray)
    assert photo_kind(clean.round().astype("uint8")) == "toned"
    grain = rng.normal(0, 5, clean.shape)
    stain = np.linspace(-0.4, 0.4, gray.shape[1])[None, :, None] * [2, -4, -14]  # yellower on one side
    assert photo_kind(np.clip(clean + grain + stain, 0, 255).astype("uint8")) == "toned"


def test_a_hand_colored_print_is_in_color(gray):
    print_ = toned(*TONES["sepia"], gray).astype("uint8")
    print_[40:140, 60:160] = print_[40:140, 60:160] * [0.7, 0.9, 1.0]  # a bluish coat
    print_[140:180, 60:160] = print_[140:180, 60:160] * [1.0, 0.7, 0.7]
    assert photo_kind(print_) == "color"


def test_photos_are_of_their_kind(samples):
    assert {name: photo_kind(picture) for name, picture in samples.items()} == dict.fromkeys(samples, "color")
    kinds = {path.stem: photo_kind(np.asarray(Image.open(path).convert("RGB"))) for path in HISTORIC.glob("*.jpg")}
    assert len(kinds) == 6
    assert set(kinds.values()) == {"gray", "toned"}
    assert {kinds["OregonTrail1870s"], kinds["1896NewsBoyGirl"]} == {"toned"}  # violet, and yellowish


def test_a_border_or_a_stamp_makes_no_color(gray):
    sepia = toned(*TONES["sepia"], gray).astype("uint8")
    sepia[:8] = (20, 60, 160)
    sepia[200:220, 280:300] = (30, 140, 40)
    assert photo_kind(sepia) == "toned"


def test_large_and_tiny_photos_have_a_kind(samples, gray):
    parrots = samples["parrots"]
    assert photo_kind(parrots.repeat(5, axis=0).repeat(5, axis=1)) == "color"
    assert photo_kind(np.full((1, 1, 3), 7, "uint8")) == "gray"
    assert photo_kind(np.uint8([[[200, 20, 20], [20, 20, 200]]])) in KINDS


def test_old_photographs_are_toned_or_grey(shared):
    found = [photo_kind(picture) for picture in data.each(data.pictures(shared / "historic.zip", "all"))]
    assert len(found) == 24
    assert "color" not in found


@pytest.mark.slow
def test_most_landscapes_are_in_color(shared):
    found = [photo_kind(picture) for picture in data.each(data.pictures(shared / "landscapes.zip", "all", limit=350), 150)]
    assert found.count("color") >= 305  # some of snow and mist have one tone
