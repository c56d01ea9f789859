"""Checks of arguments, and what they are held against."""

import argparse
import pathlib

import pytest
from PIL import Image

from kcolor import data
from kcolor.cli import arguments
from kcolor.hints import Hint


def test_published_sources_are_those_of_the_library():
    assert set(arguments.PUBLISHED) == set(data.SOURCES) - {"tfds", "folder", "zip"}


@pytest.mark.parametrize(
    ("text", "found"),
    [("any", None), ("64", (64, 64)), ("480x640", (480, 640)), ("480×640", (480, 640)), ("480X640", (480, 640))],
)
def test_sizes(text, found):
    assert arguments.size(text) == found


@pytest.mark.parametrize("text", ["", "x", "3x", "0", "1x2x3", "-4", "4.5"])
def test_what_is_no_size(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected any, 512, or 480x640"):
        arguments.size(text)


def test_pictures_are_a_folder_a_zip_or_a_name(tmp_path):
    (tmp_path / "a.zip").touch()
    (tmp_path / "a.tar").touch()
    for fine in (None, "shapes", "cifar10", "tfds:anything", str(tmp_path), str(tmp_path / "a.zip")):
        arguments.check_data(fine)
    for wrong, words in ((tmp_path / "a.tar", "It is a file, but no .zip"), (tmp_path / "b", "There is no such")):
        with pytest.raises(ValueError, match=f"Expected --data as a folder.*{words}"):
            arguments.check_data(str(wrong))


def test_a_folder_of_data_sets_is_for_data_sets(tmp_path):
    for where in (None, "cifar10", "tfds:flowers"):
        arguments.check_data(where, str(tmp_path))
    for where in (str(tmp_path), "shapes"):
        arguments.check_data(where)
        with pytest.raises(
            ValueError, match="Expected --data-dir with data sets of TensorFlow Datasets.*Received it with --data"
        ):
            arguments.check_data(where, str(tmp_path))


def test_other_checks(tmp_path):
    (tmp_path / "file").touch()
    for check, value in (
        (lambda: arguments.check_positive("--limit", 0), "Expected --limit as at least 1. Received: 0"),
        (lambda: arguments.check_parent("--json", tmp_path / "none" / "x"), "Expected --json in a folder that is there"),
        (lambda: arguments.check_picture("--sheet", pathlib.Path("x.doc")), "Expected --sheet as a picture"),
        (lambda: arguments.check_picture("--sheet", pathlib.Path("x.psd")), "Expected --sheet as a picture"),
    ):
        with pytest.raises(ValueError, match=value):
            check()
    with pytest.raises(FileExistsError, match="Expected a folder to write to. Received a file"):
        arguments.check_folder(str(tmp_path / "file"))
    (tmp_path / "a.jpg").mkdir()
    arguments.check_results_folder(str(tmp_path / "a.jpg"))
    with pytest.raises(ValueError, match="Expected --out as a folder"):
        arguments.check_results_folder(str(tmp_path / "b.jpg"))
    with pytest.raises(FileNotFoundError):
        arguments.check_files([tmp_path / "file", tmp_path / "none"])
    arguments.check_positive("--limit", None)
    arguments.check_parent("--json", None)
    arguments.check_picture("--sheet", None)
    arguments.check_folder(None)


@pytest.mark.parametrize("text", ["", "many", "-64", "1.5", "31", "2049"])
def test_what_is_no_working_size(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected a number of pixels from 32 to 2048"):
        arguments.working_size(text)


def test_a_hint_is_read():
    assert arguments.hint_of("3, 4.5, navy, 2") == Hint(3, 4.5, "navy", radius=2)
    assert arguments.hint_of("50%,10%,#fff,2%") == Hint(0.5, 0.1, "#fff", radius=0.02, relative=True)
    with pytest.raises(argparse.ArgumentTypeError, match="all in %"):
        arguments.hint_of("50%,10,#fff")


def test_a_figures_name_and_folder_are_checked(tmp_path):
    arguments.check_figure("--out", None)
    arguments.check_figure("--out", tmp_path / "page.webp")
    with pytest.raises(ValueError, match=r"Expected --out to end in one of \.png"):
        arguments.check_figure("--out", tmp_path / "page.txt")
    with pytest.raises(ValueError, match="in a folder that is there"):
        arguments.check_figure("--out", tmp_path / "nowhere" / "page.png")


def test_the_photo_of_a_command_is_read_or_named(tmp_path):
    Image.new("L", (5, 4), 128).save(tmp_path / "gray.png")
    assert arguments.read_photo(tmp_path / "gray.png").rgb.shape[:2] == (4, 5)
    (tmp_path / "broken.png").write_bytes(b"nothing of a picture")
    with pytest.raises(ValueError, match=r"broken\.png: "):
        arguments.read_photo(tmp_path / "broken.png")


def test_only_what_kcolor_made_is_replaced_unasked(tmp_path):
    photo = tmp_path / "photo.jpg"
    arguments.check_ours("--out", photo)
    Image.new("RGB", (8, 8)).save(photo)
    with pytest.raises(FileExistsError, match="Expected --out as another file.*--overwrite replaces it"):
        arguments.check_ours("--out", photo)
    arguments.check_ours("--out", photo, overwrite=True)
