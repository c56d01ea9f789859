"""Cuts: where there are some, and what only looks like one."""

import numpy as np
import pytest
from helpers.films import in_color, light, panned

from kcolor.video.layout import layout_of
from kcolor.video.reading import Frame
from kcolor.video.scenes import MIN_SCENE_FRAMES, Look, cuts, differs, likeness, look_of, sudden
from kcolor.video.scenes import in_color as majority

LAYOUT = layout_of("yuvj444p", 6, 2, 480)


def look(values):
    if values.ndim == 3:
        from PIL import Image

        luma, cb, cr = (np.asarray(part) for part in Image.fromarray(values).convert("YCbCr").split())
        return look_of(Frame(0, luma, (cb, cr)), LAYOUT)
    return look_of(Frame(0, values, None), LAYOUT)


def test_another_picture_is_a_cut_and_a_moving_one_is_none():
    one, other = panned(1, 3), panned(2, 3)
    assert differs(look(other[0]), look(one[0]))
    assert not differs(look(one[1]), look(one[0]))


@pytest.mark.parametrize("factor", [0.9, 0.5, 0.2])
def test_neither_a_fade_nor_a_flicker_is_a_cut(factor):
    picture = light()
    assert not differs(look((picture * factor).astype("uint8")), look(picture))


def test_into_black_there_is_no_cut_and_out_of_it_there_is_one():
    black, picture = np.zeros((96, 128), "uint8"), light()
    assert not differs(look(black), look(picture))
    assert differs(look(picture), look(black))
    assert look(black).blank
    assert likeness(look(black), look(picture)) == (1.0, 0.0)


def test_grain_is_no_cut():
    rng = np.random.default_rng(0)
    noisy = [np.clip(light().astype(float) + rng.normal(0, 20, (96, 128)), 0, 255).astype("uint8") for _ in range(2)]
    assert not differs(look(noisy[1]), look(noisy[0]))


def test_what_is_suddenly_other_is_a_cut_only_in_a_calm_film():
    assert np.flatnonzero(sudden(np.array([1, 0.3, 0.95, 0.95, 0.4, 0.5, 0.6, 0.2]))).tolist() == [1]


def test_scenes_have_a_least_length():
    new = np.zeros(50, bool)
    new[[10, 12, 30]] = True
    none = np.zeros(50, bool)
    assert cuts(new, none, none) == [0, 10, 30]
    assert MIN_SCENE_FRAMES == 8


def test_where_colour_begins_there_is_a_cut():
    color = np.zeros(60, bool)
    color[30:] = True
    color[5] = True  # one frame says nothing
    none = np.zeros(60, bool)
    assert cuts(none, none, color) == [0, 30]
    assert majority(color).sum() == 30


def test_frames_in_colour_are_known():
    film = panned(frames=1)
    found = look(in_color(film)[0])
    assert isinstance(found, Look)
    assert found.color
    assert not look(film[0]).color
    sepia = (film[0][..., None] * np.array([1, 0.85, 0.65])).astype("uint8")
    assert not look(sepia).color
