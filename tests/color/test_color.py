"""Colour spaces: against scikit-image and Pillow, there and back, gradients, types."""

import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops
from PIL import Image
from skimage.color import lab2rgb, rgb2lab

from kcolor import color


def numpy(x):
    return ops.convert_to_numpy(x)


def cube(levels):
    axis = np.linspace(0, 1, levels)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)


def cube_uint8(levels):
    return np.round(cube(levels) * 255).astype("uint8")


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


def test_lab_is_scikit_images_on_a_cube():
    rgb = cube(48)
    assert np.abs(numpy(color.rgb_to_lab(rgb)) - rgb2lab(rgb)).max() < 3e-4


def test_lab_is_scikit_images_on_photographs(kodak):
    for photo in kodak:
        ours = numpy(color.rgb_to_lab(photo / np.float32(255)))
        assert np.abs(ours - rgb2lab(photo)).max() < 3e-4
        assert np.abs(numpy(color.lab_to_rgb(ours)) - lab2rgb(rgb2lab(photo))).max() < 1e-4


def test_known_colours():
    known = {(1, 1, 1): (100, 0, 0), (0, 0, 0): (0, 0, 0), (1, 0, 0): (53.24, 80.09, 67.20), (0, 0, 1): (32.30, 79.19, -107.86)}
    for rgb, lab in known.items():
        assert numpy(color.rgb_to_lab(np.array(rgb, "float32"))) == pytest.approx(lab, abs=0.01)


def test_lightness_is_the_l_of_lab():
    rgb = cube(16).astype("float32")
    assert numpy(color.rgb_to_lightness(rgb))[..., 0] == pytest.approx(numpy(color.rgb_to_lab(rgb))[..., 0], abs=1e-4)


@pytest.mark.parametrize("gamut", ["clip", "nearest", None])
@pytest.mark.parametrize(
    ("there", "back"), [(color.rgb_to_lab, color.lab_to_rgb), (color.rgb_to_ycbcr, color.ycbcr_to_rgb)], ids=["lab", "ycbcr"]
)
def test_there_and_back_is_exact_in_uint8(there, back, gamut):
    rgb = cube_uint8(64)
    result = numpy(back(there(rgb / np.float32(255)), gamut=gamut))
    assert np.array_equal(np.round(result * 255), rgb)


def test_linear_light_there_and_back():
    rgb = np.linspace(0, 1, 1000, dtype="float32")
    assert numpy(color.linear_to_srgb(color.srgb_to_linear(rgb))) == pytest.approx(rgb, abs=1e-6)


def test_ycbcr_is_that_of_jpeg():
    rgb = cube_uint8(64).reshape(512, 512, 3)
    pillow = np.asarray(Image.fromarray(rgb).convert("YCbCr")).astype(int)
    ours = np.clip(np.round(numpy(color.rgb_to_ycbcr(rgb / np.float32(255))) * 255), 0, 255)
    assert np.abs(ours - pillow).max() <= 1


def test_gray_is_y_and_has_no_chroma():
    rgb = cube(16).astype("float32")
    gray = numpy(color.rgb_to_gray(rgb))
    assert gray.shape == (16, 16, 16, 1)
    assert gray[-1, 0, 0, 0] == pytest.approx(0.299)
    assert numpy(color.rgb_to_ycbcr(np.repeat(gray, 3, axis=-1)))[..., 1:] == pytest.approx(128 / 255, abs=1e-6)


def test_nearest_keeps_lightness_where_clipping_does_not(rng):
    lab = rng.uniform((0, -110, -110), (100, 110, 110), (20000, 3)).astype("float32")
    back = numpy(color.rgb_to_lab(color.lab_to_rgb(lab, gamut="nearest")))
    assert np.abs(back[:, 0] - lab[:, 0]).max() < 0.01
    clipped = numpy(color.rgb_to_lab(color.lab_to_rgb(lab)))
    assert np.abs(clipped[:, 0] - lab[:, 0]).max() > 20


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


def test_nearest_hardly_turns_hues_and_hardly_pales_pure_colours(rng):
    lightness, angle, chroma = rng.uniform(10, 97, 5000), rng.uniform(0, 2 * np.pi, 5000), rng.uniform(10, 40, 5000)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1).astype("float32")
    unbounded = numpy(color.lab_to_rgb(lab, gamut=None))
    back = numpy(color.rgb_to_lab(color.lab_to_rgb(lab, gamut="nearest")))
    turned = np.degrees(np.abs(np.angle(np.exp(1j * (np.arctan2(back[:, 2], back[:, 1]) - angle)))))
    outside = ((unbounded < 0) | (unbounded > 1)).any(axis=-1) & (np.hypot(back[:, 1], back[:, 2]) > 3)
    assert turned[outside].mean() < 7  # 13 if all went to the nearest colour
    blue = numpy(color.rgb_to_lab(np.float32([0, 0, 1]))) + np.float32([0, -2, -2])
    assert numpy(color.lab_to_rgb(blue, gamut="nearest"))[2] > 0.94  # 0.89 if all were mixed with grey


def test_colours_that_exist_are_not_moved(rng):
    rgb = rng.uniform(size=(100, 3)).astype("float32")
    assert np.array_equal(numpy(color.fit_gamut(rgb, color.rgb_to_gray(rgb), color.LUMA)), rgb)


def test_nearest_keeps_luma():
    ycbcr = cube(20).astype("float32")
    rgb = color.ycbcr_to_rgb(ycbcr, gamut="nearest")
    assert numpy(color.rgb_to_gray(rgb))[..., 0] == pytest.approx(ycbcr[..., 0], abs=1e-5)


def test_outside_the_gamut_only_none_leaves_the_cube():
    blue = np.array([[90, 60, -110]], "float32")
    assert numpy(color.lab_to_rgb(blue, gamut=None)).max() > 1.05
    for gamut in ("clip", "nearest"):
        result = numpy(color.lab_to_rgb(blue, gamut=gamut))
        assert result.min() >= 0
        assert result.max() <= 1


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


def test_gradients_are_those_of_the_curve():
    x = np.array([[0.2, 0.5, 0.8]], "float32")
    step = 1e-3
    red = np.array([step, 0, 0])
    finite = (rgb2lab(x + red) - rgb2lab(x - red)).sum() / (2 * step)
    assert gradient(color.rgb_to_lab, x)[0, 0] == pytest.approx(finite, rel=1e-3)


def test_black_still_learns():
    assert (gradient(color.rgb_to_lightness, [[0.0, 0.0, 0.0]]) > 0).all()


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


def test_refuses_an_unknown_gamut():
    for function in (color.lab_to_rgb, color.ycbcr_to_rgb):
        with pytest.raises(ValueError, match='"clip", "nearest" or None'):
            function(np.zeros((4, 3), "float32"), gamut="squash")
