"""The curve of sRGB."""

import numpy as np
import pytest
from keras import ops

from kcolor import color


def numpy(x):
    return ops.convert_to_numpy(x)


def test_linear_light_there_and_back():
    rgb = np.linspace(0, 1, 1000, dtype="float32")
    assert numpy(color.linear_to_srgb(color.srgb_to_linear(rgb))) == pytest.approx(rgb, abs=1e-6)


def test_the_curve_by_hand():
    encoded, linear = [0.0, 0.04045, 0.5, 1.0], [0.0, 0.04045 / 12.92, ((0.5 + 0.055) / 1.055) ** 2.4, 1.0]
    assert numpy(color.srgb_to_linear(np.float32(encoded))) == pytest.approx(linear, abs=1e-6)
    assert numpy(color.linear_to_srgb(np.float32(linear))) == pytest.approx(encoded, abs=1e-5)


def test_values_outside_continue_the_curve():
    encoded, linear = [-0.1, 1.1], [-0.1 / 12.92, (1.155 / 1.055) ** 2.4]
    assert numpy(color.srgb_to_linear(np.float32(encoded))) == pytest.approx(linear, rel=1e-5)
    encoded, linear = [-0.1292, 1.055 * 1.2 ** (1 / 2.4) - 0.055], [-0.01, 1.2]
    assert numpy(color.linear_to_srgb(np.float32(linear))) == pytest.approx(encoded, rel=1e-5)
