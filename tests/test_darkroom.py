"""`kcolor colorize`: folders of photographs, some broken, runs stopped half-way; nothing lost, nothing replaced."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from PIL import Image
from test_colorizer import painter, small

import kcolor
from kcolor import color
from kcolor.cli import colorize_progress, main
from kcolor.photo_files import colorize_files as darkroom
from kcolor.photo_files import folder_sheet, output_paths, read_write
from kcolor.photo_files.colorize_files import Outcome, colorize_files
from kcolor.saving import presets
from kcolor.utils import quiet_start


def photo(seed=0, size=(40, 56)):
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 7), dtype="uint8"))
    return coarse.resize(size[::-1], Image.Resampling.BICUBIC)


@pytest.fixture
def shoebox(tmp_path):
    """Five photographs, two of them in a folder below."""
    folder = tmp_path / "album"
    (folder / "1912").mkdir(parents=True)
    for i, name in enumerate(["a.jpg", "b.png", "c.tif", "1912/d.jpg", "1912/Großmutter 祖母 جدة.jpg"]):
        photo(i).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "painter.keras"
    painter(output_stride=2, size=32).save(path)
    return path


def states(outcomes):
    return [outcome.status for outcome in outcomes]


# Where results belong


def test_a_folder_keeps_its_tree(shoebox, tmp_path, model):
    outcomes = colorize_files(shoebox, tmp_path / "out", model, recursive=True)
    assert states(outcomes) == ["done"] * 5
    found = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    assert found == sorted(path.relative_to(shoebox) for path in shoebox.rglob("*.*"))
    for outcome in outcomes:
        with Image.open(outcome.photo) as before, Image.open(outcome.result) as after:
            assert (after.size, after.mode, after.format) == (before.size, "RGB", before.format)


def test_without_a_folder_results_lie_beside_the_photos(shoebox, model):
    (outcome,) = colorize_files(shoebox / "a.jpg", model=model)
    assert outcome.result == shoebox / "a-coloured.jpg"
    outcomes = colorize_files(str(shoebox / "*.jpg"), model=model)  # the result matches, too
    assert [(o.photo.name, o.status) for o in outcomes] == [("a.jpg", "skipped")]
    colorize_files(shoebox, model=model, recursive=True)
    assert (shoebox.parent / "album-coloured" / "1912" / "d.jpg").is_file()


def test_results_within_the_album_are_no_photos(shoebox, model):
    for expected in (["done"] * 5, ["skipped"] * 5):
        assert states(colorize_files(shoebox, shoebox / "coloured", model, recursive=True)) == expected


def test_only_the_folder_itself_unless_asked(shoebox, tmp_path, model):
    assert [job.photo.name for job in output_paths.jobs([shoebox], tmp_path / "out")] == ["a.jpg", "b.png", "c.tif"]
    assert len(output_paths.jobs([shoebox, shoebox / "a.jpg"], tmp_path / "out", recursive=True)) == 5  # none twice
    assert all(isinstance(job, output_paths.Job) for job in output_paths.jobs([shoebox]))
    assert [place.as_posix() for _, place in output_paths.pictures([shoebox])] == ["a.jpg", "b.png", "c.tif"]


def test_what_is_done_is_not_done_again(shoebox, tmp_path, model):
    colorize_files(shoebox, tmp_path / "out", model)
    before = (tmp_path / "out" / "a.jpg").stat().st_mtime_ns
    (tmp_path / "out" / "b.png").unlink()
    assert states(colorize_files(shoebox, tmp_path / "out", model)) == ["skipped", "skipped", "done"]
    assert (tmp_path / "out" / "a.jpg").stat().st_mtime_ns == before
    assert states(colorize_files(shoebox, tmp_path / "out", model, overwrite=True)) == ["done"] * 3
    assert (tmp_path / "out" / "a.jpg").stat().st_mtime_ns > before


def test_photos_are_never_replaced(shoebox, model):
    before = (shoebox / "a.jpg").read_bytes()
    outcomes = colorize_files(shoebox, shoebox, model, overwrite=True)
    assert states(outcomes) == ["failed"] * 3
    assert "is itself one of the photos" in outcomes[0].reason
    assert (shoebox / "a.jpg").read_bytes() == before


def test_two_that_become_one_file(shoebox, tmp_path, model):
    photo().save(shoebox / "a.png")
    outcomes = colorize_files([shoebox / "a.jpg", shoebox / "a.png"], tmp_path / "out", model, format="webp")
    assert states(outcomes) == ["failed", "done"]
    assert "becomes" in outcomes[0].reason


def test_before_and_after(shoebox, tmp_path, model):
    colorize_files(shoebox / "b.png", tmp_path / "out", model)
    assert states(colorize_files(shoebox / "b.png", tmp_path / "out", model, compare=True)) == ["done"]
    with Image.open(tmp_path / "out" / "b-compare.jpg") as both:
        assert both.size == (2 * 56, 40)
    wide = darkroom.comparison(np.zeros((40, 4000, 3), "uint8"), np.ones((40, 4000, 3), "uint8"))
    assert wide.size == (3200, 16)


# What the pictures are


def test_the_file_has_the_photos_lightness(shoebox, tmp_path, model):
    (outcome,) = colorize_files(shoebox / "b.png", tmp_path / "out", model)
    before, after = (np.asarray(Image.open(path).convert("RGB"), "float32") / 255 for path in (outcome.photo, outcome.result))
    light = [keras.ops.convert_to_numpy(color.rgb_to_lightness(rgb)) for rgb in (before, after)]
    assert np.abs(light[0] - light[1]).max() < 0.6
    assert np.abs(after - before).max() > 0.02  # and it has colour


def test_options_reach_the_colours(shoebox, tmp_path, model):
    colorize_files(shoebox / "b.png", tmp_path / "out", model, saturation=0, format="png")
    rgb = np.asarray(Image.open(tmp_path / "out" / "b.png")).astype(int)
    assert np.abs(rgb - rgb.mean(axis=-1, keepdims=True)).max() <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "bmp"}, "Expected `format` as keep or one of"),
        ({"quality": 0}, "Expected `quality` in 1 to 100"),
        ({"saturation": -1}, "Expected `saturation`"),
        ({"model": "no such"}, r"Expected a .keras file, .*Received: 'no such'"),
        ({"temperature": 0.5}, "Only distributions over bins"),
    ],
)
def test_options_that_make_no_sense(shoebox, tmp_path, model, options, message):
    with pytest.raises(ValueError, match=message):
        colorize_files(shoebox, tmp_path / "out", **{"model": model, **options})


# What goes wrong


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
        (["nowhere"], "No file or folder is there called"),
        (["*.jpeg"], "matches the pattern"),
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


def test_a_full_disk_stops_the_run(shoebox, model, capsys):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")

    def full(path, *_, **__):
        with open("/dev/full", "wb") as file:
            file.write(b"x" * 100_000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(darkroom.picture_files, "write", full)
        with pytest.raises(OSError, match="No space left"):
            colorize_files(shoebox, shoebox.parent / "out", model)


# Stopped


COMMAND = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started without it
sys.path.insert(0, {tests!r})
import kcolor
from kcolor import cli, colorizer
plain = colorizer.Colorizer.colorize
colorizer.Colorizer.colorize = lambda *a, **k: (time.sleep(0.25), plain(*a, **k))[1]  # so that there is time to be stopped
sys.exit(cli.main(sys.argv[1:]))
"""


def started(*arguments):
    code = COMMAND.format(tests=str(pathlib.Path(__file__).parent))
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


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
        assert b"The same command goes on" in said
        assert not list((tmp_path / "out").glob(".*"))
    done = sorted(path.name for path in (tmp_path / "out").glob("[0-9]*.png"))
    assert 3 <= len(done) < 12
    for name in done:
        with Image.open(tmp_path / "out" / name) as image:
            image.load()  # whole
    outcomes = colorize_files(tmp_path / "album", tmp_path / "out", model)
    assert [outcome.result.name for outcome in outcomes if outcome.status == "skipped"] == done
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{i:02}.png" for i in range(12)]


@pytest.mark.skipif(os.name == "nt", reason="there it is not asked who runs")
def test_halves_of_a_killed_run_are_swept_up(shoebox, tmp_path, model):
    (tmp_path / "out").mkdir()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = tmp_path / "out" / f".a.{dead.pid}.half.jpg", tmp_path / "out" / f".b.{os.getppid()}.half.jpg"
    for half in (left, alive):
        half.write_bytes(b"half")
    colorize_files(shoebox, tmp_path / "out", model)
    assert (left.exists(), alive.exists()) == (False, True)


# What is said


def test_one_line_of_json_for_each(shoebox, tmp_path, model, capsys):
    (shoebox / "b0.jpg").write_text("Dear Mother,")
    main.main(["colorize", str(shoebox), "-o", str(tmp_path / "out"), "--model", str(model), "--json"])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {pathlib.Path(one["photo"]).name: one["status"] for one in said}
    assert found == {"a.jpg": "done", "b.png": "done", "b0.jpg": "failed", "c.tif": "done"}
    assert len(said) == 4
    assert all(pathlib.Path(one["result"]).is_file() for one in said if one["status"] == "done")


def test_quiet_says_nothing(shoebox, tmp_path, model, capsys):
    assert main.main(["colorize", str(shoebox), "-o", str(tmp_path / "out"), "--model", str(model), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_line_that_stays(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    line = colorize_progress.Album()
    outcomes = [Outcome(pathlib.Path("a.jpg"), "done", pathlib.Path("out/a.jpg")), Outcome(pathlib.Path("b.jpg"), "skipped")]
    for number, outcome in enumerate(outcomes, 1):
        line(outcome, number, 2)
    line.finish(outcomes)
    said = capsys.readouterr()
    assert "1 of 2" in said.err
    assert "a.jpg" in said.err
    assert said.err.endswith("\x1b[2K")
    assert said.out.startswith("1 photo coloured in")
    assert "1 there already" in said.out


# Sheets, lists, models


def test_a_sheet_of_an_album(shoebox, tmp_path, model, capsys):
    colorize_files(shoebox, tmp_path / "out", model)
    assert main.main(["sheet", str(tmp_path / "out"), "-o", str(tmp_path / "sheet.png"), "--height", "64"]) == 0
    alone = read_write.read(tmp_path / "sheet.png").rgb.shape
    arguments = ["sheet", str(tmp_path / "out"), "--beside", str(shoebox), "-o", str(tmp_path / "both.png"), "--height", "64"]
    assert main.main(arguments) == 0
    assert read_write.read(tmp_path / "both.png").rgb.shape[1] > 1.9 * alone[1]
    assert main.main(["sheet", str(shoebox), "--columns", "0", "-o", str(tmp_path / "x.png")]) == 1
    assert "Expected at least 1 column" in capsys.readouterr().err
    (shoebox / "b.png").unlink()
    with pytest.raises(ValueError, match="There is no picture called b"):
        folder_sheet.sheet_of([tmp_path / "out"], shoebox)


def test_a_sheet_needs_a_picture(tmp_path):
    (tmp_path / "a.jpg").write_text("Dear Mother,")
    with pytest.raises(ValueError, match="Found none"):
        folder_sheet.sheet_of([tmp_path])


def test_what_comes_with_kcolor(capsys):
    assert main.main(["list", "recipes"]) == 0
    assert "bins-shapes" in capsys.readouterr().out
    assert main.main(["list", "models"]) == 0
    listed = capsys.readouterr().out
    for name in presets.names():
        assert name in listed
        assert presets.find(name).is_file()


def test_a_model_by_file_folder_or_name(tmp_path, monkeypatch):
    made = small(size=16)
    (tmp_path / "saved_models" / "mine").mkdir(parents=True)
    made.save(tmp_path / "saved_models" / "mine" / "model.keras")
    monkeypatch.setattr(presets, "_folder", lambda: tmp_path / "saved_models")
    assert presets.names() == ["mine"]
    for where in ("mine", tmp_path / "saved_models" / "mine", tmp_path / "saved_models" / "mine" / "model.keras"):
        assert kcolor.load(where).size == 16
    with pytest.raises(ValueError, match=r"or a name \(mine\). Received: 'yours'"):
        presets.find("yours")


def test_a_command_starts_without_a_word(tmp_path):
    run = subprocess.run([sys.executable, "-m", "kcolor", "list", "recipes"], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert not quiet_start.is_command()  # this is pytest
    with quiet_start.quiet_if_command():
        pass
