"""Hints that go with what they were set on."""

import numpy as np
from helpers.films import light, panned

from kcolor.hints.hint import Hint, place
from kcolor.video import flow, hint_tracks
from kcolor.video.hint_tracks import Track, Tracks, follow
from kcolor.video.plan import Scene

SIZE = (96, 128)


def followed(frames, hints, first=0, last=None):
    """The track of hints, by frame, through some frames."""
    compared = [flow.comparable(frame.astype("float32") / 255) for frame in frames]
    last = len(frames) if last is None else last
    placements = {frame: place(some, *SIZE) for frame, some in hints.items()}
    return follow(Scene(first, last, False, 0, 1), placements, compared.__getitem__)


def columns(track, patch=0):
    """Column of a patch's middle in each frame, in pixels."""
    found = [track.at(number).patches for number in range(track.first, track.first + len(track.shifts))]
    return [128 * (one[patch].box[1] + one[patch].box[3]) / 2 - 0.5 if one else None for one in found]


def test_a_place_goes_with_a_pan_forth_and_back():
    track = followed(panned(1, 21, SIZE), {10: [Hint(70, 40, "red", radius=3)]})
    np.testing.assert_allclose(columns(track), 80 - np.arange(21), atol=1.0)
    assert list(track.lost()) == []
    assert track.at(10).patches[0].color == "red"


def test_what_leaves_the_picture_is_lost_and_said():
    track = followed(panned(1, 31, SIZE), {4: [Hint(10, 40, "red", radius=3)]})
    found = columns(track)
    assert found[20:] == [None] * 11
    assert found[8] is not None
    ((number, first, last),) = track.lost()
    assert (number, first) == (1, 0)
    assert 10 <= last <= 16


def test_what_something_passes_in_front_of_is_lost():
    frames = [frame.copy() for frame in panned(1, 30, SIZE, step=0)]
    thing = light(9, (60, 30)) // 4
    for number, frame in enumerate(frames):
        frame[20:80, max(0, 4 * number - 30) : max(0, 4 * number)] = thing[:, : min(30, 4 * number)]
    track = followed(frames, {0: [Hint(70, 50, "red", radius=3), Hint(120, 8, "blue")]})
    lost = {number: last for number, _, last in track.lost()}
    assert set(lost) == {1}
    assert 10 <= lost[1] <= 20


def test_a_scene_in_the_middle_of_a_film():
    frames = panned(1, 30, SIZE)
    track = followed(frames, {15: [Hint(70, 40, "red", radius=3)]}, 10, 25)
    np.testing.assert_allclose(columns(track), 75 - np.arange(15), atol=1.0)
    tracks = Tracks([track])
    assert tracks.at(9) is None
    assert tracks.at(25) is None
    assert tracks.at(24).patches[0].number == 1


def test_they_are_written_and_read_again(tmp_path):
    shifts = np.float32([[[0, 0], [0, 0]], [[0.1, 0], [np.nan, np.nan]]])
    patches = place([Hint(10, 10, (120, 40, 3)), Hint(20, 10, "navy", radius=2)], *SIZE).patches
    empty = Track(9, (), np.zeros((4, 0, 2), "float32"), (1.0, 2.0))
    Tracks([Track(7, patches, shifts, "wheat"), empty]).save(tmp_path / "t.npz")
    found = Tracks.load(tmp_path / "t.npz")
    assert found.tracks[0].patches == patches
    assert [one.everywhere for one in found.tracks] == ["wheat", (1.0, 2.0)]
    assert [len(found.at(number).patches) for number in (7, 8)] == [2, 1]
    assert found.at(12).everywhere == (1.0, 2.0)
    Tracks().save(tmp_path / "none.npz")
    assert Tracks.load(tmp_path / "none.npz").at(0) is None


def test_hints_of_several_frames_of_a_scene():
    track = followed(panned(1, 9, SIZE), {0: [Hint(60, 40, "red")], 8: [Hint(50, 70, "blue")]})
    assert [len(track.at(number).patches) for number in (0, 4, 8)] == [2, 2, 2]


def test_a_guess_of_the_same_number_does_not_hide_what_is_lost():
    exact, guess = (place([Hint(2, 2, "red", exact=exact)], 8, 8).patches[0] for exact in (True, False))
    shifts = np.zeros((3, 2, 2), "float32")
    shifts[1:, 0] = np.nan
    assert list(Track(5, (exact, guess), shifts).lost()) == [(1, 5, 5)]


def test_each_hint_goes_back_as_far_as_any(monkeypatch):
    """A later hint takes nothing from an earlier one; of motion no more is kept than one of them needs."""
    monkeypatch.setattr(hint_tracks, "_BACK", 6)
    track = followed(panned(1, 41, SIZE), {10: [Hint(70, 40, "red", radius=3)], 30: [Hint(70, 60, "navy", radius=3)]})
    known = np.isfinite(track.shifts).all(axis=-1)
    assert [np.flatnonzero(one)[0] for one in known.T] == [4, 24]
    assert known[10:, 0].all()
    assert known[24:, 1].all()
