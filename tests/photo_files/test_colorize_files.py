"""`kcolor colorize`: folders of photographs, some broken, runs stopped half-way; nothing lost, nothing replaced."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from helpers.albums import fill, photo
from helpers.colorizers import painter
from helpers.disks import small_disk
from helpers.package import PACKAGE
from PIL import Image

from kcolor import color
from kcolor.photo_files import colorize_files as module
from kcolor.photo_files import read_write
from kcolor.photo_files.colorize_files import colorize_files, each_outcome
from kcolor.utils.files import half_name


@pytest.fixture
def shoebox(tmp_path):
    """Five photographs, two of them in a folder below."""
    return fill(tmp_path / "album")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "painter.keras"
    painter(output_stride=2, size=32).save(path)
    return path


def states(outcomes):
    return [outcome.status for outcome in outcomes]


def test_a_photo_that_a_format_cannot_hold_is_named_and_the_others_are_coloured(tmp_path, model):
    album = tmp_path / "album"
    album.mkdir()
    for name, size in (("a", (24, 32)), ("b", (2, 17_000)), ("c", (24, 32))):
        Image.fromarray(np.zeros(size, "uint8")).save(album / f"{name}.png")
    a, b, c = colorize_files(album, tmp_path / "out", model, format="webp")
    assert states([a, b, c]) == ["done", "failed", "done"]
    assert b.reason.startswith("it cannot be written as .webp: ")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["a.webp", "c.webp"]


def test_what_cannot_be_kept_of_a_file_is_said_and_costs_no_photo(tmp_path, model):
    exif = Image.Exif()
    exif[0x010E] = "a long description " * 4000
    photo().save(tmp_path / "a.png", exif=exif.tobytes())
    photo().save(tmp_path / "b.tif", save_all=True, append_images=[photo(), photo()])
    a, b = colorize_files([tmp_path / "a.png", tmp_path / "b.tif"], tmp_path / "out", model, format="jpg")
    assert states([a, b]) == ["done", "done"]
    assert "(EXIF) could not be kept" in a.notes[0]
    assert b.notes == ("its file has 3 pictures; the first one is coloured",)


@pytest.mark.parametrize(("out", "long"), [("out", "done"), (None, "failed")], ids=["out", "beside"])
def test_a_name_that_gets_too_long_stops_that_photo_alone(tmp_path, model, out, long):
    album = tmp_path / "album"
    album.mkdir()
    names = ["a.png", "ж" * 123 + ".png", "z.png"]  # 250 bytes: with "-coloured" it is too long
    for name in names:
        photo().save(album / name)
    outcomes = colorize_files([album / name for name in names], out and tmp_path / out, model)
    assert states(outcomes) == ["done", long, "done"]


# Where results belong


def test_a_folder_keeps_its_tree(shoebox, tmp_path, model):
    outcomes = colorize_files(shoebox, tmp_path / "out", model, recursive=True)
    assert states(outcomes) == ["done"] * 5
    found = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    assert found == sorted(path.relative_to(shoebox) for path in shoebox.rglob("*.*"))
    for outcome in outcomes:
        with Image.open(outcome.photo) as before, Image.open(outcome.result) as after:
            assert (after.size, after.mode, after.format) == (before.size, "RGB", before.format)


@pytest.mark.slow
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


def test_photos_in_color_are_left_alone(shoebox, tmp_path, model, samples):
    Image.fromarray(samples["parrots"]).save(shoebox / "b0.jpg")
    outcomes = colorize_files(shoebox, tmp_path / "out", model, compare=True)
    assert sorted((outcome.photo.name, outcome.status) for outcome in outcomes) == [
        ("a.jpg", "done"),
        ("b.png", "done"),
        ("b0.jpg", "in color"),
        ("c.tif", "done"),
    ]
    assert not list((tmp_path / "out").glob("b0*"))
    (left,) = (outcome for outcome in outcomes if outcome.status == "in color")
    assert left.result is None
    assert "recolor=True" in left.reason
    assert states(colorize_files(shoebox / "b0.jpg", tmp_path / "out", model, recolor=True)) == ["done"]
    assert (tmp_path / "out" / "b0.jpg").is_file()


def test_toned_photos_are_colored(tmp_path, model):
    gray = np.asarray(photo(), "float32")[..., None]
    Image.fromarray((gray * [1, 0.88, 0.7]).astype("uint8")).save(tmp_path / "sepia.png")
    assert states(colorize_files(tmp_path / "sepia.png", tmp_path / "out", model)) == ["done"]


@pytest.mark.slow
def test_a_photo_on_its_side_is_colored_and_said_to_be(tmp_path, model):
    with Image.open(PACKAGE / "samples" / "historic" / "Locomotive1880s.jpg") as train:
        train.save(tmp_path / "upright.png")
        train.rotate(90, expand=True).save(tmp_path / "turned.png")
    outcomes = colorize_files([tmp_path / "upright.png", tmp_path / "turned.png"], tmp_path / "out", model)
    assert [(outcome.status, outcome.sideways) for outcome in outcomes] == [("done", False), ("done", True)]


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


def test_a_full_disk_stops_the_run(shoebox, model, capsys):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")

    def full(path, *_, **__):
        with open("/dev/full", "wb") as file:
            file.write(b"x" * 100_000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_write, "write", full)
        with pytest.raises(OSError, match="No space left"):
            colorize_files(shoebox, shoebox.parent / "out", model)


@pytest.mark.skipif(os.name == "nt", reason="there it is not asked who runs")
def test_halves_of_a_killed_run_are_swept_up(shoebox, tmp_path, model):
    (tmp_path / "out").mkdir()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = (tmp_path / "out" / half_name(*whose) for whose in (("a", ".jpg", dead.pid), ("b", ".jpg", os.getppid())))
    for half in (left, alive):
        half.write_bytes(b"half")
    colorize_files(shoebox, tmp_path / "out", model)
    assert (left.exists(), alive.exists()) == (False, True)


def test_progress_gets_each_outcome_with_its_number(shoebox, tmp_path, model, capsys):
    (shoebox / "b0.jpg").write_text("Dear Mother,")
    seen = []
    outcomes = colorize_files(shoebox, tmp_path / "out", model, progress=seen.append)
    assert seen == outcomes
    assert [(outcome.number, outcome.total) for outcome in outcomes] == [(n, 4) for n in (1, 2, 3, 4)]
    assert capsys.readouterr() == ("", "")  # a library prints nothing unless it is asked to
    colorize_files(shoebox / "a.jpg", tmp_path / "out", model, progress=print)
    assert capsys.readouterr().out == f"1 of 1  {tmp_path / 'out' / 'a.jpg'} is there already\n"


def test_an_album_is_coloured_in_parts(shoebox, tmp_path, model, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    with pytest.raises(ValueError, match="Expected `saturation`"):  # at once, not when the first outcome is asked for
        each_outcome(shoebox, tmp_path / "out", model, saturation=-1)
    colorize_files(shoebox / "b.png", tmp_path / "out", model)
    outcomes = each_outcome(shoebox, tmp_path / "out", model, recursive=True)
    assert [(one.number, one.photo.name, one.status) for one in outcomes] == [
        (1, "b.png", "skipped"),
        (2, "a.jpg", "done"),
        (3, "c.tif", "done"),
        (4, "Großmutter 祖母 جدة.jpg", "done"),
        (5, "d.jpg", "done"),
    ]


def test_an_unknown_option_is_named_before_anything_is_done(shoebox, tmp_path):
    with pytest.raises(TypeError, match="colour"):
        colorize_files(shoebox, tmp_path / "out", colour=True)
    assert not (tmp_path / "out").exists()


# Disks


def test_if_the_results_disk_goes_away_the_run_stops(shoebox, tmp_path, model):
    """What comes after it would be coloured in vain."""
    outcomes, out = [], tmp_path / "out"

    def run():
        for outcome in each_outcome(shoebox, out, model, recursive=True):
            outcomes.append(outcome)
            if len(outcomes) == 1:
                shutil.rmtree(out)

    with pytest.raises(OSError, match=r"Cannot write .*out.*: its folder is not there \(any more\)"):
        run()
    assert len(outcomes) < 5
    assert sorted(set(states(colorize_files(shoebox, out, model, recursive=True)))) == ["done"]


def test_if_the_photos_disk_goes_away_they_are_reported(shoebox, tmp_path, model):
    for number in range(10):
        shutil.copy(shoebox / "a.jpg", shoebox / f"a{number}.jpg")
    outcomes = []
    for outcome in each_outcome(shoebox, tmp_path / "out", model):
        outcomes.append(outcome)
        if len(outcomes) == 1:
            shoebox.rename(tmp_path / "elsewhere")
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    assert len(outcomes) == 13
    assert len(failed) >= 7
    assert {outcome.reason for outcome in failed} == {"it is not there any more"}
    (tmp_path / "elsewhere").rename(shoebox)
    again = states(colorize_files(shoebox, tmp_path / "out", model))
    assert (again.count("done"), again.count("skipped")) == (len(failed), 13 - len(failed))


@pytest.mark.slow
def test_a_slow_network_disk_costs_time_alone(shoebox, tmp_path, model, monkeypatch):
    """Every file takes a fifth of a second to read and to write; it is read, coloured and written at the same time."""
    read, write = read_write.read, read_write.write
    monkeypatch.setattr(read_write, "read", lambda *given: [time.sleep(0.2), read(*given)][1])
    monkeypatch.setattr(read_write, "write", lambda *given: [time.sleep(0.2), write(*given)][1])
    for number in range(16):
        shutil.copy(shoebox / "a.jpg", shoebox / f"a{number:02}.jpg")
    began, marks = time.monotonic(), []
    for outcome in each_outcome(shoebox, tmp_path / "slow", model):
        assert outcome.status == "done"
        marks.append(time.monotonic() - began)
    assert len(marks) == 19
    assert marks[-1] - marks[3] < 15 * 0.35  # not the 0.4 that reading and writing take one after the other
    monkeypatch.undo()
    colorize_files(shoebox, tmp_path / "fast", model)
    for path in (tmp_path / "fast").iterdir():
        assert path.read_bytes() == (tmp_path / "slow" / path.name).read_bytes()


def test_a_full_disk_is_said_and_with_more_room_it_goes_on(shoebox, tmp_path, model):
    rng = np.random.default_rng(0)
    for number in range(8):  # noise, of 12 kB or more
        Image.fromarray(rng.integers(0, 255, (96, 128), "uint8")).save(shoebox / f"n{number}.png")
    with small_disk(tmp_path / "disk", 64) as mount:
        with pytest.raises(OSError, match="the disk is full"):
            colorize_files(shoebox, tmp_path / "disk" / "out", model)
        there = sorted((tmp_path / "disk" / "out").iterdir())
        assert 0 < len(there) < 12
        for path in there:
            with Image.open(path) as image:
                image.load()  # whole files or none
        mount("size=10m")
        outcomes = colorize_files(shoebox, tmp_path / "disk" / "out", model)
        assert sorted(set(states(outcomes))) == ["done", "skipped"]
        assert states(outcomes).count("skipped") == len(there)


def test_a_disk_that_can_only_be_read_is_said(shoebox, tmp_path, model):
    with small_disk(tmp_path / "disk", 64) as mount:
        mount("ro")
        with pytest.raises(OSError, match="Read-only|read-only|only be read"):
            colorize_files(shoebox, tmp_path / "disk" / "out", model)
