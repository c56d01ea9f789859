"""YCbCr and grey, against Pillow."""

import numpy as np
import pytest
from helpers.colors import cube, cube_uint8
from keras import ops
from PIL import Image

from kcolor import color


def numpy(x):
    return ops.convert_to_numpy(x)


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


def test_nearest_keeps_luma():
    ycbcr = cube(20).astype("float32")
    rgb = color.ycbcr_to_rgb(ycbcr, gamut="nearest")
    assert numpy(color.rgb_to_gray(rgb))[..., 0] == pytest.approx(ycbcr[..., 0], abs=1e-5)
