"""One bilinear resampling, against Keras and by hand."""

import numpy as np
from keras import ops

from kcolor.augment.warp import warp


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_warp_with_the_whole_window_is_exact():
    photos = pictures(6, 20, 31, 2)
    result = warp(photos, np.zeros(6), np.ones((6, 2)), np.zeros((6, 2)))
    np.testing.assert_array_equal(numpy(result), photos)


def test_warp_turns_anticlockwise():
    photos = pictures(64, 33, 33, 2)
    result = numpy(warp(photos, [90, 180] * 32, np.ones((64, 2)), np.zeros((64, 2))))
    np.testing.assert_allclose(result[::2], np.rot90(photos[::2], axes=(1, 2)), atol=1e-5)
    np.testing.assert_allclose(result[1::2], photos[1::2, ::-1, ::-1], atol=1e-5)


def test_warp_shows_the_lower_left_quarter():
    # A window of half the size: output column x is at (x + 0.5) / 2 - 0.5 of the 4 columns, row y two further down.
    photo = np.add.outer(10.0 * np.arange(4), np.arange(4)).astype("float32")[None, ..., None]
    result = numpy(warp(photo, [0], [[0.5, 0.5]], [[0.25, -0.25]]))[0, ..., 0]
    np.testing.assert_allclose(result[1], 22.5 + np.array([0.0, 0.25, 0.75, 1.25]), atol=1e-5)  # -0.25 is mirrored
    np.testing.assert_allclose(result[:, 1], 0.25 + np.array([17.5, 22.5, 27.5, 30.0]), atol=1e-5)


def test_warp_agrees_with_keras():
    rng = np.random.default_rng(5)
    photos = pictures(6, 20, 31, 2)
    angle, window = rng.uniform(-180, 180, 6), rng.uniform(0.3, 3.0, (6, 2))
    shift = rng.uniform(-1, 1, (6, 2))
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    matrix = np.stack([cos * window[:, 1], -sin * window[:, 0], sin * window[:, 1], cos * window[:, 0]], axis=-1)
    centre = np.array([15.0, 9.5])
    offset = centre + shift[:, ::-1] * [31, 20] - np.einsum("bij,j->bi", matrix.reshape(-1, 2, 2), centre)
    transform = np.stack([*matrix[:, :2].T, offset[:, 0], *matrix[:, 2:].T, offset[:, 1], 0 * cos, 0 * cos], axis=-1)
    expected = ops.image.affine_transform(photos, transform.astype("float32"), "bilinear", "reflect")
    np.testing.assert_allclose(numpy(warp(photos, angle, window, shift)), numpy(expected), atol=1e-4)
