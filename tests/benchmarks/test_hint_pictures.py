"""Pictures of what hints do."""

import json

import numpy as np
import pytest
from helpers.benchmarks import TENSORFLOW, run
from PIL import Image

from benchmarks.hint_pictures import dotted
from kcolor.hints import Hint
from kcolor.hints.hint import place


def test_hints_are_dots():
    picture = dotted(np.zeros((100, 100, 3), "uint8"), place([Hint(50, 40, "red"), Hint(10, 10, "keep")], 100, 100))
    assert picture[40, 50].tolist() == [255, 0, 0]
    assert picture[10, 10].tolist() == [0, 0, 0]


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="one backend is enough")
def test_it_runs(tmp_path, samples):
    Image.fromarray(samples["hats"][:60, :80]).save(tmp_path / "hats.png")
    (tmp_path / "hints.json").write_text(json.dumps({"photos": {"hats.png": [{"x": 9, "y": 9, "color": "red"}]}}))
    out = ("--model", "shapes", "--out", tmp_path / "hints.png")
    assert run("hint_pictures", "--data", tmp_path, "--hints", tmp_path / "hints.json", *out).startswith(str(tmp_path))
    run("hint_pictures", "--reference", tmp_path / "hats.png", tmp_path / "hats.png", *out)
