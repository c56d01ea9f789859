"""Photos without their grain, for the network's eyes."""

import numpy as np
import pytest
from keras import ops

from kcolor.augment import effects
from kcolor.images.grain import grain_of, smooth_grain


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.fixture(scope="module")
def scene():
    """A plain ground with a bright disc on it, and a strip of strong texture: ``(1, 96, 96, 1)``."""
    rows, columns = np.mgrid[:96, :96]
    photo = np.where((rows - 40) ** 2 + (columns - 50) ** 2 < 400, 0.7, 0.4).astype("float32")
    photo[80:] = np.where(columns[80:] // 3 % 2, 0.2, 0.8)
    return photo[None, ..., None]


def _grainy(scene, strength):
    """The scene with grain as `kcolor.augment.age` makes it, of this standard deviation in the midtones."""
    side = scene.shape[1] + 2 * effects.GRAIN_RADIUS
    noise = np.random.default_rng(3).standard_normal((1, side, side, 1)).astype("float32")
    given = (np.repeat(scene, 3, axis=-1), np.full((1, 1, 1, 1), strength, "float32"), noise)
    return numpy(effects.grain(*map(ops.convert_to_tensor, given)))[..., :1]


def test_grain_of_film_goes_and_edges_stay(scene):
    grainy = _grainy(scene, 0.04)
    smooth = numpy(smooth_grain(grainy))
    ground = np.s_[:, 5:75, 3:17]
    assert np.std(grainy[ground]) > 0.02
    assert np.std(smooth[ground]) < 0.5 * np.std(grainy[ground])
    across = smooth[0, 40, :, 0]
    assert across[34] - across[27] > 0.7 * (scene[0, 40, 34, 0] - scene[0, 40, 27, 0])  # the edge of the disc, at 30


def test_strong_texture_stays(scene):
    smooth = numpy(smooth_grain(_grainy(scene, 0.03)))
    assert np.std(smooth[:, 86:]) > 0.9 * np.std(scene[:, 86:])


def test_a_photo_without_grain_hardly_changes(scene):
    assert np.abs(numpy(smooth_grain(scene)) - scene).max() < 0.01


def test_more_grain_is_read_as_more(scene):
    read = [float(numpy(grain_of(_grainy(scene, most)))[0, 0, 0, 0]) for most in (0.0, 0.02, 0.04, 0.08)]
    assert read[0] < 2e-3
    assert np.all(np.diff(read) > 2e-3)


def test_each_photo_of_a_batch_has_its_own_grain(scene):
    grainy = _grainy(scene, 0.04)
    both = numpy(smooth_grain(np.concatenate([scene, grainy])))
    np.testing.assert_allclose(both[0], numpy(smooth_grain(scene))[0], atol=1e-5)
    np.testing.assert_allclose(both[1], numpy(smooth_grain(grainy))[0], atol=1e-5)


def test_three_equal_channels_stay_equal(scene):
    rgb = np.repeat(_grainy(scene, 0.04), 3, axis=-1)
    smooth = numpy(smooth_grain(rgb))
    assert smooth.shape == rgb.shape
    np.testing.assert_allclose(smooth, np.repeat(numpy(smooth_grain(rgb[..., :1])), 3, axis=-1), atol=1e-5)


@pytest.mark.parametrize("side", [1, 2, 7])
def test_tiny_photos_are_smoothed_too(side):
    flat = np.full((1, side, side, 1), 0.25, "float32")
    np.testing.assert_allclose(numpy(smooth_grain(flat)), flat, atol=1e-4)
