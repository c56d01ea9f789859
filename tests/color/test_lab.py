"""CIE Lab, against scikit-image."""

import numpy as np
import pytest
from helpers.colors import cube
from helpers.gradients import gradient
from keras import ops
from skimage.color import lab2rgb, rgb2lab

from kcolor import color


def numpy(x):
    return ops.convert_to_numpy(x)


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


def test_nearest_keeps_lightness_where_clipping_does_not(rng):
    lab = rng.uniform((0, -110, -110), (100, 110, 110), (20000, 3)).astype("float32")
    back = numpy(color.rgb_to_lab(color.lab_to_rgb(lab, gamut="nearest")))
    assert np.abs(back[:, 0] - lab[:, 0]).max() < 0.01
    clipped = numpy(color.rgb_to_lab(color.lab_to_rgb(lab)))
    assert np.abs(clipped[:, 0] - lab[:, 0]).max() > 20


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


def test_outside_the_gamut_only_none_leaves_the_cube():
    blue = np.array([[90, 60, -110]], "float32")
    assert numpy(color.lab_to_rgb(blue, gamut=None)).max() > 1.05
    for gamut in ("clip", "nearest"):
        result = numpy(color.lab_to_rgb(blue, gamut=gamut))
        assert result.min() >= 0
        assert result.max() <= 1


def test_gradients_are_those_of_the_curve():
    x = np.array([[0.2, 0.5, 0.8]], "float32")
    step = 1e-3
    red = np.array([step, 0, 0])
    finite = (rgb2lab(x + red) - rgb2lab(x - red)).sum() / (2 * step)
    assert gradient(color.rgb_to_lab, x)[0, 0] == pytest.approx(finite, rel=1e-3)


def test_black_still_learns():
    assert (gradient(color.rgb_to_lightness, [[0.0, 0.0, 0.0]]) > 0).all()
