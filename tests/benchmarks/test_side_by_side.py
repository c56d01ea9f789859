"""Photos as several colorizers colour them."""

import pathlib

import numpy as np
import pytest
from helpers.benchmarks import run
from PIL import Image

from benchmarks.side_by_side import GAP, chosen, packed


def test_some_of_a_folder(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.jpg").touch()
    (tmp_path / "readme.txt").touch()
    assert [path.stem for path in chosen(tmp_path, 4)] == ["0", "2", "5", "7"]
    assert len(chosen(tmp_path, 50)) == 10
    with pytest.raises(ValueError, match="Expected photos, folders or patterns"):
        chosen(tmp_path / "nowhere", 4)


def test_no_strip_covers_another():
    widths, height = [50, 90, 30, 60, 20, 40], 10
    sheet = packed([Image.new("RGB", (width, height), (width, 0, 0)) for width in widths], 100)
    assert sheet.width == 100
    for width in widths:
        assert (np.asarray(sheet) == (width, 0, 0)).all(axis=-1).sum() == width * height
    assert (sheet.height + GAP) % (height + GAP) == 0


@pytest.mark.slow
def test_a_sheet_is_drawn(tmp_path):
    samples = pathlib.Path(__file__).parents[2] / "kcolor" / "samples"
    run("side_by_side", tmp_path / "sheet.jpg", "shapes", "photo", "--photos", samples, "--count", 3, "--height", 40)
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.width == 1600
