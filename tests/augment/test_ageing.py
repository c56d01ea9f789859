"""Photos that look old: noise, grain, fading and blur of random strengths."""

import numpy as np
import pytest
from keras import ops
from scipy import ndimage

from kcolor import augment

EVERY_AGE = {"noise": 0.2, "fading": 0.6, "blur": 2.0, "grain": 0.3, "film": 0.7, "contrast": 1.0}
EVERY_AGE |= {"halation": 0.7, "vignette": 0.7, "scratches": 0.7, "jpeg": 0.3}


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_noise_is_white_and_as_strong_as_asked():
    result = numpy(augment.age(np.full((64, 32, 32, 3), 0.5, "float32"), 3, noise=0.1))[..., 0] - 0.5
    deviations = result.std(axis=(1, 2))
    assert 0.09 < deviations.max() < 0.105
    assert 0.04 < deviations.mean() < 0.06
    strong = result[deviations > 0.05]
    assert abs(strong.mean()) < 0.002
    assert abs(np.corrcoef(strong[:, 1:].ravel(), strong[:, :-1].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(strong[0].ravel(), strong[1].ravel())[0, 1]) < 0.15  # each picture its own


def test_grain_of_age_is_as_strong_as_asked():
    result = numpy(augment.age(np.full((64, 32, 32, 3), 0.5, "float32"), 3, grain=0.1))[..., 0] - 0.5
    deviations = result.std(axis=(1, 2))
    assert 0.085 < deviations.max() < 0.115
    assert 0.04 < deviations.mean() < 0.06


def test_fading_lifts_blacks_and_dims_whites():
    photos = np.zeros((64, 1, 2, 3), "float32")
    photos[:, :, 1] = 1.0
    black, white = np.moveaxis(numpy(augment.age(photos, 5, fading=0.5))[:, 0, :, 0], 1, 0)
    share = 1 - (white - black)
    assert share.min() < 0.05
    assert 0.45 < share.max() <= 0.5
    level = (black / share)[share > 0.01]
    assert 0.249 < level.min() < 0.35
    assert 0.65 < level.max() < 0.751


def test_blur_of_age_keeps_the_mean_and_lies_below_what_was_asked():
    photos = pictures(64, 32, 32, 3)
    result = numpy(augment.age(photos, 6, blur=1.5))
    np.testing.assert_allclose(result.mean(axis=(1, 2)), photos.mean(axis=(1, 2)), atol=1e-5)
    most = ndimage.gaussian_filter(photos, 1.5, mode="reflect", axes=(1, 2), radius=5).std(axis=(1, 2, 3))
    share = result.std(axis=(1, 2, 3)) / photos.std(axis=(1, 2, 3))
    assert np.all(result.std(axis=(1, 2, 3)) > 0.99 * most)
    assert share.max() > 0.95  # some are hardly blurred
    assert share.min() < 0.3  # and some very much


def test_grey_stays_grey():
    gray = np.repeat(pictures(4, 9, 11, 1), 3, axis=-1)
    result = numpy(augment.age(gray, 8, **EVERY_AGE))
    np.testing.assert_allclose(result[..., 1:], result[..., :1].repeat(2, axis=-1), atol=1e-7)
    assert np.abs(result - gray).mean() > 0.01


def test_age_refuses_what_is_not_rgb():
    with pytest.raises(ValueError, match=r"\(batch, height, width, 3\).*Received shape: \(1, 4, 4, 1\)"):
        augment.age(pictures(1, 4, 4, 1), 1, noise=0.1)


def test_film_of_age_takes_the_colour_of_so_many_pictures():
    photos = np.broadcast_to(np.float32([0.8, 0.5, 0.2]), (256, 2, 2, 3))
    result = numpy(augment.age(photos, 4, film=0.3))[:, 0, 0]
    gray = result.max(axis=-1) - result.min(axis=-1) < 1e-6
    assert 0.2 < gray.mean() < 0.4
    np.testing.assert_array_equal(result[~gray], photos[~gray, 0, 0])
    # From 0.8 of blue and 0.2 of green to 0.3 of red, 0.6 of green and 0.1 of blue.
    darkest, lightest = np.sqrt([0.8 * 0.04 + 0.2 * 0.25, 0.3 * 0.64 + 0.6 * 0.25 + 0.1 * 0.04])
    assert darkest <= result[gray].min() < darkest + 0.05
    assert lightest - 0.05 < result[gray].max() <= lightest


def test_contrast_of_age_goes_both_ways_in_exposure_and_slope():
    photos = np.repeat(np.float32([0.0, 0.45, 0.55, 1.0]).reshape(1, 1, 4, 1), 256, axis=0).repeat(3, axis=-1)
    result = numpy(augment.age(photos, 4, contrast=1.0))[:, 0, :, 0]
    np.testing.assert_allclose(result[:, [0, 3]], np.broadcast_to([0, 1], (256, 2)), atol=1e-6)
    middle, slope = result[:, 1:3].mean(axis=1), (result[:, 2] - result[:, 1]) / 0.1
    assert 0.17 < middle.min() < 0.35
    assert 0.65 < middle.max() < 0.83
    assert 0.4 < slope.min() < 0.8
    assert 1.2 < slope.max() < 1.5
    assert np.abs(middle - 0.5).mean() < 0.15  # most are mild


def test_halation_of_age_brightens_and_never_darkens():
    photos = np.zeros((32, 16, 16, 3), "float32")
    photos[:, :, :8] = 1.0
    result = numpy(augment.age(photos, 4, halation=0.8))
    assert np.all(result >= photos)
    beside = result[:, 8, 8, 0]
    assert beside.min() < 0.1
    assert 0.2 < beside.max() < 0.5


def test_the_vignettes_of_age_are_pale_in_one_of_four():
    photos = np.full((256, 9, 9, 3), 0.5, "float32")
    result = numpy(augment.age(photos, 4, vignette=0.5))[..., 0]
    pale = result[:, 0, 0] > 0.5
    assert 0.15 < pale.mean() < 0.35
    assert 0.25 < result[:, 0, 0].min() < 0.35
    np.testing.assert_allclose(result[:, 4, 4], 0.5, atol=1e-6)


def test_scratches_of_age_differ_from_picture_to_picture():
    change = numpy(augment.age(np.full((32, 32, 32, 3), 0.5, "float32"), 4, scratches=1.0))[..., 0] - 0.5
    marked = (np.abs(change) > 0.1).mean(axis=(1, 2))
    assert marked.min() < 0.03  # of the picture
    assert 0.1 < marked.max() < 0.4
    assert np.mean(change[np.abs(change) > 0.1] > 0) > 0.5  # most are white
    assert np.unique(change.reshape(32, -1), axis=0).shape[0] > 28


def test_jpeg_of_age_is_the_last_step():
    photos = np.full((64, 8, 8, 3), 0.5, "float32")
    noisy, compressed = (numpy(augment.age(photos, 4, noise=0.02, jpeg=jpeg))[..., 0] for jpeg in (0.0, 1.0))
    assert np.all(noisy.std(axis=(1, 2)) > 0)
    assert np.mean(compressed.std(axis=(1, 2)) < 1e-6) > 0.5  # the noise is too weak for the coarse steps


def test_a_print_of_what_the_film_saw_fades_and_not_the_photo():
    photos = np.broadcast_to(np.float32([1.0, 0.0, 0.0]), (64, 8, 8, 3))
    seen = augment.age(photos, 4, film=1.0)
    expected = numpy(augment.age(seen, 4, fading=1.0))
    np.testing.assert_allclose(numpy(augment.age(photos, 4, film=1.0, fading=1.0)), expected, atol=1e-6)
    assert np.abs(numpy(augment.age(augment.age(photos, 4, fading=1.0), 4, film=1.0)) - expected).mean() > 0.01
