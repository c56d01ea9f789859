"""Tables are the curves that they stand for."""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.colorizer.curve_tables import (
    LEVELS,
    LUMA_SLOPE,
    LUMA_START,
    gray_light_of_levels,
    lab_root,
    light_of_levels,
    linear_levels,
    srgb_of_light,
)


def test_light_of_levels_is_the_luminance_of_a_colour(rng):
    rgb = rng.integers(0, 256, (100, 3))
    lightness = ops.convert_to_numpy(color.rgb_to_lightness((rgb / 255).astype("float32")))[:, 0]
    luminance = sum(table[channel] for table, channel in zip(light_of_levels(), rgb.T, strict=True))
    np.testing.assert_allclose(100 * (LUMA_SLOPE * lab_root(luminance) + LUMA_START), lightness, atol=1e-3)


def test_linear_levels_are_the_curve_of_srgb():
    expected = ops.convert_to_numpy(color.srgb_to_linear(np.arange(256, dtype="float32") / 255))
    assert np.array_equal(linear_levels(), expected)
    assert (linear_levels()[0], linear_levels()[255]) == (0, 1)


def test_greys_have_tables_of_their_own():
    luminance, root = gray_light_of_levels()
    np.testing.assert_allclose(luminance, light_of_levels().sum(axis=0))
    assert np.array_equal(root, lab_root(luminance))


def test_every_level_comes_back_from_its_light():
    linear = ops.convert_to_numpy(color.srgb_to_linear(np.arange(256, dtype="float32") / 255))
    assert np.array_equal(srgb_of_light()[np.rint(linear * (LEVELS - 1)).astype(int)], np.arange(256))
    assert (np.diff(srgb_of_light().astype(int)) >= 0).all()
