"""One picture after another: in order, by several threads, with what is wrong said at once."""

import threading

import numpy as np
import pytest
from helpers.picture_files import photo, same, save
from helpers.processes import run_python
from PIL import Image

from kcolor import data
from kcolor.data import loader
from kcolor.data.loader import parallel_map
from kcolor.utils.processors import cpus


def test_handfuls_are_all_of_it_in_order():
    assert list(loader.chunks(iter("abcdefg"), 3)) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert list(loader.chunks([], 3)) == []


def test_ahead_keeps_the_order_and_goes_not_far():
    taken = []
    results = parallel_map(lambda x: x * x, (taken.append(i) or i for i in range(1000)), threads=2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) < 50
    results.close()
    assert cpus() >= 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPool")]


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


def test_grey_ones_are_left_out_only_if_asked(folder):
    Image.new("L", (30, 30), 99).save(folder / "gray.png")
    pictures = data.pictures(folder, "all")
    assert len(list(data.each(pictures, 16))) == 13
    assert len(list(data.each(pictures, 16, skip_gray=True))) == 12


def test_all_this_works_without_keras_or_tensorflow(tmp_path):
    save(tmp_path / "a.png")
    printed = run_python(
        "import sys\n"
        "import kcolor.data as data\n"
        f"print(next(data.each(data.pictures({str(tmp_path)!r}, 'all'), 16)).shape)\n"
        "print(next(data.each(data.pictures('shapes'), 16)).shape)\n"
        "print({'keras', 'tensorflow', 'tensorflow_datasets', 'jax', 'torch'} & set(sys.modules))"
    )
    assert printed.strip().split("\n") == ["(16, 16, 3)", "(16, 16, 3)", "set()"]
