"""Checks and arithmetic that the colour spaces share."""

import numpy as np
import pytest
from keras import ops

from kcolor import color
from kcolor.color.channels import as_float32, mix, power, split_channels, three_channels, with_foot


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize("function", [color.rgb_to_lab, color.rgb_to_gray, color.lab_to_rgb, color.ycbcr_to_rgb])
def test_refuses_what_is_no_colour(function):
    with pytest.raises(ValueError, match=r"shape \(\.\.\., 3\).*\(4, 2\)"):
        function(np.zeros((4, 2), "float32"))
    with pytest.raises(ValueError, match="floats.*uint8"):
        function(np.zeros((4, 3), "uint8"))


def test_as_rgb_takes_colours_as_they_are(rng):
    rgb = rng.uniform(size=(2, 3)).astype("float32")
    assert np.array_equal(numpy(color.as_rgb(rgb)), rgb)
    with pytest.raises(ValueError, match="Expected RGB of shape"):
        color.as_rgb(np.float32(1.0))


def test_half_precision_becomes_float32_and_the_space_is_named():
    assert "float32" in str(as_float32(np.zeros((2, 2), "float16")).dtype)
    with pytest.raises(ValueError, match=r"Expected Lab of shape \(..., 3\). Received shape: \(2, 4\)"):
        three_channels(np.zeros((2, 4), "float32"), "Lab")


def test_a_product_written_out_is_a_product(rng):
    x, matrix = rng.random((5, 3)).astype("float32"), rng.random((2, 3))
    found = [numpy(channel) for channel in mix(split_channels(ops.convert_to_tensor(x)), matrix)]
    assert np.stack(found, axis=-1) == pytest.approx(x @ matrix.T, abs=1e-6)


@pytest.mark.parametrize("exponent", [2.4, 1 / 2.4, 1 / 3])
def test_powers_are_exact_to_float32(exponent):
    x = np.linspace(0.003, 2, 1000, dtype="float32")
    assert numpy(power(ops.convert_to_tensor(x), exponent)) == pytest.approx(x.astype("float64") ** exponent, rel=1e-6)


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_a_foot_is_straight_and_the_rest_is_the_curve(shift):
    x = np.linspace(-1, 2, 301, dtype="float32")
    whole = numpy(with_foot(ops.convert_to_tensor(x**3 + shift), x, end=0.5, slope=0.25, start=0.125 + shift))
    assert whole == pytest.approx(np.where(x > 0.5, x**3, x / 4), abs=1e-6)
    assert np.array_equal(whole[x < 0.5], x[x < 0.5] / 4)


def test_by_default_a_foot_ends_at_the_value_of_its_line():
    x = np.float32([0.0, 0.25, 0.5, 1.0])
    assert numpy(with_foot(x**2, x, end=0.5, slope=0.5)) == pytest.approx([0, 0.125, 0.25, 1], abs=1e-6)
