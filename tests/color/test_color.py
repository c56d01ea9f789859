"""All colour spaces: there and back, gradients, types. (Each has a file of its own besides.)"""

import numpy as np
import pytest
from helpers.colors import cube_uint8
from helpers.gradients import gradient
from keras import ops

from kcolor import color


def numpy(x):
    return ops.convert_to_numpy(x)


def as_lab(x):
    """Numbers about 0..1 as Lab, so that the corners of one are the corners of the other."""
    x = ops.cast(x, "float32")
    return ops.stack([x[..., 0] * 100, x[..., 1] * 220 - 110, x[..., 2] * 220 - 110], axis=-1)


FUNCTIONS = {
    "srgb_to_linear": color.srgb_to_linear,
    "linear_to_srgb": color.linear_to_srgb,
    "rgb_to_lab": color.rgb_to_lab,
    "rgb_to_lightness": color.rgb_to_lightness,
    "rgb_to_ycbcr": color.rgb_to_ycbcr,
    "ycbcr_to_rgb": color.ycbcr_to_rgb,
    "rgb_to_gray": color.rgb_to_gray,
    "lab_to_rgb": lambda x: color.lab_to_rgb(as_lab(x)),
    "lab_to_rgb nearest": lambda x: color.lab_to_rgb(as_lab(x), gamut="nearest"),
    "fit_gamut": lambda x: color.fit_gamut(x * 2 - 0.5, color.rgb_to_gray(x), color.LUMA),
}


@pytest.mark.parametrize("gamut", ["clip", "nearest", None])
@pytest.mark.parametrize(
    ("there", "back"), [(color.rgb_to_lab, color.lab_to_rgb), (color.rgb_to_ycbcr, color.ycbcr_to_rgb)], ids=["lab", "ycbcr"]
)
def test_there_and_back_is_exact_in_uint8(there, back, gamut):
    rgb = cube_uint8(64)
    result = numpy(back(there(rgb / np.float32(255)), gamut=gamut))
    assert np.array_equal(np.round(result * 255), rgb)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_any_rank_any_float_answers_in_float32(name, dtype, policy):
    policy("mixed_float16")
    for shape in [(3,), (2, 3), (2, 4, 5, 3), (2, 1, 4, 5, 3)]:
        result = FUNCTIONS[name](np.full(shape, 0.5, dtype))
        assert tuple(result.shape)[:-1] == shape[:-1]
        assert "float32" in str(result.dtype)


CORNERS = {
    "black": [0, 0, 0],
    "white": [1, 1, 1],
    "sRGB breakpoint": [0.04045] * 3,
    "linear breakpoint": [0.0031308] * 3,
    "Lab breakpoint": [0.008856] * 3,
    "one channel at black": [1, 0, 0],
    "below": [-0.5, 0.5, -1e-7],
    "above": [1.5, 2.0, 1 + 1e-7],
    "far": [-100, 100, 50],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_are_finite_at_the_corners(name):
    slopes = gradient(FUNCTIONS[name], list(CORNERS.values()))
    assert [corner for corner, slope in zip(CORNERS, slopes, strict=True) if not np.isfinite(slope).all()] == []
