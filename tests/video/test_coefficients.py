"""Chroma as a function of lightness, where some of it is unsure."""

import numpy as np
from helpers.films import light
from keras import ops

from kcolor.images.guided_filter import guided_filter
from kcolor.video.coefficients import coefficients


def test_chroma_that_follows_lightness_is_found_again():
    lightness = light(1).astype("float32") / 255
    chroma = np.dstack([40 * lightness - 10, 5 - 20 * lightness])
    found = coefficients(chroma, lightness, np.ones_like(lightness), 4)
    painted = found[..., :2] * lightness[..., None] + found[..., 2:]
    assert np.abs(painted - chroma).mean() < 1


def test_where_all_is_sure_it_is_nearly_the_guided_filter():
    rng = np.random.default_rng(0)
    lightness, chroma = light(2, (40, 50)).astype("float32") / 255, rng.normal(0, 5, (40, 50, 2)).astype("float32")
    found = coefficients(chroma, lightness, np.ones_like(lightness), 3)
    expected = ops.convert_to_numpy(guided_filter(chroma[None], lightness[None, ..., None], 3))[0]
    painted = [c[..., :2] * lightness[..., None] + c[..., 2:] for c in (found, expected)]
    assert np.abs(painted[0] - painted[1])[6:-6, 6:-6].max() < 1


def test_unsure_pixels_take_the_colour_of_sure_ones_as_light():
    lightness = np.zeros((20, 20), "float32")
    lightness[:, 10:] = 1
    chroma, sure = np.dstack([20 * lightness, 0 * lightness]), np.ones((20, 20), "float32")
    chroma[8:12], sure[8:12] = -50, 0
    found = coefficients(chroma, lightness, sure, 4)
    painted = found[..., 0] * lightness + found[..., 2]
    np.testing.assert_allclose(painted[9, [2, 17]], [0, 20], atol=1.5)
