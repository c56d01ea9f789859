"""The command line: what there is, and answers at once where Keras is not needed."""

import argparse
import re
import subprocess
import sys

import numpy as np
import pytest
from helpers.albums import fill
from helpers.processes import run_python
from PIL import Image

import kcolor
from kcolor.cli import arguments, main

HEAVY = ("keras", "tensorflow", "jax", "torch", "matplotlib", "seaborn", "optuna", "tensorflow_datasets", "h5py")
RUN = """
import sys
from kcolor.cli.main import main
for line in {lines!r}:
    try:
        status = main(line)
    except SystemExit as stop:
        status = stop.code
    loaded = sorted(set({heavy!r}) & set(sys.modules))
    print("\\n::", status, *loaded, *line, file=sys.stderr)
"""


def answers(*lines):
    """What commands print, one after the other in a process of their own, each with its exit status and what it loaded."""
    run = subprocess.run(
        [sys.executable, "-c", RUN.format(lines=[list(map(str, line)) for line in lines], heavy=HEAVY)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, run.stderr, re.findall(r"^:: (.*)$", run.stderr, re.MULTILINE)


def test_command_reports_what_it_cannot_read_or_write(tmp_path, capsys):
    (tmp_path / "text.jpg").write_text("no picture")
    for line in (["demo", "nowhere.jpg"], ["demo", str(tmp_path / "text.jpg")], ["demo", "--out", "sheet.doc"]):
        assert main.main(line) == 1
        assert "kcolor: " in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main.main(["paint"])
    assert stop.value.code == 2
    assert "demo" in capsys.readouterr().err
    assert main.main([]) == 2  # with a list of what there is
    assert "colorize" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit):
        main.main(["--version"])
    assert capsys.readouterr().out.strip() == f"kcolor {kcolor.__version__}"


def test_a_command_starts_without_a_word():
    run = subprocess.run([sys.executable, "-m", "kcolor", "list", "recipes"], capture_output=True, text=True, check=True)
    assert run.stderr == ""


def test_help_needs_no_keras():
    helped = [[name, "--help"] for name in main.COMMANDS]
    printed, _, ends = answers(["--help"], ["--version"], *helped, ["list", "models"], ["list", "recipes"])
    assert ends == [
        "0 --help",
        "0 --version",
        *(f"0 {name} --help" for name in main.COMMANDS),
        "0 list models",
        "0 list recipes",
    ]
    for name, help in main.COMMANDS.items():
        assert f"usage: kcolor {name}" in printed
        assert help in " ".join(printed.split())
    assert "bins-shapes" in printed


@pytest.mark.slow
def test_a_mistake_is_named_before_keras_is_loaded(tmp_path):
    album = fill(tmp_path / "album")
    (tmp_path / "file").write_text("a file")
    (tmp_path / "there.onnx").write_text("there")
    photo, out, mine = album / "a.jpg", tmp_path / "out", tmp_path / "mine"
    mine.mkdir()
    (mine / "recipe.toml").write_text("# mine\n")
    lines = [
        # what argparse says
        (2, "usage: kcolor", []),
        (2, "there is no command 'paint'. There are: colorize, serve", ["paint"]),
        (2, "there is no command 'colorise'. Did you mean colorize?", ["colorise", photo]),
        (2, "there is no option --colour", ["colorize", photo, "--colour"]),
        (2, "there is no option --satturation=2. Did you mean --saturation?", ["colorize", photo, "--satturation=2"]),
        (2, "there is no option --hint. Did you mean --hints?", ["video", photo, "--hint", "10,10,red"]),
        (2, "unexpected: 5", ["explain", photo, "3", "4", "5"]),
        (2, "expected a number, as 0.8 with a point; received '0,8'", ["colorize", photo, "--saturation", "0,8"]),
        (2, "expected a number of pixels from 32 to 2048; received '0'", ["colorize", photo, "--size", "0"]),
        (2, "from 32 to 2048; received '100000'", ["colorize", photo, "--size", "100000"]),
        (2, "expected the colour as #7a5c3e", ["colorize", photo, "--hint", "10,10,#zzz"]),
        (2, "expected numbers from 0% to 100%", ["colorize", photo, "--hint", "150%,10%,red"]),
        (2, "--quality: invalid int value: 'high'", ["colorize", photo, "--quality", "high"]),
        (2, "--format: invalid choice: 'bmp'", ["colorize", photo, "--format", "bmp"]),
        (2, "expected any, 512, or 480x640", ["export", "photo", "--size", "3x"]),
        (2, "--precision: invalid choice", ["train", "bins-shapes", "--precision", "half"]),
        (2, "invalid choice: 'networks'", ["list", "networks"]),
        (2, "one of the arguments is empty", ["colorize", photo, "-o", ""]),
        # what the library says
        (1, "No such file or folder: 'nowhere.jpg'", ["colorize", "nowhere.jpg"]),
        (1, "No file matches the pattern '*.nothing'", ["colorize", "*.nothing"]),
        (1, "Expected --quality in 1 to 100. Received: 0", ["colorize", photo, "--quality", "0"]),
        (1, "Expected --saturation in [0, 10]", ["colorize", photo, "--saturation", "-1"]),
        (1, "Expected --temperature in [0, 1]", ["colorize", photo, "--temperature", "2"]),
        (1, "Expected --out as a folder, for instance coloured/", ["colorize", photo, "--out", tmp_path / "new.jpg"]),
        (1, "Expected --out as another file", ["sheet", album, "--out", photo]),
        (1, "Expected --out as another file", ["explain", photo, "--out", photo]),
        (1, "Expected --out as another file", ["demo", "--out", photo]),
        (1, "Expected --matches as another file", ["colorize", photo, "--reference", photo, "--matches", album / "b.png"]),
        (1, "Expected --matches as a file of its own", ["colorize", photo, "--reference", photo, "--matches", photo]),
        (1, "Expected the place inside the photo", ["suggest", photo, "3000", "2"]),
        (1, "Expected the place inside the photo", ["explain", photo, "3000", "2"]),
        (1, "looks like 'photo', misspelt", ["colorize", photo, "--model", "phoot"]),
        (1, "Received a file", ["colorize", photo, "--out", tmp_path / "file"]),
        (1, "is itself one of the photos. Choose another folder (--out)", ["colorize", album, "--out", album]),
        (1, "Expected a .keras file", ["export", "nothing"]),
        (1, "is there already", ["export", "photo", "--format", "onnx", "--out", tmp_path / "there.onnx"]),
        (1, "Expected a path to a .toml file", ["train", "nonsense"]),
        (1, "There is no recipe file nowhere.toml", ["train", "nowhere.toml"]),
        (1, "Received: '/no/such/folder'. There is no such", ["train", "bins-shapes", "--data", "/no/such/folder"]),
        (1, "It is a file, but no .zip", ["train", "bins-shapes", "--data", tmp_path / "file"]),
        (1, "Expected --epochs (train.epochs) as at least 1. Received: 0", ["train", "bins-shapes", "--epochs", "0"]),
        (1, "Expected --devices as at least 1", ["train", "bins-shapes", "--devices", "0"]),
        (1, "Received a file", ["train", "bins-shapes", "--out", tmp_path / "file"]),
        (1, "Expected a .keras file", ["evaluate", "nothing"]),
        (1, "Expected --limit as at least 1", ["evaluate", "photo", "--limit", "0"]),
        (1, "Expected --json in a folder that is there", ["evaluate", "photo", "--json", "no/such/report.json"]),
        (1, "Expected --sheet as a picture", ["evaluate", "photo", "--sheet", "sheet.doc"]),
        (1, "Expected --sheet as another file", ["evaluate", "photo", "--sheet", photo]),
        (1, "Expected --json as another file", ["evaluate", "photo", "--json", photo]),
        (1, "Expected --out as another folder than that of", ["train", mine / "recipe.toml", "--out", mine]),
        (1, "No such file or directory: vgg.h5", ["evaluate", "photo", "--lpips", "vgg.h5", "linear.h5"]),
        (1, "Expected folders of runs", ["curves", tmp_path]),
        (1, "Expected --out to end in one of", ["curves", tmp_path, "--out", "curves.txt"]),
        (1, "No such file or directory: nowhere.jpg", ["demo", "nowhere.jpg"]),
        (1, "Expected --out as a picture", ["demo", "--out", "sheet.doc"]),
        (1, "Expected at least 1 column", ["sheet", album, "--columns", "0"]),
        (1, "a height in 16 to 2,000. Received: 6 and 66000", ["sheet", album, "--height", "66000"]),
        (1, "Expected --out in a folder that is there", ["demo", "--out", "no/such/x.png"]),
    ]
    _, said, ends = answers(*(line for *_, line in lines))
    assert ends == [" ".join(map(str, [status, *line])) for status, _, line in lines]
    parts = re.split(r"^:: .*$", said, flags=re.MULTILINE)
    for (_, words, _), part in zip(lines, parts[:-1], strict=True):
        assert words in part
    assert not out.exists()


def test_an_album_with_nothing_left_to_do_needs_no_keras(tmp_path):
    album, out = fill(tmp_path / "album"), fill(tmp_path / "out")
    line = ["colorize", album, "--out", out, "--recursive"]
    printed, _, ends = answers(line, [*line, "--json"])
    assert ends == [" ".join(map(str, [0, *line])), " ".join(map(str, [0, *line, "--json"]))]
    assert printed.startswith("0 photos coloured in 0.0 s, 5 there already")
    assert printed.count('"status": "skipped"') == 5


def test_an_album_in_colour_needs_no_keras(tmp_path):
    (tmp_path / "album").mkdir()
    for number in range(2):
        patches = np.random.default_rng(number).integers(0, 256, (8, 8, 3), "uint8")
        Image.fromarray(patches.repeat(8, axis=0).repeat(8, axis=1)).save(tmp_path / "album" / f"{number}.png")
    line = ["colorize", tmp_path / "album", "--out", tmp_path / "out"]
    printed, _, ends = answers(line)
    assert ends == [" ".join(map(str, [0, *line]))]
    assert "2 in colour already (--recolor colours them, too)" in printed


def test_kcolor_alone_imports_no_keras_and_shows_all_that_it_has():
    code = """
import sys, kcolor
names = set(dir(kcolor))
print(sorted({"load", "presets", "Colorizer", "colorize_files", "models"} - names), kcolor.presets())
print(sorted({"keras", "tensorflow", "numpy", "PIL"} & set(sys.modules)))
"""
    assert run_python(code) == "[] ['photo', 'shapes']\n[]\n"


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_is_made_alike(name):
    parser, command = argparse.ArgumentParser(name), main.module_of(name)
    command.add_arguments(parser)
    assert main.COMMANDS[name][0].islower()
    assert callable(command.run)
    described = [action for action in parser._actions if action.option_strings]
    assert [action.dest for action in described if not action.help] == []


def test_data_is_asked_for_alike():
    parser = argparse.ArgumentParser()
    arguments.add_data(parser, default="the samples")
    assert parser.parse_args(["--data", "x", "--data-dir", "y"]) == argparse.Namespace(data="x", data_dir="y")
    assert "(default: the samples)" in " ".join(parser.format_help().split())
