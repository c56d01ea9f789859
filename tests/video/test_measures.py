"""Measures of films, by hand."""

import numpy as np
import pytest
from helpers.films import panned

from kcolor.video.measures import Motion, ab_of, at_constant_light, cdc, flicker, histograms, reduced


def test_histograms_are_shares():
    picture = np.zeros((2, 2, 3), "uint8")
    picture[0, 0] = (255, 7, 0)
    found = histograms(picture)
    assert (found[0, 255], found[1, 7], found[2, 0]) == (0.25, 0.25, 1)


def test_cdc_of_two_halves_by_hand():
    """p is all of level 0; q is half of level 0, half of level 1."""
    p, q = np.zeros((3, 256)), np.zeros((3, 256))
    p[:, 0], q[:, :2] = 1, 0.5
    first = np.log(1 / 0.75)
    second = 0.5 * np.log(0.5 / 0.75) + 0.5 * np.log(0.5 / 0.25)
    assert cdc([p, q]) == pytest.approx((first + second) / 2)
    assert cdc([p, q, p], steps=(1, 2)) == pytest.approx((first + second) / 4)
    assert cdc([p, p, p]) == 0


def test_at_constant_light_brightness_does_not_count():
    picture = np.full((4, 4, 3), 100, "uint8")
    darker = np.full((4, 4, 3), 50, "uint8")
    found = [histograms(at_constant_light(ab_of(frame))) for frame in (picture, darker)]
    assert cdc(found) == pytest.approx(0, abs=1e-6)
    assert reduced(np.zeros((512, 1024, 3), "uint8")).shape == (256, 512, 3)


def test_flicker_is_the_distance_along_the_motion():
    motion = Motion()
    assert motion(panned(3, 1, (96, 128))[0].astype("float32") / 255) is None
    frames = [frame.astype("float32") / 255 for frame in panned(3, 2, (96, 128), step=2)]
    motion = Motion()
    motion(frames[0])
    moved, counted = motion(frames[1])
    assert counted.mean() > 0.7
    ramp = np.zeros((96, 128, 2), "float32")
    ramp[..., 0] = np.arange(128)
    assert flicker(ramp + np.float32([2, 0]), ramp, moved, counted) < 0.3  # it went along
    assert flicker(ramp + np.float32([2, 3]), ramp, moved, counted) == pytest.approx(3, abs=0.3)
    assert np.isnan(flicker(ramp, ramp, moved, np.zeros_like(counted)))
