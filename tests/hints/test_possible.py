"""Which colours exist at a lightness."""

import numpy as np
import pytest

from kcolor import color, targets
from kcolor.hints.possible import exists, keeps_lightness, picture_of, rgb_function

TARGETS = ["lab", "ycbcr", "difference"]


def numpy(x):
    return np.asarray(x)


def cube(steps=24):
    axis = np.linspace(0, 1, steps, dtype="float32")
    return np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)


@pytest.mark.parametrize("name", TARGETS)
def test_every_colour_of_the_cube_exists_at_its_luma(name):
    target, rgb = targets.get(name), cube(7)
    rgb = rgb[np.asarray(target.luma(rgb))[:, 0] > 0.02]
    ab, luma = numpy(color.rgb_to_lab(rgb))[:, 1:], numpy(target.luma(rgb))
    assert exists(target, ab, luma).all()
    assert picture_of(target, ab, luma) == pytest.approx(rgb, abs=5e-3)


def test_what_is_far_outside_does_not_exist():
    assert not exists(targets.get("lab"), np.float32([[90, -90]]), np.float32([[0.9]])).any()


def test_some_targets_keep_the_lightness_of_lab():
    assert [keeps_lightness(targets.get(name)) for name in ("lab", "bins", "ycbcr")] == [True, True, False]


@pytest.mark.parametrize("name", TARGETS)
def test_the_function_of_tensors_is_that_of_arrays(name):
    target, ab, luma = targets.get(name), np.float32([[20, 10]]), np.float32([[0.5]])
    assert numpy(rgb_function(target)(ab, luma)) == pytest.approx(picture_of(target, ab, luma), abs=1e-5)
