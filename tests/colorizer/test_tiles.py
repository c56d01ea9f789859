"""Painting ab in NumPy: the same picture as by Keras's operations, to one level of 255."""

import numpy as np
import pytest
from keras import ops

from kcolor import color, targets
from kcolor.color.gamut import fit_channels
from kcolor.colorizer import tiles
from kcolor.colorizer.painting import paint
from kcolor.images import arrays

LAB = targets.get("lab")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def painted(coefficients, photo):
    return arrays.to_uint8(paint(LAB, ops.convert_to_tensor(coefficients[None]), arrays.to_float(photo[None])))[0]


def lightness(picture):
    return numpy(color.rgb_to_lightness(arrays.to_float(picture)))


@pytest.mark.parametrize("strength", [3, 30, 90])  # the last leaves the gamut nearly everywhere
@pytest.mark.parametrize(("small", "large"), [((7, 5), (61, 83)), ((13, 21), (13, 21)), ((1, 1), (40, 9)), ((4, 6), (300, 1))])
def test_it_is_what_operations_paint(rng, strength, small, large):
    coefficients = (strength * rng.uniform(-1, 1, (*small, 4))).astype("float32")
    photo = rng.integers(0, 256, (*large, 3), dtype="uint8")
    found = tiles.paint_ab(coefficients, photo)
    assert np.abs(found.astype(int) - painted(coefficients, photo)).max() <= 1
    assert np.abs(lightness(found) - lightness(photo)).max() < 1.0  # of 100: what 8 bits can hold near black


def test_all_greys(rng):
    photo = np.arange(256, dtype="uint8")[:, None, None].repeat(3, axis=-1).repeat(4, axis=1)
    coefficients = rng.uniform(-20, 20, (5, 4, 4)).astype("float32")
    assert np.abs(tiles.paint_ab(coefficients, photo).astype(int) - painted(coefficients, photo)).max() <= 1
    assert np.array_equal(tiles.paint_ab(0 * coefficients, photo), photo)


def test_tiles_and_threads_do_not_show(rng, monkeypatch):
    photo, coefficients = rng.integers(0, 256, (67, 41, 3), dtype="uint8"), rng.uniform(-60, 60, (9, 8, 4)).astype("float32")
    whole = tiles.paint_ab(coefficients, photo)
    for pixels, count in ((1, 1), (100, 1), (500, 3), (5000, 16)):
        monkeypatch.setattr(tiles, "_PIXELS", pixels)
        monkeypatch.setattr(tiles, "_TILES", count)
        assert np.array_equal(tiles.paint_ab(coefficients, photo), whole)


def test_colours_are_fitted_by_numpy_as_by_keras(rng):
    channels = list(rng.uniform(-1, 2, (3, 5000)).astype("float32"))
    luminance = rng.uniform(0, 1, 5000).astype("float32")
    by_keras = fit_channels([ops.convert_to_tensor(one) for one in channels], ops.convert_to_tensor(luminance), color.LUMA)
    for mine, other in zip(fit_channels(channels, luminance, color.LUMA, np), by_keras, strict=True):
        assert mine.dtype == "float32"
        np.testing.assert_allclose(mine, numpy(other), atol=1e-5)


def test_the_table_of_the_curve_is_off_by_less_than_a_third_of_a_level():
    linear = np.linspace(0, 1, 1_000_003, dtype="float32")
    exact = 255 * numpy(color.linear_to_srgb(linear))
    found = tiles._encoded(linear.copy())
    assert np.abs(found - exact).max() < 0.5 + 1 / 3
    assert np.mean(found != np.rint(exact)) < 0.01
