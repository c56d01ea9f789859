"""What film and print make of light."""

import numpy as np
from keras import ops

from kcolor.augment import film


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def per_picture(*numbers):
    return ops.reshape(ops.convert_to_tensor(numbers, dtype="float32"), (-1, 1, 1, 1))


def test_film_adds_light_and_not_encoded_values():
    photos = np.float32([[[[0.4, 0.6, 0.9]]], [[[1.0, 0.0, 0.0]]]])
    seen = numpy(film.respond(ops.convert_to_tensor(photos), per_picture(0.05, 0.3), per_picture(0.75, 0.1)))
    sky = np.sqrt(0.05 * 0.16 + 0.2 * 0.36 + 0.75 * 0.81)
    assert seen.shape == (2, 1, 1, 1)
    np.testing.assert_allclose(seen.ravel(), [sky, np.sqrt(0.3)], rtol=1e-5)


def test_film_leaves_grey_as_it_is():
    gray = np.repeat(np.linspace(0, 1, 11, dtype="float32").reshape(1, 1, 11, 1), 3, axis=-1)
    seen = film.respond(ops.convert_to_tensor(gray), per_picture(0.1), per_picture(0.7))
    np.testing.assert_allclose(numpy(seen), gray[..., :1], atol=1e-5)


def test_a_print_keeps_black_and_white_and_the_order_of_tones():
    tones = ops.convert_to_tensor(np.linspace(0, 1, 101, dtype="float32").reshape(1, 1, 101, 1))
    for exposure in (-1.0, 0.0, 0.5, 1.0):
        for curve in (-1.0, 0.0, 1.0):
            result = numpy(film.print_contrast(tones, per_picture(exposure), per_picture(curve))).ravel()
            np.testing.assert_allclose(result[[0, -1]], [0, 1], atol=1e-6)
            assert np.diff(result).min() > -1e-6
            if curve == 0:
                np.testing.assert_allclose(result[50], 3**exposure / (3**exposure + 1), atol=1e-5)
            if exposure == 0:
                np.testing.assert_allclose((result[51] - result[49]) / 0.02, 1 + curve / 2, atol=1e-2)


def test_a_print_clips_what_grain_has_pushed_out():
    result = film.print_contrast(ops.reshape([-0.5, -0.1, 1.5], (1, 1, 3, 1)), per_picture(1.0), per_picture(1.0))
    np.testing.assert_allclose(numpy(result).ravel(), [0, 0, 1], atol=1e-6)


def test_what_is_bright_glows_far_and_evenly():
    photos = np.full((2, 64, 64, 3), 0.2, "float32")
    photos[:, 28:36, 28:36] = 1.0
    glow = numpy(film.halo(ops.convert_to_tensor(photos), per_picture(1.0, 0.5), per_picture(0.0, 1.0))) - photos
    np.testing.assert_allclose(glow[..., 1:], glow[..., :1].repeat(2, axis=-1), atol=1e-6)
    np.testing.assert_allclose(glow[0, :, :, 0], glow[0, ::-1, :, 0], atol=1e-5)
    assert glow[0, 32, 36, 0] > 0.15  # beside the white
    assert glow[0, 32, 36, 0] > 10 * glow[0, 32, 42, 0] > 0
    assert glow[1, 32, 42, 0] > 2 * glow[0, 32, 42, 0]  # the wider one
    np.testing.assert_allclose(glow[0, 0, 0, 0], 0.2**3 * 0.8, atol=1e-4)  # grey gives hardly any
    np.testing.assert_allclose(glow[:, 32, 32], 0, atol=1e-6)  # white gets none


def test_a_glow_is_the_same_at_every_size():
    few = np.zeros((1, 32, 32, 3), "float32")
    few[:, 8:16, 8:24] = 1.0
    glows = [
        numpy(film.halo(ops.convert_to_tensor(few.repeat(k, 1).repeat(k, 2)), per_picture(1.0), per_picture(0.5)))
        for k in (1, 4)
    ]
    means = glows[1].reshape(1, 32, 4, 32, 4, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(means, glows[0], atol=0.03)
