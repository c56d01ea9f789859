"""Blur, grain and fading of given strengths."""

import numpy as np
from keras import ops
from scipy import ndimage

from kcolor.augment import effects


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_grain_is_coarse_and_strongest_in_the_midtones():
    levels = np.array([0.0, 0.1, 0.5, 1.0] * 16, "float32")
    photos = ops.convert_to_tensor(levels[:, None, None, None].repeat(32, 1).repeat(32, 2).repeat(3, 3))
    field = np.random.default_rng(0).normal(size=(64, 38, 38, 1)).astype("float32")
    result = effects.grain(photos, ops.full((64, 1, 1, 1), 0.2), ops.convert_to_tensor(field))
    change = numpy(result)[..., 0] - levels[:, None, None]
    for level in levels[:4]:
        np.testing.assert_allclose(change[levels == level].std(), 0.2 * 4 * level * (1 - level), rtol=0.05, atol=1e-6)
    middle = change[levels == 0.5]
    # White noise under a Gaussian of sigma 1 correlates as exp(-1 / 4) = 0.78 with its neighbour.
    np.testing.assert_allclose(np.corrcoef(middle[:, 1:].ravel(), middle[:, :-1].ravel())[0, 1], 0.78, atol=0.03)
    np.testing.assert_allclose(np.corrcoef(middle[..., 1:].ravel(), middle[..., :-1].ravel())[0, 1], 0.78, atol=0.03)
    for rim in (middle[:, 0], middle[:, -1], middle[..., 0], middle[..., -1]):
        np.testing.assert_allclose(rim.std(), 0.2, rtol=0.2)


def test_fade_by_hand():
    result = effects.fade(ops.convert_to_tensor([0.0, 0.5, 1.0]), 0.4, 0.25)
    np.testing.assert_allclose(numpy(result), [0.1, 0.4, 0.7], atol=1e-6)


def test_blur_is_a_gaussian_by_picture_also_where_it_is_wider_than_the_picture():
    photos = pictures(4, 3, 5, 3)
    sigmas = [0.0, 0.5, 1.0, 2.0]
    result = numpy(effects.blur(ops.convert_to_tensor(photos), ops.reshape(sigmas, (4, 1, 1, 1)), radius=6))
    np.testing.assert_array_equal(result[0], photos[0])
    for picture, photo, sigma in zip(result[1:], photos[1:], sigmas[1:], strict=True):
        expected = ndimage.gaussian_filter(photo, sigma, mode="reflect", axes=(0, 1), radius=6)
        np.testing.assert_allclose(picture, expected, atol=1e-5)
