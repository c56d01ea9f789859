"""Motion, and what is carried along it."""

import numpy as np
from helpers.films import light, panned

from kcolor.video import flow
from kcolor.video.flow import carry, comparable, confidence, inside_of, joined, make_finder, motion

SIZE = (96, 128)


def as_light(frame):
    return frame.astype("float32") / 255


def shifted(x, y=0.0):
    return np.broadcast_to(np.float32([x, y]), (*SIZE, 2)).copy()


def test_known_motion_is_found():
    first, second = (comparable(as_light(frame)) for frame in panned(3, 2, SIZE, step=3))
    found = motion(make_finder(), second, first)  # the camera goes right, so things come from the right
    assert abs(np.median(found[10:-10, 10:-10, 0]) - 3) < 0.2
    assert abs(np.median(found[10:-10, 10:-10, 1])) < 0.2


def test_equal_frames_do_not_move():
    frame = comparable(as_light(light()))
    assert not motion(make_finder(), frame, frame).any()


def test_flicker_and_fades_are_not_compared():
    picture = as_light(light())
    difference = comparable(picture).astype(int) - comparable(0.6 * picture + 0.1)
    assert np.abs(difference).max() <= 1
    assert comparable(np.zeros(SIZE, "float32")).std() == 0


def test_motions_are_joined():
    chained = joined(shifted(2), shifted(3, 1))
    np.testing.assert_allclose(chained, shifted(5, 1))
    ramp = np.broadcast_to(np.arange(128, dtype="float32"), SIZE).copy()
    np.testing.assert_allclose(carry(ramp, chained)[5, :100], np.arange(5, 105), atol=1e-4)


def test_what_was_carried_to_its_place_is_sure_and_what_was_not_is_unsure():
    rng = np.random.default_rng(0)
    frame = comparable(as_light(light()))
    other = 0.8 * frame.astype("float32") + 20 + rng.normal(0, 2, SIZE).astype("float32")  # lighter, and with grain
    other[20:50, 20:60] += 60  # something else
    sure = confidence(frame, other, np.ones(SIZE, "float32"))
    assert sure[25:45, 25:55].max() < 0.1
    assert np.median(sure) > 0.6


def test_outside_the_picture_nothing_is_sure():
    inside = inside_of(shifted(20))
    assert inside[:, :107].all()
    assert not inside[:, 110:].any()
    assert flow.confidence(np.zeros(SIZE, "uint8"), np.zeros(SIZE, "float32"), inside)[0, -1] == 0
