"""The guided filter: chroma that follows the edges of lightness."""

import numpy as np
import pytest
from keras import ops

from kcolor.images.guided_filter import box_mean, constant_coefficients, guided_filter


def numpy(x):
    return ops.convert_to_numpy(x)


def test_flat_neighbourhoods_take_their_mean_chroma(rng):
    chroma = rng.uniform(-20, 20, (1, 6, 6, 2)).astype("float32")
    coefficients = numpy(guided_filter(chroma, np.full((1, 6, 6, 1), 0.4, "float32"), 6))
    assert coefficients[..., :2] == pytest.approx(np.zeros((1, 6, 6, 2)), abs=0.05)
    assert np.abs(coefficients[..., 2:] - chroma.mean(axis=(1, 2))).max() < 5


def test_chroma_that_is_a_linear_function_of_lightness_stays_so(rng):
    luma = rng.uniform(size=(1, 12, 12, 1)).astype("float32")
    chroma = np.concatenate([40 * luma - 10, -20 * luma + 5], axis=-1)
    coefficients = numpy(guided_filter(chroma, luma, 3))
    assert coefficients[..., :2] == pytest.approx(np.broadcast_to([40, -20], (1, 12, 12, 2)), rel=0.05)  # the flatness counts
    assert coefficients[..., :2] * luma + coefficients[..., 2:] == pytest.approx(chroma, abs=1.0)


def test_what_varies_by_less_than_the_flatness_is_flat(rng):
    luma = (0.5 + 0.02 * rng.standard_normal((2, 12, 12, 1))).astype("float32")
    flatness = np.float32([1e-6, 0.1]).reshape(2, 1, 1, 1)  # one for each photo
    slopes = numpy(guided_filter(luma, luma, 3, flatness))[..., 0]
    assert slopes[0].min() > 0.95
    assert slopes[1].max() < 0.05


def test_a_box_mean_is_that_of_numpy(rng):
    image = rng.uniform(size=(1, 9, 11, 2)).astype("float32")
    padded = np.pad(image, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="symmetric")
    expected = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(1, 2)).mean(axis=(-2, -1))
    np.testing.assert_allclose(numpy(box_mean(image, 2)), expected, atol=1e-5)


def test_blurred_chroma_is_sharp_again_at_the_edge_of_lightness():
    luma = np.full((1, 16, 32, 1), 0.2, "float32")
    luma[:, :, 16:] = 0.8
    blurred = np.broadcast_to(np.linspace(-30, 30, 32, dtype="float32")[:, None], (1, 16, 32, 1))
    coefficients = numpy(guided_filter(blurred, luma, 4))
    followed = (coefficients[..., :1] * luma + coefficients[..., 1:])[0, 8, :, 0]
    assert followed[16] - followed[15] > 4 * (blurred[0, 8, 16, 0] - blurred[0, 8, 15, 0])


def test_constant_coefficients_are_the_chroma_itself(rng):
    chroma = rng.uniform(-20, 20, (2, 3, 4, 2)).astype("float32")
    slopes, offsets = np.split(numpy(constant_coefficients(chroma)), 2, axis=-1)
    assert not slopes.any()
    assert np.array_equal(offsets, chroma)
