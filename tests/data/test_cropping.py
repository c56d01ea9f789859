"""Pictures to one size: what is cut out, what is scaled, and that nothing aliases."""

import numpy as np
from helpers.picture_files import gradient, photo
from PIL import Image

from kcolor import data
from kcolor.data import cropping, hashing
from kcolor.images.sizes import check_size


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


def test_sizes_are_height_and_width(pictures):
    assert next(data.each(pictures, (20, 30))).shape == (20, 30, 3)
    assert check_size([20, 30]) == (20, 30)
    cropping.check_crop("random", 2.0)
