"""`kcolor colorize`: folders of photographs, some broken, runs stopped half-way; nothing lost, nothing replaced."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest
from helpers.albums import fill, photo
from helpers.colorizers import painter
from helpers.package import PACKAGE
from PIL import Image

from kcolor.cli import main
from kcolor.photo_files.colorize_files import colorize_files


@pytest.fixture
def shoebox(tmp_path):
    """Five photographs, two of them in a folder below."""
    return fill(tmp_path / "album")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "painter.keras"
    painter(output_stride=2, size=32).save(path)
    return path


def test_a_broken_photo_does_not_stop_the_rest(shoebox, tmp_path, model, capsys):
    (shoebox / "a0.jpg").write_bytes(b"")
    (shoebox / "b0.jpg").write_text("Dear Mother,")
    assert main.main(["colorize", str(shoebox), "-o", str(tmp_path / "out"), "--model", str(model)]) == 1
    said = capsys.readouterr()
    assert f"kcolor: {shoebox / 'a0.jpg'}: the file is empty\n" in said.err
    assert f"kcolor: {shoebox / 'b0.jpg'}: not a picture" in said.err
    assert "3 photos coloured in" in said.out
    assert "2 not: see above" in said.out
    assert len(list((tmp_path / "out").iterdir())) == 3


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["nowhere"], "No such file or folder: "),
        (["*.jpeg"], "No file matches the pattern"),
        (["empty"], r"Found none in .*empty\n"),
        (["above"], "add --recursive"),
    ],
)
def test_nothing_to_colour(tmp_path, model, names, message, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "above" / "below").mkdir(parents=True)
    photo().save(tmp_path / "above" / "below" / "a.jpg")
    assert main.main(["colorize", *(str(tmp_path / name) for name in names), "--model", str(model)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert re.search(message, said)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_a_folder_that_cannot_be_written_to(shoebox, tmp_path, model, capsys):
    (tmp_path / "file").write_text("")
    assert main.main(["colorize", str(shoebox), "-o", str(tmp_path / "file"), "--model", str(model)]) == 1
    assert "Expected a folder to write to. Received a file" in capsys.readouterr().err
    if os.geteuid() == 0:
        return  # root may write anywhere
    (tmp_path / "locked").mkdir(mode=0o500)
    assert main.main(["colorize", str(shoebox), "-o", str(tmp_path / "locked"), "--model", str(model)]) == 1
    assert "no permission to write there" in capsys.readouterr().err


COMMAND = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started without it
from kcolor.cli import main
from kcolor.colorizer.colorizer import Colorizer
plain = Colorizer.colorize
Colorizer.colorize = lambda *a, **k: (time.sleep(0.25), plain(*a, **k))[1]  # so that there is time to be stopped
from kcolor.utils import compile
compile.Graph._graph = lambda *given: None  # one that is made for the first photo takes as long as all the rest
sys.exit(main.main(sys.argv[1:]))
"""


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_half_way_it_goes_on(tmp_path, model, how):
    (tmp_path / "album").mkdir()
    for i in range(12):
        photo(i).save(tmp_path / "album" / f"{i:02}.png")
    process = started("colorize", tmp_path / "album", "-o", tmp_path / "out", "--model", model)
    deadline = time.monotonic() + 90
    while len(list((tmp_path / "out").glob("[0-9]*.png"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert b"The same command continues" in said
        assert not list((tmp_path / "out").glob(".*"))
    done = sorted(path.name for path in (tmp_path / "out").glob("[0-9]*.png"))
    assert 3 <= len(done) < 12
    for name in done:
        with Image.open(tmp_path / "out" / name) as image:
            image.load()  # whole
    outcomes = colorize_files(tmp_path / "album", tmp_path / "out", model)
    assert [outcome.result.name for outcome in outcomes if outcome.status == "skipped"] == done
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{i:02}.png" for i in range(12)]


def test_one_line_of_json_for_each(shoebox, tmp_path, model, capsys):
    (shoebox / "b0.jpg").write_text("Dear Mother,")
    main.main(["colorize", str(shoebox), "-o", str(tmp_path / "out"), "--model", str(model), "--json"])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {pathlib.Path(one["photo"]).name: one["status"] for one in said}
    assert found == {"a.jpg": "done", "b.png": "done", "b0.jpg": "failed", "c.tif": "done"}
    assert len(said) == 4
    assert all(pathlib.Path(one["result"]).is_file() for one in said if one["status"] == "done")


def test_a_photo_in_color_is_left_alone_and_says_what_to_do(tmp_path, model, samples, capsys):
    beach = tmp_path / "beach.jpg"
    Image.fromarray(samples["parrots"]).save(beach)
    line = ["colorize", str(beach), "-o", str(tmp_path / "out"), "--model", str(model)]
    assert main.main(line) == 0
    said = capsys.readouterr().out
    assert f"1 of 1  {beach} left alone: it is in colour already. To colour it anyway: --recolor\n" in said
    assert "0 photos coloured in" in said
    assert "1 in colour already (--recolor" in said
    assert main.main([*line, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["result"]) == ("in color", None)
    assert main.main([*line, "--recolor"]) == 0
    assert "1 photo coloured in" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["beach.jpg"]


def test_quiet_says_nothing(shoebox, tmp_path, model, capsys):
    assert main.main(["colorize", str(shoebox), "-o", str(tmp_path / "out"), "--model", str(model), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_reasons_name_flags(shoebox, capsys):
    arguments = ["colorize", str(shoebox), "-o", str(shoebox), "--model", "shapes"]
    assert main.main(arguments) == 1
    assert "a.jpg is itself one of the photos. Choose another folder (--out)\n" in capsys.readouterr().err
    for options, message in (
        (["--quality", "0"], "kcolor: Expected --quality in 1 to 100. Received: 0\n"),
        (["--saturation", "-1"], "kcolor: Expected --saturation in [0, 10], 1 for the colours as they are. Received: -1.0\n"),
    ):
        assert main.main([*arguments, *options]) == 1
        assert capsys.readouterr().err == message


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a file's name be any bytes")
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["lines", "json"])
def test_a_name_that_is_no_text_is_printed(tmp_path, model, options):
    album = tmp_path / "album"
    album.mkdir()
    photo().save(album / "z.png")
    os.rename(album / "z.png", os.fsencode(album) + b"/caf\xe9.png")
    command = [
        sys.executable,
        "-m",
        "kcolor",
        "colorize",
        str(album),
        "-o",
        str(tmp_path / "out"),
        "--model",
        str(model),
        *options,
    ]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=PACKAGE.parent)
    assert (done.returncode, "caf\\udce9.png" in done.stdout) == (0, True), done.stderr
    if options:
        assert json.loads(done.stdout)["photo"] == os.fsdecode(os.fsencode(album) + b"/caf\xe9.png")


def test_matches_are_drawn_into_no_photo(tmp_path, samples, capsys):
    for name in ("a.jpg", "r.jpg"):
        Image.fromarray(samples["hats"]).save(tmp_path / name)
    before = (tmp_path / "a.jpg").read_bytes(), (tmp_path / "r.jpg").read_bytes()
    photo, reference = str(tmp_path / "a.jpg"), str(tmp_path / "r.jpg")
    (tmp_path / "out").mkdir()
    for place in (photo, reference, str(tmp_path / "out" / "a.jpg")):
        line = ["colorize", photo, "-o", str(tmp_path / "out"), "--reference", reference, "--matches", place, "--overwrite"]
        assert main.main([*line, "--recolor", "--model", "shapes"]) == 1
        assert "Expected --matches as a file of its own" in capsys.readouterr().err
    assert before == ((tmp_path / "a.jpg").read_bytes(), (tmp_path / "r.jpg").read_bytes())


@pytest.mark.slow
def test_json_is_json_whatever_the_terminal_can_print(tmp_path, model):
    (tmp_path / "in").mkdir()
    photo().save(tmp_path / "in" / "photo \U0001f600.jpg")
    line = [sys.executable, "-m", "kcolor", "colorize", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--json"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([*line, "--model", str(model)], capture_output=True, text=True, env=environment)
    assert json.loads(done.stdout)["photo"].endswith("photo \U0001f600.jpg")
    helped = subprocess.run([*line[:4], "--help"], capture_output=True, env={**environment, "PYTHONIOENCODING": "cp1251"})
    assert helped.returncode == 0
