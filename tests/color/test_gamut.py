"""Colours brought into the gamut: near, and of the same luminance."""

import numpy as np
import pytest
from keras import ops

from kcolor import color
from kcolor.color.gamut import check_gamut, fit_channels


def numpy(x):
    return ops.convert_to_numpy(x)


def test_what_is_a_little_outside_goes_to_the_nearest_colour_of_its_luminance(rng):
    weights = np.array([0.2, 0.7, 0.1])
    others = rng.uniform(size=(400000, 3)).astype("float32")
    for gray in (0.1, 0.5, 0.8):
        for direction in rng.normal(size=(10, 3)):
            direction = direction - direction @ weights  # moves no luminance
            rooms = np.where(direction > 0, 1 - gray, gray) / np.abs(direction)
            outside = (gray + 1.15 * rooms.min() * direction).astype("float32")
            found = numpy(color.fit_gamut(outside, np.float32([gray]), weights))
            assert found @ weights == pytest.approx(gray, abs=1e-5)
            same = others[np.abs(others @ weights - gray) < 1e-3]
            assert np.linalg.norm(found - outside) < np.linalg.norm(same - outside, axis=-1).min() + 0.005


def test_colours_that_exist_are_not_moved(rng):
    rgb = rng.uniform(size=(100, 3)).astype("float32")
    assert np.array_equal(numpy(color.fit_gamut(rgb, color.rgb_to_gray(rgb), color.LUMA)), rgb)


def test_refuses_an_unknown_gamut():
    for function in (color.lab_to_rgb, color.ycbcr_to_rgb):
        with pytest.raises(ValueError, match='"clip", "nearest" or None'):
            function(np.zeros((4, 3), "float32"), gamut="squash")


def test_what_is_far_outside_keeps_its_luminance_too(rng):
    luminance = rng.uniform(size=(1000, 1)).astype("float32")
    rgb = rng.normal(0.5, 5, (1000, 3)).astype("float32")
    rgb += luminance - rgb @ np.float32([color.LUMA]).T
    fitted = numpy(color.fit_gamut(rgb, luminance, color.LUMA))
    assert fitted.min() >= 0
    assert fitted.max() <= 1
    assert fitted @ np.float32(color.LUMA) == pytest.approx(luminance[:, 0], abs=1e-4)


def test_channel_by_channel_it_is_the_same(rng):
    rgb, luminance = rng.normal(0.5, 1, (50, 3)).astype("float32"), rng.uniform(size=50).astype("float32")
    channels = fit_channels([ops.convert_to_tensor(channel) for channel in rgb.T], luminance, color.LUMA)
    assert np.array_equal(
        np.stack([numpy(channel) for channel in channels], -1), color.fit_gamut(rgb, luminance[:, None], color.LUMA)
    )


def test_the_ways_that_there_are():
    for gamut in ("clip", "nearest", None):
        check_gamut(gamut)
