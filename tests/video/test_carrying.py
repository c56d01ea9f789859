"""Key frames as running means, and the frames between them."""

import numpy as np
import pytest
from helpers.films import panned

from kcolor.video import carrying, flow
from kcolor.video.carrying import Between, Key, carried, chain, fill, mixed, new_key, renewed

SIZE = (48, 64)


def between(frames):
    compared = [flow.comparable(frame.astype("float32") / 255) for frame in frames]
    finder = flow.make_finder()
    pairs = list(zip(compared[1:], compared, strict=False))
    return Between(compared, [flow.motion(finder, *p) for p in pairs], [flow.motion(finder, b, a) for a, b in pairs])


def plain(value):
    return np.full((*SIZE, 2), value, "float32")


@pytest.fixture(scope="module")
def still():
    return between([panned(frames=1)[0]] * 11)


def test_a_key_frame_is_the_mean_of_all_looks(still):
    key = new_key(plain(10.0), still.compared[0], 1.0)
    none = np.zeros((*SIZE, 2), "float32")
    for value, expected in ((20.0, 15.0), (30.0, 20.0)):
        key = renewed(key, plain(value), still.compared[0], none)
        np.testing.assert_allclose(key.chroma, expected, rtol=1e-3)
    for _ in range(20):
        key = renewed(key, plain(0.0), still.compared[0], none)
    assert isinstance(key, Key)
    np.testing.assert_allclose(key.looks, carrying.MOST_LOOKS, rtol=1e-3)


def test_looks_in_the_dark_count_little(still):
    key = new_key(plain(10.0), still.compared[0], 0.05)
    key = renewed(key, plain(20.0), still.compared[0], np.zeros((*SIZE, 2), "float32"))
    np.testing.assert_allclose(key.chroma, 10 + 10 / 1.05, rtol=1e-3)


def test_what_has_just_appeared_takes_the_new_colour():
    one, other = panned(1, 1)[0], panned(1, 1)[0].copy()
    other[10:30, 10:30] = 255 - other[10:30, 10:30]
    first, second = between([one, one]).compared[0], between([other, other]).compared[0]
    key = renewed(new_key(plain(10.0), first, 5.0), plain(20.0), second, np.zeros((*SIZE, 2), "float32"))
    assert key.chroma[20, 20, 0] > 19
    assert key.chroma[40, 50, 0] < 14


def test_colours_between_go_over_from_one_key_frame_to_the_other(still):
    filled, right = fill(new_key(plain(0.0), still.compared[0], 1.0), still, lambda _: plain(20.0), lambda _: 1.0)
    assert len(filled) == 10
    np.testing.assert_allclose([chroma[20, 20, 0] for chroma, _ in filled], np.arange(10.0), atol=1e-3)
    np.testing.assert_allclose(right.chroma, 10, rtol=1e-3)


def test_colours_move_with_things():
    frames = between(panned(2, 6, SIZE, step=2))
    ramp = np.zeros((*SIZE, 2), "float32")
    ramp[..., 0] = np.arange(64)
    shown = [ramp + np.float32([2 * number, 0]) for number in range(6)]  # everything goes two pixels to the left
    filled, _ = fill(new_key(shown[0], frames.compared[0], 1.0), frames, shown.__getitem__, lambda _: 1.0)
    assert len(filled) == 5
    np.testing.assert_allclose(filled[3][0][24, 10:40], shown[3][24, 10:40], atol=1)


def test_the_network_looks_again_where_both_sides_are_unsure():
    frames = between([*panned(1, 4), 255 - panned(1, 1)[0], *panned(1, 4)])  # the middle is something else altogether
    looked = []

    def look(number):
        looked.append(number)
        return plain(float(number))

    fill(new_key(plain(0.0), frames.compared[0], 1.0), frames, look, lambda _: 1.0)
    assert looked[:2] == [8, 4]


def test_what_is_surer_counts_more():
    sure = np.ones(SIZE, "float32")
    chroma, both = mixed((plain(0.0), 0.25 * sure), (plain(10.0), sure), 0.5)
    np.testing.assert_allclose(chroma, 8, rtol=1e-2)
    np.testing.assert_allclose(both, 1)


def test_chains_lead_to_the_first_frame():
    step = np.full((*SIZE, 2), 1.5, "float32")
    assert [float(motion[20, 20, 0]) for motion in chain([step] * 3, SIZE)] == [0, 1.5, 3, 4.5]
    key = new_key(plain(3.0), np.zeros(SIZE, "uint8"), 2.0)
    chroma, _, looks = carried(key, step, np.zeros(SIZE, "uint8"))
    assert (chroma[0, 0, 0], looks[0, 0]) == (3, 2)
