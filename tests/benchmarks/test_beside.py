"""Colorizers beside one another."""

import numpy as np
import pytest
from helpers.benchmarks import run
from PIL import Image

from benchmarks import beside
from kcolor import color


def test_roughness_by_hand():
    ab = np.zeros((1, 2, 4, 2), "float32")
    ab[:, :, 2:] = (6, 8)  # one step of 10 in three from left to right, none from top to bottom
    picture = color.lab_to_rgb(np.concatenate([np.full((1, 2, 4, 1), 60, "float32"), ab], axis=-1))
    assert float(beside.roughness(picture)[0]) == pytest.approx(10 / 3 / 2, rel=1e-3)


@pytest.mark.slow
def test_beside(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo[:64, :64]).save(tmp_path / f"{i}.png")
    options = ["--data", tmp_path, "--split", "all", "--size", 64, "--rows", 2]
    table = run("beside", tmp_path / "sheet.png", "one=shapes", "other=shapes", *options).splitlines()
    names, _, photo, one, other = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    assert [photo[0], one, other[0]] == ["photo", ["one", *other[1:]], "other"]
    assert len(names) == len(one) == 7
    assert photo[1:5] == [""] * 4
    assert min(map(float, [*photo[5:], *one[1:]])) > 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 3 * 144
        assert sheet.height > 2 * 144
    with pytest.raises(AssertionError, match="expected NAME=MODEL. Received: shapes"):
        run("beside", tmp_path / "sheet.png", "shapes", *options)
