"""Several fixed variants of each picture: exact, of the same size, and without black corners."""

import numpy as np
import pytest
from helpers.picture_files import gradient, photo, same
from PIL import Image

from kcolor import data
from kcolor.data import fixed_copies, hashing

EDGES = (255, 255, 255)


@pytest.mark.parametrize("name", [*data.COPIES, 3])
def test_copies_are_fixed_and_keep_the_size(name):
    image = Image.fromarray(photo(30, 44))
    copies = [np.asarray(fixed_copies.copy(image, "a", i, name)) for i in range(len(fixed_copies.functions(name)))]
    again = [np.asarray(fixed_copies.copy(image, "a", i, name)) for i in range(len(copies))]
    assert same(copies, again)
    assert {x.shape for x in copies} == {(30, 44, 3)}
    assert np.array_equal(copies[0], image)
    assert len(copies) == fixed_copies.variants_of_each(name) == {"five_fold": 5, "ten_fold": 10, 3: 3}[name]
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
