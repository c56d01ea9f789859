"""Which colours exist at a lightness."""

import numpy as np
import pytest

from kcolor import color, targets
from kcolor.hints.possible import exists, nearest, picture_of

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


@pytest.mark.parametrize("name", TARGETS)
def test_the_nearest_is_as_near_as_the_nearest_of_all(name, rng):
    target, rgb = targets.get(name), cube(48)
    ab, luma = numpy(color.rgb_to_lab(rgb))[:, 1:], numpy(target.luma(rgb))[:, 0]
    for wanted, light in [((90, -90), 0.5), ((-80, 80), 0.3), ((60, 60), 0.85), ((-100, -60), 0.6)]:
        wanted = np.float32([wanted])
        found = nearest(target, wanted, np.float32([[light]]))
        alike = np.abs(luma - light) < 0.01
        least = np.linalg.norm(ab[alike] - wanted, axis=-1).min()
        assert exists(target, found, np.float32([[light]])).all()
        assert np.linalg.norm(found - wanted) == pytest.approx(least, abs=2.5)


def test_only_grey_exists_at_both_ends():
    for luma in (0.0, 1.0):
        assert np.abs(nearest(targets.get("lab"), np.float32([[50, 20]]), np.float32([[luma]]))).max() < 1.5
