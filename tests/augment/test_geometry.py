"""Flips, rotations, crops and zooms: what goes where."""

import numpy as np
import pytest
from keras import ops

from kcolor import augment

EVERYTHING = {"horizontal_flip": True, "vertical_flip": True, "rotation": 30.0, "crop": 0.3, "scale": 0.2}


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def places(batch, height=33, width=33):
    """Pictures that say where each pixel was: row and column from the middle, in halves of the height and width."""
    rows, columns = np.mgrid[:height, :width].astype("float32")
    field = np.stack([(rows - (height - 1) / 2) / height, (columns - (width - 1) / 2) / width], axis=-1)
    return np.repeat(field[None] + 0.5, batch, axis=0)


def moved(seed=1, batch=64, **options):
    """A function that says where what is now at a place was before: both (row, column) in pixels from the middle."""
    field = (numpy(augment.geometry(places(batch), seed, horizontal_flip=False, **options)) - 0.5) * 33
    return lambda row, column: field[:, 16 + row, 16 + column]


def test_flips_are_exact_independent_and_happen_half_of_the_time():
    photos = pictures(400, 2, 3, 1)
    result = numpy(augment.geometry(photos, 11, vertical_flip=True))
    kinds = [photos, photos[:, :, ::-1], photos[:, ::-1], photos[:, ::-1, ::-1]]
    shares = [np.mean([np.array_equal(r, k) for r, k in zip(result, kind, strict=True)]) for kind in kinds]
    assert sum(shares) == 1.0
    np.testing.assert_allclose(shares, 0.25, atol=0.08)


@pytest.mark.parametrize(("options", "flip"), [({}, 2), ({"horizontal_flip": False, "vertical_flip": True}, 1)])
def test_a_flip_is_along_its_own_axis(options, flip):
    photos = pictures(400, 2, 3, 1)
    result = numpy(augment.geometry(photos, 2, **options))
    flipped = np.flip(photos, flip)
    went = np.array([np.array_equal(r, f) for r, f in zip(result, flipped, strict=True)])
    np.testing.assert_array_equal(result, np.where(went[:, None, None, None], flipped, photos))
    assert 0.42 < went.mean() < 0.58


def test_rotation_keeps_the_middle_and_turns_by_its_own_angle_each_picture():
    at = moved(rotation=30.0)
    np.testing.assert_allclose(at(0, 0), 0.0, atol=1e-4)
    right, down = at(0, 8), at(8, 0)
    angles = np.rad2deg(np.arctan2(right[:, 0], right[:, 1]))
    assert np.all(np.abs(angles) <= 30.001)
    assert angles.min() < -20
    assert angles.max() > 20
    assert len(np.unique(angles.round(3))) > 55
    np.testing.assert_allclose(np.hypot(*right.T), 8.0, atol=1e-3)
    np.testing.assert_allclose(down, np.stack([right[:, 1], -right[:, 0]], axis=-1), atol=1e-3)


def test_scale_zooms_both_ways_alike_about_the_middle():
    at = moved(scale=0.25)
    np.testing.assert_allclose(at(0, 0), 0.0, atol=1e-4)
    zoom = 8 / at(0, 8)[:, 1]
    np.testing.assert_allclose(8 / at(8, 0)[:, 0], zoom, rtol=1e-4)
    assert 0.75 < zoom.min() < 0.8
    assert 1.2 < zoom.max() < 1.25


def test_crop_keeps_orientation_and_stays_inside():
    at = moved(crop=0.4)
    near, far = at(-15, -15), at(15, 15)
    kept = (far - near) / 30
    assert np.all((kept > 0.599) & (kept < 1.001))  # rows stay rows, none is mirrored
    assert np.all(kept.min(axis=0) < 0.65)
    assert np.all(kept.max(axis=0) > 0.95)
    assert abs(np.corrcoef(kept.T)[0, 1]) < 0.5  # height and width by their own draws
    np.testing.assert_allclose(at(0, 15)[:, 0], at(0, -15)[:, 0], atol=1e-4)  # and are not turned
    reach = 16.5 * kept
    middle = (near + far) / 2
    assert np.all(np.abs(middle) + reach < 16.51)  # the window never leaves the picture
    assert np.all(np.abs(middle).max(axis=0) > 2)


def test_channels_move_together():
    photos = pictures(64, 33, 33, 1)
    result = numpy(augment.geometry(np.concatenate([photos, photos / 2], axis=-1), 4, **EVERYTHING))
    np.testing.assert_allclose(result[..., 1], result[..., 0] / 2, atol=1e-6)
    assert np.abs(result[..., :1] - photos).mean(axis=(1, 2, 3)).min() > 0.1  # all have moved


def test_rotation_zoom_and_place_have_draws_of_their_own():
    at = moved(rotation=30.0, crop=0.3, scale=0.2)
    right, down = at(0, 8) - at(0, 0), at(8, 0) - at(0, 0)
    angle, wide, tall = np.arctan2(right[:, 0], right[:, 1]), np.hypot(*right.T), np.hypot(*down.T)
    zoom = np.maximum(wide, tall)  # mostly of the scale
    apart = np.abs(np.corrcoef([angle, zoom, *at(0, 0).T]))
    assert np.all(apart[~np.eye(4, dtype=bool)] < 0.45)
