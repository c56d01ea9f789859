"""What JPEG leaves of a picture."""

import io

import numpy as np
import pytest
from keras import ops
from PIL import Image

from kcolor.augment import jpeg


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def compressed(photos, *strengths):
    return numpy(jpeg.compress(ops.convert_to_tensor(photos), ops.reshape(ops.convert_to_tensor(strengths), (-1, 1, 1, 1))))


@pytest.mark.parametrize(("strength", "quality"), [(0.2, 50), (0.5, 20), (1.0, 10)])
def test_grey_pictures_become_what_a_jpeg_file_has(samples, strength, quality):
    photo = samples["parrots"][:72, :120].mean(axis=-1).round().astype("uint8")
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "jpeg", quality=quality)
    expected = np.asarray(Image.open(file)) / 255
    result = compressed((photo[None, ..., None] / np.float32(255)).repeat(3, axis=-1), strength)
    off = np.abs(np.clip(result[0, ..., 0], 0, 1) - expected) > 1.5 / 255
    assert off.mean() < 0.05  # the encoder rounds exact halves another way, in some blocks
    assert np.abs(expected - photo / 255).mean() > 0.004


def test_each_picture_has_its_strength_and_a_faint_one_changes_nothing():
    photos = pictures(2, 9, 13, 3)
    result = compressed(photos, 1e-9, 1.0)
    np.testing.assert_allclose(result[0], photos[0], atol=1e-6)
    assert np.abs(result[1] - photos[1]).mean() > 0.02


def test_colour_stays_at_any_size():
    for height, width in ((1, 1), (7, 20), (16, 8)):
        photos = pictures(2, height, width, 3)
        change = compressed(photos, 0.5, 1.0) - photos
        assert change.shape == photos.shape
        np.testing.assert_allclose(change[..., 1:], change[..., :1].repeat(2, axis=-1), atol=1e-6)


def test_a_block_knows_nothing_of_the_next():
    photos = pictures(1, 8, 24, 3)
    other = photos.copy()
    other[:, :, 8:] = 0.5
    np.testing.assert_allclose(compressed(photos, 0.3)[:, :, :8], compressed(other, 0.3)[:, :, :8], atol=1e-6)
