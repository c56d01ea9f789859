"""How fast an album is coloured."""

import numpy as np
import pytest
from helpers.benchmarks import run

from benchmarks.album_speed import album


def test_photos_are_grey_and_differ():
    photos = album(9, 64)
    assert {photo.shape for photo in photos} == {(64, 64, 3)}
    assert all((photo == photo[..., :1]).all() for photo in photos)
    assert not np.array_equal(photos[0], photos[8])


def test_photos_may_be_larger_than_the_samples():
    assert album(1, 1500)[0].shape == (1500, 1500, 3)


@pytest.mark.slow
def test_all_sides_are_timed():
    printed = run("album_speed", "--photos", 4, "--model", "shapes", "--rounds", 2)
    for side in ("files", "one by one", "network, 8 at a time"):
        assert f"\n{side} " in printed
