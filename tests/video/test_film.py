"""What is known of a film before it is decoded, and what is none."""

from fractions import Fraction

import numpy as np
import pytest
from helpers.films import in_color, panned, write
from PIL import Image

from kcolor.video.film import Film, open_film, picture_track


def test_size_time_and_tags_of_a_film(tmp_path):
    film = open_film(write(tmp_path / "a.mkv", panned(frames=6), layout="yuv420p10le", matrix=1, full_range=True))
    assert isinstance(film, Film)
    assert film.size == (48, 64)
    assert (film.layout.name, film.layout.matrix, film.layout.full_range) == ("yuv420p10le", "bt709", True)
    assert film.rate == 25
    assert not film.interlaced


def test_a_film_that_is_turned_says_so(tmp_path):
    film = open_film(write(tmp_path / "a.mp4", panned(frames=3), setup=lambda _, stream: stream.set_display_rotation(90)))
    assert film.rotation == 90
    assert film.turns == 1


def test_rgb_is_read_as_light_and_colour(tmp_path):
    film = open_film(write(tmp_path / "a.mkv", in_color(panned(frames=3)), "ffv1", "bgr0"))
    assert (film.layout.name, film.native) == ("yuv420p", False)


def test_a_folder_of_pictures_is_a_film_in_the_order_of_numbers(tmp_path):
    for number in (10, 9, 1):
        Image.fromarray(np.full((6, 8), number, "uint8")).save(tmp_path / f"f{number}.png")
    film = open_film(tmp_path)
    assert [path.name for path in film.stills] == ["f1.png", "f9.png", "f10.png"]
    assert (film.size, film.time_base) == ((6, 8), Fraction(1, 24))


def test_what_is_no_film_is_said_in_one_line(tmp_path):
    (tmp_path / "text.mp4").write_text("Dear Mother, " * 100)
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    Image.fromarray(np.zeros((8, 8), "uint8")).save(tmp_path / "photo.png")
    wrong = {
        "text.mp4": "none that FFmpeg knows",
        "empty.mp4": "is empty",
        "folder": "There is no picture",
        "photo.png": "is one picture",
        "nowhere.mp4": "There is no",
    }
    for name, message in wrong.items():
        with pytest.raises(ValueError, match=message) as found:
            open_film(tmp_path / name)
        assert "\n" not in str(found.value)


def test_sound_alone_is_no_film(tmp_path):
    import av

    whole = write(tmp_path / "a.mp4", panned(frames=10), sound=True)
    with av.open(str(whole)) as source, av.open(str(tmp_path / "b.mp4"), "w") as result:
        track = result.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.size:
                packet.stream = track
                result.mux(packet)
        assert picture_track(source).type == "video"
    with pytest.raises(ValueError, match="has sound alone"):
        open_film(tmp_path / "b.mp4")


def test_the_pixels_may_be_wide_by_the_file_alone(tmp_path):
    def wide(container, stream):
        stream.sample_aspect_ratio = Fraction(16, 15)

    path = write(tmp_path / "a.mov", panned(1, 3), "prores_ks", "yuv422p10le", setup=wide)
    assert open_film(path).pixel_aspect == Fraction(16, 15)
