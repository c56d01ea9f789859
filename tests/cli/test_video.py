"""`kcolor video`."""

import json

import pytest
from helpers.colorizers import painter
from helpers.films import decoded, panned, write

from kcolor.cli import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "painter.keras"
    painter(size=32).save(path)
    return str(path)


@pytest.fixture
def film(tmp_path):
    return write(tmp_path / "a.mp4", panned(1, 15))


def test_a_film_is_coloured_and_then_there_already(film, model, tmp_path, capsys):
    assert main.main(["video", str(film), "--model", model, "-o", str(tmp_path / "b.mp4")]) == 0
    assert "b.mp4: 15 frames, 1 scene in " in capsys.readouterr().out
    assert len(decoded(tmp_path / "b.mp4")) == 15
    assert main.main(["video", str(film), "--model", model, "-o", str(tmp_path / "b.mp4")]) == 0
    assert "is there already (--overwrite colours it again)" in capsys.readouterr().out


def test_several_films_go_to_a_folder_and_a_broken_one_does_not_stop_the_others(film, model, tmp_path, capsys):
    (tmp_path / "text.avi").write_text("Dear Mother, " * 50)
    out = tmp_path / "out"
    assert main.main(["video", str(tmp_path / "text.avi"), str(film), "-o", str(out), "--model", model, "--json"]) == 1
    said = capsys.readouterr()
    assert "Errno" not in said.err
    assert "none that FFmpeg knows" in said.err
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["status"] for line in lines] == ["failed", "done"]
    assert lines[1]["result"] == str(out / "a.mp4")
    assert lines[1]["frames"] == 15


def test_films_of_one_name_do_not_become_one_file(film, model, tmp_path, capsys):
    other = tmp_path / "reel" / "a.mp4"
    other.parent.mkdir()
    other.write_bytes(film.read_bytes())
    out = str(tmp_path / "out")
    assert main.main(["video", str(film), str(other), str(film), "-o", out, "--model", model, "--overwrite", "--json"]) == 1
    said = capsys.readouterr()
    assert [json.loads(line)["status"] for line in said.out.splitlines()] == ["done", "failed", "done"]
    expected = f"Received: {other}, which becomes {tmp_path / 'out' / 'a.mp4'}, as {film} does. Colour them apart"
    assert expected in said.err
    for name in ("b.avi", "b.mpg"):  # beside them, too: both would become b-coloured.mkv
        (tmp_path / name).write_text("Dear Mother, " * 50)
    assert main.main(["video", str(tmp_path / "b.avi"), str(tmp_path / "b.mpg"), "--model", model]) == 1
    assert "b-coloured.mkv, as" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.mp4"], "There is no nowhere.mp4"),
        (["--crf", "99"], "Expected --crf in 0 to 51. Received: 99"),
        (["--key-frames", "0"], "Expected --key-frames as at least 1"),
        (["-o", "b.txt"], "Expected --out as a file ending in .mkv"),
    ],
)
def test_mistakes_are_one_line(film, arguments, message, capsys):
    films = [] if arguments[0].endswith(".mp4") else [str(film)]
    assert main.main(["video", *films, *arguments]) == 1
    said = capsys.readouterr().err
    assert said.startswith("kcolor: ")
    assert message in said
    assert said.count("\n") == 1


def test_a_preview_is_short(film, model, tmp_path):
    arguments = ["video", str(film), "-o", str(tmp_path / "b.mkv"), "--model", model, "--preview", "0.19", "--quiet"]
    assert main.main(arguments) == 0
    assert len(decoded(tmp_path / "b.mkv")) == 5
