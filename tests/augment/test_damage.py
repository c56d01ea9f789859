"""Corners, scratches and dust."""

import numpy as np
from keras import ops

from kcolor.augment import damage


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def per_picture(*numbers):
    return ops.reshape(ops.convert_to_tensor(numbers, dtype="float32"), (-1, 1, 1, 1))


def scratched(chance=1.0, shape=(1, 40, 60, 3), only=slice(None), **draws):
    """A grey picture with the marks of a slice; what is not given is a half, so that marks are straight and in the middle."""
    numbers = {name: np.full((shape[0], damage.MARKS), draws.get(name, 0.5), "float32") for name in damage.MARK_DRAWS}
    numbers["there"][:] = 0.9999
    numbers["there"][:, only] = draws.get("there", 0.5)
    tensors = {name: ops.convert_to_tensor(number) for name, number in numbers.items()}
    photos = ops.full(shape, 0.25, dtype="float32")
    return numpy(damage.scratch(photos, ops.full((shape[0], 1), 0.999 * chance), tensors)) - 0.25


def test_corners_go_dark_or_pale_and_the_middle_stays():
    photos = ops.full((3, 21, 41, 3), 0.5, dtype="float32")
    strength, shape, level = per_picture(1.0, 0.4, 0.4), per_picture(1.0, 1.0, 0.0), per_picture(0.0, 1.0, 1.0)
    result = numpy(damage.vignette(photos, strength, shape, level))[..., 0]
    np.testing.assert_allclose(result[:, 10, 20], 0.5, atol=1e-6)
    corner = ((20 / 21) ** 2 + (40 / 41) ** 2) / 2
    np.testing.assert_allclose(result[:, 0, 0], [0.5 - 0.5 * corner, 0.5 + 0.2 * corner, 0.5 + 0.2 * corner**2], atol=1e-5)
    np.testing.assert_allclose(result, result[:, ::-1, ::-1], atol=1e-6)
    side = (40 / 41) ** 2 / 2
    np.testing.assert_allclose(result[:, 10, 0], [0.5 - 0.5 * side, 0.5 + 0.2 * side, 0.5 + 0.2 * side**2], atol=1e-5)


def test_a_scratch_is_a_thin_line_that_fades_at_its_ends():
    change = scratched(only=slice(0, 1), length=0.2, size=0.0)[0, :, :, 0]  # 0.38 of 40 pixels, around row 20
    assert np.all(np.abs(change[:, [*range(28), *range(32, 60)]]) < 1e-3)  # along column 30
    along = change[:, 29:31].max(axis=1)
    assert along[20] == along.max() > 0.05
    np.testing.assert_allclose(along[17:23], along[20], rtol=1e-3)
    assert np.all(along[[*range(10), *range(30, 40)]] == 0)
    assert np.all(np.diff(along[:20]) >= -1e-6)


def test_a_scratch_leans_without_breaking():
    change = scratched(only=slice(0, 1), length=0.99, lean=0.9)[0, :, :, 0]
    middles = (change * np.arange(60)).sum(axis=1) / change.sum(axis=1)
    steps = np.diff(middles[2:-2])
    assert np.all((steps > 0.02) & (steps < 0.3))
    assert change.sum(axis=1)[4:-4].std() < 0.01 * change.sum(axis=1).mean()


def test_short_scratches_go_from_side_to_side():
    change = scratched(only=slice(damage.DOWN, damage.DOWN + 1), length=0.2, down=0.25)[0, :, :, 0]
    rows, columns = np.nonzero(change > 0.02)
    assert (set(rows), columns.min() > 10, columns.max() < 50) == ({9, 10}, True, True)


def test_dust_is_round_and_may_be_dark():
    change = scratched(only=slice(damage.MARKS - 1, None), tone=0.2, size=1.0, down=0.5, across=0.25)[0, :, :, 0]
    assert change.min() < -0.5
    np.testing.assert_allclose(change[10:30, 5:25], change[10:30, 5:25].T, atol=1e-6)
    assert np.all(np.abs(change[:, 25:]) < 1e-3)


def test_marks_are_there_by_chance():
    assert np.all(scratched(chance=0.4) == 0)
    assert np.abs(scratched(chance=0.6)).max() > 0.5


def test_scratches_are_the_same_in_all_channels():
    change = scratched(shape=(2, 9, 11, 3))
    np.testing.assert_allclose(change[..., 1:], change[..., :1].repeat(2, axis=-1), atol=1e-6)
