"""Segments in colours that hold still."""

import numpy as np
import pytest
from helpers.films import panned

from kcolor.video import measures
from kcolor.video.layout import layout_of
from kcolor.video.plan import Scene, Segment
from kcolor.video.reading import Frame
from kcolor.video.steady import Colored, Manner, State, Steady, carrying_size, reach_of

READ, WRITTEN = layout_of("yuvj420p", 6, 2, 480), layout_of("yuv444p", 6, 2, 480)
SIZE = (96, 128)


class Noisy:
    """What a network makes of frames that flickers: one colour, and noise."""

    def __init__(self, noise=6.0, size=SIZE):
        self.rng, self.calls, self.noise, self.size = np.random.default_rng(0), 0, noise, size
        self.ensembles = 0

    def __call__(self, luma, scene, ensemble=False, hints=None):
        self.calls += 1
        self.ensembles += ensemble
        shift = self.rng.normal(0, self.noise, 2)
        return np.broadcast_to(np.float32([20, 10]) + shift, (*self.size, 2)).astype("float32").copy()


def frames_of(pictures):
    planes = np.full((pictures[0].shape[0] // 2, pictures[0].shape[1] // 2), 90, "uint8")
    return [Frame(number, picture, (planes, planes)) for number, picture in enumerate(pictures)]


def run(frames, scenes, segments=None, noise=6.0, **manner):
    colors = Noisy(noise)
    steady = Steady(colors, READ, WRITTEN, SIZE, Manner(**manner))
    found, state, states = [], None, []
    for segment in segments or [Segment(0, len(frames), 0)]:
        for one in steady.segment(segment, scenes, frames.__getitem__, state):
            if isinstance(one, State):
                states.append(one)
            else:
                found.append(one)
        state = states[-1] if states else None
    steady.close()
    return found, colors, states


def means(found):
    return np.array([[plane.mean() for plane in one.chroma] for one in found])


@pytest.fixture(scope="module")
def film():
    return frames_of(panned(1, 41, SIZE))


def test_every_frame_is_coloured_once_and_in_order(film):
    found, colors, _ = run(film, (Scene(0, 41, False, 0, 1),), key_frames=8)
    assert [one.number for one in found] == list(range(41))
    assert all(isinstance(one, Colored) and one.chroma[0].shape == SIZE for one in found)
    assert colors.calls == 6
    assert colors.ensembles == 1


def test_colours_hold_still(film):
    steady, _, _ = run(film, (Scene(0, 41, False, 0, 1),))
    alone, _, _ = run(film, (Scene(0, 41, False, 0, 1),), key_frames=1, smooth=False)
    changes = [np.abs(np.diff(means(found), axis=0)).mean() for found in (steady, alone)]
    assert changes[0] < changes[1] / 4


def test_segments_within_a_scene_are_the_same_as_one(film):
    scenes = (Scene(0, 41, False, 0, 1),)
    whole, first, _ = run(film, scenes)
    parts, second, states = run(film, scenes, [Segment(0, 10, 0), Segment(10, 30, 0), Segment(30, 41, 0)])
    assert first.calls == second.calls
    assert [state.number for state in states] == [9, 29]
    for one, other in zip(whole, parts, strict=True):
        assert np.abs(one.chroma[0].astype(int) - other.chroma[0]).max() <= 1


def test_scenes_in_colour_stay_as_they_are_and_others_begin_anew(film):
    scenes = (Scene(0, 12, False, 0, 1), Scene(12, 20, True, 0, 1), Scene(20, 21, False, 0, 1), Scene(21, 41, False, 0, 1))
    found, colors, states = run(film, scenes)
    assert [one.number for one in found] == list(range(41))
    assert [one.chroma is None for one in found] == [12 <= n < 20 for n in range(41)]
    assert colors.ensembles == 3
    assert states == []


def test_frames_that_are_repeated_are_coloured_as_the_one_before():
    pictures = panned(2, 12, SIZE)
    film = frames_of([picture for picture in pictures for _ in range(2)])
    found, _, _ = run(film, (Scene(0, 24, False, 0, 1),))
    for one, other in zip(found[::2], found[1::2], strict=True):
        np.testing.assert_array_equal(one.chroma[0], other.chroma[0])


def test_dark_frames_are_calmer(film):
    dark = frames_of([(frame.luma * 0.15).astype("uint8") for frame in film])
    bright, calm = (run(frames, (Scene(0, 41, False, 0, 1),), noise=0.0)[0] for frames in (film, dark))
    assert np.abs(means(calm) - 128).mean() < 0.6 * np.abs(means(bright) - 128).mean()


def test_colours_move_with_what_they_are_on():
    pictures = panned(4, 21, SIZE)
    share = np.linspace(-1, 1, SIZE[1] + 21)

    class Placed(Noisy):
        def __call__(self, luma, scene, ensemble=False, hints=None):
            number = next(n for n, picture in enumerate(pictures) if np.array_equal(picture, luma))
            ab = np.zeros((*SIZE, 2), "float32")
            ab[..., 0] = 40 * share[number : number + SIZE[1]]
            return ab

    steady = Steady(Placed(), READ, WRITTEN, SIZE)
    found = list(steady.segment(Segment(0, 21, 0), (Scene(0, 21, False, 0, 1),), frames_of(pictures).__getitem__, None))
    steady.close()
    first, later = (found[n].chroma[1].astype(float)[:, 30:90].mean() for n in (0, 5))
    expected = 40 * (share[35:95].mean() - share[30:90].mean())
    assert 0.3 * expected < later - first < 3 * expected
    assert measures.STEPS == (1, 2, 4)


def test_colours_are_carried_at_a_size_that_is_small():
    assert carrying_size((1080, 1920)) == (240, 427)
    assert (reach_of((240, 427)), reach_of((12, 20))) == (10, 1)
