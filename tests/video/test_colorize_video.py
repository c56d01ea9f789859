"""What is decided before a film is opened."""

import os
import pathlib

import pytest

import kcolor
from kcolor.video.codecs import CODECS
from kcolor.video.colorize_video import colorize_video, named, result_of


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"nothing yet")
    return path


def test_wrong_hints_and_references_are_said_at_once(film, tmp_path):
    (tmp_path / "a.json").write_text('{"hints": [{"x": 1, "y": 2, "color": "red"}]}')
    with pytest.raises(ValueError, match='a.json: hint 1: expected "frame" or "time", one of the two'):
        colorize_video(film, hints=tmp_path / "a.json")
    for option in ("hints", "reference"):
        with pytest.raises(FileNotFoundError, match="none.json"):
            colorize_video(film, **{option: tmp_path / "none.json"})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"crf": 52}, "Expected `crf` in 0 to 51"),
        ({"key_frames": 0}, "Expected `key_frames` as at least 1"),
        ({"preview": 0}, "Expected `preview` as seconds"),
        ({"saturation": -1}, "Expected `saturation`"),
        ({"codec": "xvid"}, "Unknown `codec`"),
        ({"model": "fotto"}, "looks like 'photo', misspelt"),
        ({"out": "film.txt"}, "ending in .mkv, .mp4"),
    ],
)
def test_wrong_arguments_are_said_at_once(film, options, message):
    with pytest.raises(ValueError, match=message):
        colorize_video(film, **options)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(ValueError, match="There is no"):
        kcolor.colorize_video(tmp_path / "film.mp4")


def test_a_result_that_is_there_is_left_alone(film):
    film.with_name("film-coloured.mp4").write_bytes(b"")
    assert colorize_video(film).status == "skipped"


def test_results_lie_beside_films_and_never_replace_them(film, tmp_path):
    assert result_of(film, None, CODECS["h264"]) == tmp_path / "film-coloured.mp4"
    assert result_of(tmp_path, None, CODECS["png"]).name == tmp_path.name + "-coloured"
    with pytest.raises(ValueError, match="as another file than the film"):
        result_of(film, tmp_path / ".." / tmp_path.name / "film.mp4", CODECS["h264"])
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(ValueError, match="Received a folder"):
        result_of(film, tmp_path / "a.mp4", CODECS["h264"])


def test_a_folder_is_called_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "scans" / "below").mkdir(parents=True)
    for here, given in (("scans", "."), ("scans/below", "..")):
        monkeypatch.chdir(tmp_path / here)
        assert result_of(pathlib.Path(given), None, CODECS["png"]) == tmp_path / "scans-coloured"
        assert named(pathlib.Path(given)) == tmp_path / "scans"
    assert named(pathlib.Path("scans")) == pathlib.Path("scans")


def test_still_pictures_that_would_become_one_are_refused(tmp_path):
    (tmp_path / "scans").mkdir()
    for name in ("1.jpg", "2.jpg", "1.PNG"):
        (tmp_path / "scans" / name).write_bytes(b"")
    with pytest.raises(ValueError, match="Expected still pictures whose names differ .* Received: 1.PNG and 1.jpg in"):
        colorize_video(tmp_path / "scans")
    (tmp_path / "a.mp4").write_bytes(b"")
    assert colorize_video(tmp_path / "scans", tmp_path / "a.mp4").status == "skipped"  # frames of a film have no names


def test_what_is_no_film_is_said(film):
    pytest.importorskip("av", reason="needs PyAV: pip install '.[video]'")
    with pytest.raises(ValueError, match="none that FFmpeg knows"):
        colorize_video(film)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everybody may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_said(film):
    film.parent.chmod(0o500)
    with pytest.raises(OSError, match="no permission"):
        colorize_video(film, pathlib.Path(film.parent) / "b.mp4")


def test_a_folder_with_other_things_is_never_replaced(tmp_path):
    (tmp_path / "scans").mkdir()
    for name in ("scans/1.jpg", "scans/2.jpg", "other.mp4"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ValueError, match=r"Expected `out` as a new folder, .* which also holds other.mp4"):
        colorize_video(tmp_path / "scans", tmp_path, overwrite=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.png").write_bytes(b"")
    assert colorize_video(tmp_path / "scans", tmp_path / "out").status == "skipped"
    (tmp_path / "out" / "holiday.png").write_bytes(b"")  # a picture, but none that this would have made
    with pytest.raises(ValueError, match="which also holds holiday.png"):
        colorize_video(tmp_path / "scans", tmp_path / "out", overwrite=True)
    (tmp_path / "film.mp4").write_bytes(b"")
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "000001.png").write_bytes(b"")
    assert colorize_video(tmp_path / "film.mp4", tmp_path / "frames", codec="png").status == "skipped"
