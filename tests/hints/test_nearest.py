"""The nearest colour that exists at a lightness, of about the same hue."""

import numpy as np
import pytest
from helpers.colorizers import numpy

from kcolor import color, targets
from kcolor.hints.nearest import nearest, strongest
from kcolor.hints.possible import exists


def cube(steps=48):
    axis = np.linspace(0, 1, steps, dtype="float32")
    return np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)


def hue(ab):
    return np.degrees(np.arctan2(ab[..., 1], ab[..., 0]))


def turned(ab, other):
    return np.abs((hue(ab) - hue(other) + 180) % 360 - 180)


@pytest.mark.parametrize("name", ["lab", pytest.param("ycbcr", marks=pytest.mark.slow)])
def test_the_nearest_of_the_hue_is_as_near_as_the_nearest_of_all_colours_of_it(name):
    target, rgb = targets.get(name), cube()
    ab, luma = numpy(color.rgb_to_lab(rgb))[:, 1:], numpy(target.luma(rgb))[:, 0]
    wanted = np.float32([(90, -90), (-80, 80), (60, 60), (-100, -60)])
    lights = np.float32([[0.5], [0.3], [0.85], [0.6]])
    found = nearest(target, wanted, lights)
    assert exists(target, found, lights).all()
    assert turned(found, wanted).max() < 9
    for one, wish, light in zip(found, wanted, lights[:, 0], strict=True):
        alike = ab[(np.abs(luma - light) < 0.01) & (turned(ab, wish) < 8)]
        assert np.linalg.norm(one - wish) == pytest.approx(np.linalg.norm(alike - wish, axis=-1).min(), abs=3)


def test_what_exists_stays_as_it_is():
    wanted = np.float32([(20, 10), (0, 0)])
    assert np.array_equal(nearest(targets.get("lab"), wanted, np.float32([[0.5]])), wanted)


def test_red_near_white_is_pink_and_not_yellow():
    found = nearest(targets.get("lab"), np.float32([[80, 67]]), np.float32([[0.93]]))
    assert turned(found, np.float32([80, 67])) < 9
    assert found[0, 0] > 5


def test_only_grey_exists_at_both_ends():
    for luma in (0.0, 1.0):
        assert np.abs(nearest(targets.get("lab"), np.float32([[50, 20]]), np.float32([[luma]]))).max() < 1.5


def test_edges_between_two_lightnesses_lie_between_them():
    below, between, above = strongest(targets.get("lab"), np.float32([0.5, 0.5 + 1 / 512, 0.5 + 1 / 256]))
    assert between == pytest.approx((below + above) / 2, abs=1e-3)
