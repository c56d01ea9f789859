"""Frames of a film: all of them, from a later one on, and of films that are damaged."""

import numpy as np
import pytest
from helpers.films import in_color, panned, write
from PIL import Image

from kcolor.video.film import open_film
from kcolor.video.reading import Damage, Frame, frames, seconds


def test_light_is_read_as_it_was_written(tmp_path):
    shown = panned(frames=5)
    film = open_film(write(tmp_path / "a.mkv", shown, "ffv1"))
    found = list(frames(film))
    for frame, values in zip(found, shown, strict=True):
        np.testing.assert_array_equal(frame.luma, np.rint(16 + values * (219 / 255)))
    assert isinstance(found[0], Frame)
    assert [round(seconds(frame.pts, film.time_base), 3) for frame in found[:3]] == [0, 0.04, 0.08]


def test_reading_begins_where_it_is_told_to(tmp_path):
    film = open_film(write(tmp_path / "a.mp4", panned(frames=60), options={"g": "12"}))
    whole = list(frames(film))
    for number in (0, 1, 37, 59):
        first = next(frames(film, whole[number].pts))
        assert first.pts == whole[number].pts
        np.testing.assert_array_equal(first.luma, whole[number].luma)


def test_a_film_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path):
    path = write(tmp_path / "a.mkv", panned(frames=60), "ffv1")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 10 < len(list(frames(open_film(path), damage=Damage()))) < 60


def test_packets_that_cannot_be_decoded_are_counted(tmp_path):
    path = write(tmp_path / "a.mkv", panned(frames=20), "ffv1", options={"slicecrc": "1"})
    raw, damage = bytearray(path.read_bytes()), Damage()
    middle = len(raw) // 2
    raw[middle : middle + 3000] = bytes(3000)
    path.write_bytes(raw)
    found = list(frames(open_film(path), damage=damage))
    assert len(found) < 20 or damage.packets or damage.ended_early


def test_deinterlacing_keeps_number_and_time(tmp_path):
    film = open_film(write(tmp_path / "a.mkv", panned(frames=8), "ffv1"))
    assert [f.pts for f in frames(film, deinterlace=True)] == [f.pts for f in frames(film)]


def test_pictures_are_frames_in_colour_or_grey(tmp_path):
    for number, frame in enumerate(in_color(panned(frames=3))):
        Image.fromarray(frame).save(tmp_path / f"{number}.png")
    (tmp_path / "1.png").write_bytes(b"broken")
    damage = Damage()
    found = list(frames(open_film(tmp_path), damage=damage))
    assert [frame.pts for frame in found] == [0, 2]
    assert damage.packets == 1
    assert found[0].chroma[0].shape == (48, 64)


def test_a_still_of_another_size_is_refused_by_name(tmp_path):
    for number, size in enumerate(((8, 6), (8, 6), (6, 8))):
        Image.new("L", size, 128).save(tmp_path / f"{number}.png")
    with pytest.raises(ValueError, match=r"of one size, 8 × 6 pixels as 0.png has. Received: 2.png of 6 × 8\."):
        list(frames(open_film(tmp_path)))
