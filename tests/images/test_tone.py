"""Stretching lightness for the network's eyes."""

import numpy as np
import pytest
from helpers.colorizers import numpy
from keras import ops

from kcolor.images.tone import stretch_between, stretch_tone


def _stretched(luma):
    photos = np.asarray(luma, "float32")
    return numpy(stretch_tone(photos, photos))


@pytest.fixture(scope="module")
def photo():
    """A batch of one: 60×80 values, evenly from 0 to 1."""
    return np.random.default_rng(0).permutation(np.linspace(0, 1, 60 * 80)).reshape(1, 60, 80, 1).astype("float32")


@pytest.mark.parametrize(("share", "level"), [(0.15, 0.3), (0.4, 0.9), (0.6, 0.5), (0.6, 0.2)])
def test_a_photo_that_has_faded_looks_as_it_did(photo, share, level):
    faded = (1 - share) * photo + share * level
    assert np.abs(_stretched(faded) - _stretched(photo)).max() < 0.006


def test_the_percentiles_are_those_of_numpy(photo):
    dark = photo**3
    low, high = np.percentile(dark[:, 3:57:2, 4:76:2], [0.5, 99.5])
    expected = np.clip((dark - low) / (high - low), 0, 1)
    assert np.abs(_stretched(dark) - expected).max() < 0.002


def test_contrast_grows_at_most_threefold_around_its_middle(photo):
    fog = 0.7 + 0.2 * photo
    stretched = _stretched(fog)
    assert np.ptp(stretched) == pytest.approx(0.6, abs=0.01)
    assert (stretched.max() + stretched.min()) / 2 == pytest.approx(0.7, abs=0.01)  # and its brightness stays
    near_white = 0.85 + 0.14 * photo  # there is no room around its middle: it ends at white
    assert _stretched(near_white).max() == pytest.approx(1.0, abs=0.003)
    assert np.ptp(_stretched(near_white)) == pytest.approx(0.42, abs=0.01)


def test_what_has_next_to_no_contrast_stays_as_it_is(photo):
    flat = (100 + 18 * photo) / 255
    np.testing.assert_allclose(_stretched(flat), flat, atol=1e-6)
    np.testing.assert_array_equal(_stretched(np.full((1, 5, 5, 1), 0.25)), np.full((1, 5, 5, 1), np.float32(0.25)))


def test_a_border_decides_nothing(photo):
    faded = 0.3 + 0.4 * photo
    framed = faded.copy()
    framed[:, :2], framed[:, -2:], framed[:, :, :3], framed[:, :, -3:] = 1, 1, 0, 0
    np.testing.assert_allclose(_stretched(framed)[:, 3:-3, 4:-4], _stretched(faded)[:, 3:-3, 4:-4], atol=1e-6)


def test_each_photo_of_a_batch_has_its_own_range(photo):
    both = np.concatenate([photo, 0.5 + 0.4 * photo])
    stretched = _stretched(both)
    np.testing.assert_allclose(stretched[0], stretched[1], atol=0.006)


def test_three_channels_are_stretched_as_their_lightness(photo):
    rgb = np.repeat(0.4 + 0.3 * photo, 3, axis=-1)
    stretched = numpy(stretch_tone(rgb, rgb[..., :1]))
    np.testing.assert_array_equal(stretched[..., 0], _stretched(rgb[..., :1])[..., 0])


def test_a_range_that_is_given_is_stretched_as_a_photos_own():
    faded = np.random.default_rng(0).uniform(0.3, 0.7, (1, 100, 100, 1)).astype("float32")
    own = ops.convert_to_numpy(stretch_tone(faded, faded))
    given = ops.convert_to_numpy(stretch_between(faded, 0.302, 0.698))
    np.testing.assert_allclose(given, own, atol=0.01)
