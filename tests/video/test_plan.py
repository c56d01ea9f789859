"""What is planned: timestamps, scenes, segments."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from helpers.films import copied, cut_off, in_color, panned, write

from kcolor.video.film import open_film
from kcolor.video.plan import Plan, Scene, Segment, check_of, look_through, segment_ends
from kcolor.video.reading import frames, read_until


@pytest.fixture(scope="module")
def two_scenes(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "a.mp4"
    stamps = [3 * i + (i % 2) for i in range(44)]
    return open_film(write(path, panned(1, 20) + panned(2, 24), stamps=stamps, time_base=Fraction(1, 75)))


def test_every_timestamp_is_kept(two_scenes):
    plan = look_through(two_scenes)
    times = [float(pts * two_scenes.time_base) for pts in plan.pts]
    np.testing.assert_allclose(times, [(3 * i + (i % 2)) / 75 for i in range(44)], atol=1e-6)
    assert plan.stamped
    assert plan.whole
    assert (plan.durations() > 0).all()


def test_scenes_have_their_own_tone(two_scenes):
    plan = look_through(two_scenes)
    assert [(scene.first, scene.last, scene.color) for scene in plan.scenes] == [(0, 20, False), (20, 44, False)]
    assert 0 < plan.scenes[0].low < 0.4 < plan.scenes[0].high < 1


def test_a_cut_to_something_rather_like_it_is_found_where_the_film_is_calm(tmp_path):
    one, other = panned(1, 44), panned(2, 44)
    mixed = [(0.4 * a + 0.6 * b).astype("uint8") for a, b in zip(one, other, strict=True)]
    plan = look_through(open_film(write(tmp_path / "a.mp4", one[:20] + mixed[20:])))
    assert [scene.first for scene in plan.scenes] == [0, 20]


def test_only_so_many_seconds_are_planned(two_scenes):
    assert len(look_through(two_scenes, seconds=0.5).pts) == 13


def test_a_plan_comes_back_from_its_file(two_scenes, tmp_path):
    plan = look_through(two_scenes)
    plan.save(tmp_path / "plan.npz")
    again = Plan.load(tmp_path / "plan.npz")
    assert (again.scenes, again.segments) == (plan.scenes, plan.segments)
    np.testing.assert_array_equal(again.pts, plan.pts)
    assert (again.last_duration, again.stamped, again.whole) == (plan.last_duration, True, True)
    assert again.segments[0] == Segment(0, 44, check_of(next(frames(two_scenes))))


def test_segments_end_with_scenes_or_at_key_frames():
    scenes = [Scene(0, 30, False, 0, 1), Scene(30, 130, False, 0, 1), Scene(130, 460, False, 0, 1)]
    ends = segment_ends(scenes, 7, length=100)
    assert ends == [130, 228, 326, 460]
    assert all((end - 130) % 7 == 0 for end in ends[1:-1])
    assert segment_ends([Scene(0, 1, False, 0, 1)], 10) == [1]


def test_colour_in_the_middle_is_a_scene_of_its_own(tmp_path):
    grey = [frame[..., None].repeat(3, axis=-1) for frame in panned(1, 60)]
    film = grey[:20] + in_color(panned(1, 60))[20:40] + grey[40:]
    plan = look_through(open_film(write(tmp_path / "a.mkv", film, "ffv1", "yuv444p")))
    assert [(scene.first, scene.color) for scene in plan.scenes] == [(0, False), (20, True), (40, False)]


def test_a_film_of_which_frames_are_missing_says_so(tmp_path):
    path = write(tmp_path / "a.mp4", panned(frames=60), options={"g": "10"}, setup=lambda c, _: None)
    whole = look_through(open_film(path))
    assert whole.missing == 0
    film = open_film(path)
    assert look_through(dataclasses.replace(film, stated_frames=75)).missing == 15


@pytest.mark.parametrize("suffix", [".mkv", ".webm", ".flv", ".avi"])
def test_a_file_that_is_cut_off_says_so(tmp_path, suffix):
    """Also where the file does not say how many frames it has: then no track reaches the end that it states."""
    codec = {".webm": "libsvtav1", ".flv": "flv", ".avi": "mpeg4"}.get(suffix, "libx264")
    path = write(tmp_path / f"a{suffix}", panned(1, 100), codec, sound=suffix in (".mkv", ".flv"))
    assert look_through(open_film(path)).whole
    plan = look_through(open_film(cut_off(path, 0.6, f"short{suffix}")))
    assert not plan.whole
    assert plan.missing == pytest.approx(100 - len(plan.pts), abs=3)


def test_sound_that_is_longer_than_the_pictures_is_nothing_missing(tmp_path):
    path = write(tmp_path / "a.mkv", panned(1, 100), sound=True)
    short = copied(path, tmp_path / "b.mkv", keep=lambda packet: packet.stream.type == "audio" or packet.pts < 1000)
    assert look_through(open_film(short)).whole
    assert read_until(open_film(short)) > 3.5


def test_frames_that_a_film_leaves_out_are_not_missing(tmp_path):
    """AVI counts those that were dropped while it was recorded."""
    stamps = [*range(20), *range(25, 45)]
    film = open_film(write(tmp_path / "a.avi", panned(1, 40), "mpeg4", stamps=stamps))
    plan = look_through(film)
    assert (film.counts_gaps, film.stated_frames, len(plan.pts)) == (True, 45, 40)
    assert plan.whole
