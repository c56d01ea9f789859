"""`kcolor evaluate`: what of the command line reaches the library, and what is written."""

import json

import pytest
from PIL import Image

from kcolor.cli import main
from kcolor.evaluation import evaluate


class Result:
    def table(self):
        return "a table"

    def to_json(self):
        return {"psnr": 20}

    def sheet(self):
        return Image.new("RGB", (8, 8))


def test_arguments_are_passed_on_by_name(tmp_path, monkeypatch, capsys):
    calls = []

    def fake(model, data, **options):
        calls.append((model, data, options))
        return Result()

    monkeypatch.setattr(evaluate, "evaluate", fake)
    line = ["evaluate", "shapes", "--data", "shapes", "--split", "all", "--limit", "3", "--size", "32"]
    assert main.main([*line, "--json", str(tmp_path / "x.json"), "--sheet", str(tmp_path / "x.png")]) == 0
    ((model, data, options),) = calls
    assert (model, data) == ("shapes", "shapes")
    passed = {name: options[name] for name in ("data_dir", "split", "limit", "size", "lpips_weights")}
    assert passed == {"data_dir": None, "split": "all", "limit": 3, "size": 32, "lpips_weights": None}
    assert json.loads((tmp_path / "x.json").read_text()) == {"made_by": "kcolor", "psnr": 20}
    with Image.open(tmp_path / "x.png") as sheet:
        assert sheet.size == (8, 8)
    assert "a table" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--plot", "x.png"], "Expected --hints beside --plot"),
        (["--temperature", "1"], "Expected --hints beside --temperature"),
        (["--hints", "0,1", "--sheet", "x.png"], "Expected --hints without --sheet"),
        (["--hints", "0,1", "--plot", "x.txt"], "Expected --plot to end in"),
    ],
)
def test_what_belongs_to_hints_is_said(more, message, capsys):
    assert main.main(["evaluate", "shapes", "--data", "shapes", *more]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_a_film_is_measured_by_its_own_colours(tmp_path, capsys):
    from helpers.colorizers import painter
    from helpers.films import in_color, panned, write

    painter(size=32).save(tmp_path / "model.keras")
    film = write(tmp_path / "a.mkv", in_color(panned(1, 12)), "ffv1", "yuv444p")
    line = ["evaluate", str(tmp_path / "model.keras"), "--video", str(film), "--json", str(tmp_path / "found.json")]
    assert main.main(line) == 0
    assert "12 frames, 1 scenes" in capsys.readouterr().out
    assert set(json.loads((tmp_path / "found.json").read_text())["scores"]["steady"]) >= {"flicker", "cdc", "psnr"}


def test_a_film_that_is_not_there_is_said(capsys):
    assert main.main(["evaluate", "shapes", "--video", "nowhere.mp4"]) == 1
    assert "nowhere.mp4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recognizer", "none.npz"], "none.npz"),
        (["--recognizer-input", "tf"], "Expected --recognizer beside --recognizer-input"),
        (["--recognizer", "none.npz", "--hints", "0,1"], "Expected --recognizer without --hints"),
    ],
)
def test_wrong_recognizers_are_named(arguments, message, capsys):
    assert main.main(["evaluate", "shapes", "--data", "shapes", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_the_ranges_are_those_of_preprocessing():
    from kcolor.backbones.preprocess import Preprocess
    from kcolor.cli.evaluate import _RANGES

    assert _RANGES == Preprocess.MODES
