"""The benchmarks: each runs, in a process of its own, and prints its table. What they say is for people: nothing is timed."""

import json
import os
import pathlib
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

from benchmarks import beside, timing
from kcolor import color

ROOT = pathlib.Path(__file__).parents[1]
TENSORFLOW = keras.backend.backend() == "tensorflow"


def run(name, *arguments):
    """What ``python -m benchmarks.NAME`` prints."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_medians_spreads_and_ratios_by_hand():
    times = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert timing.median(times) == 3
    assert timing.spread(times) == pytest.approx(1 / 3)  # quartiles 2 and 4
    assert timing.spread([1.0]) == 0
    assert timing.ratio([1.0, 2.0, 4.0], [2.0, 6.0, 4.0]) == 2  # of 2, 3 and 1
    assert timing.rate(times, 6) == "2 ±33 %"


def test_sides_take_turns():
    order = []
    sides = {name: lambda name=name: order.append(name) for name in "ab"}
    times = timing.alternate(sides, rounds=3, seconds=0, warm=1)
    assert {name: len(found) for name, found in times.items()} == {"a": 3, "b": 3}
    assert "".join(order) == "aabb" + "abbaab"  # warm and calibrate; then to and fro


def test_a_table_is_aligned():
    assert timing.table([("a", 1), ("long", 23)], ("", "n")) == "       n\na      1\nlong  23"


@pytest.mark.slow
def test_color():
    report = run("color", "--quick")
    assert "RGB to Lab, 2×16×16×3" in report
    assert report.count("scikit-image, loop") == report.count("megapixels/s") == 2
    assert f"backend {keras.backend.backend()}" in report


@pytest.mark.slow
def test_train_step(tmp_path):
    report = run("train_step", "--quick", "--json", tmp_path / "x.json")
    found = json.loads((tmp_path / "x.json").read_text())["cases"]
    assert [(one["case"], one["policy"]) for one in found] == [
        (case, policy) for case in ("A-small", "A-large", "soft", "D1") for policy in ("float32", "mixed_bfloat16")
    ]
    assert all(rate > 0 for one in found for rate in one["pictures_per_second"].values())
    assert "transforms" in report.splitlines()[-9]


@pytest.mark.slow
def test_an_unknown_case_says_what_there_is():
    command = [sys.executable, "-m", "benchmarks.train_step", "--only", "B"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert result.returncode == 1
    assert "Expected one of A-small, A-large, soft, D1" in result.stderr


@pytest.mark.slow
def test_pipeline(tmp_path, samples):
    for n in range(7):
        Image.fromarray(np.roll(samples["hats"], n, axis=0)).save(tmp_path / f"{n}.jpg")
    report = run("pipeline", tmp_path, "--quick")
    if not TENSORFLOW:
        assert "needs the TensorFlow backend" in report
        return
    assert f"7 pictures from {tmp_path}" in report
    assert [line.split()[0] for line in report.splitlines()[-5:]] == ["encoded", "batches", "floor", "encoding", "loop"]


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="the same on every backend")
def test_colorize():
    printed = run("colorize", "--quick", "--rounds", "1", "--model", "shapes")
    rows = [line.split() for line in printed.splitlines() if line.strip().startswith("0.1")]
    assert [row[1] for row in rows] == ["kcolor", "by", "floor"]


@pytest.mark.slow
def test_an_album_is_killed_and_started_again(tmp_path, samples):
    """A real SIGKILL, ten broken files; the colorizer is the smallest that ships."""
    for n in range(24):
        Image.fromarray(np.roll(samples["hats"], 9 * n, axis=0)[:64, :64]).save(tmp_path / f"{n:02}.jpg")
    report = run("album", tmp_path, "--count", 24, "--model", "shapes")
    assert "24 photos, 10 of them broken" in report
    assert "(status -9)" in report
    assert "14 results, wrong ones: []" in report
    assert "of those that were done 0 done again; half-written files left: 0" in report
    assert report.count("kcolor: ") == 10


@pytest.mark.slow
def test_vividness(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo[:64, :64]).save(tmp_path / f"{i}.png")
    table = run("vividness", "shapes", "--data", tmp_path, "--share", "0.5", "--size", "64").splitlines()
    rows = {tuple(line.split()[:2]): list(map(float, line.split()[2:])) for line in table[2:]}
    assert table[1].split()[0] == "photo"
    assert len(rows) == 20
    assert (
        rows["0.25", "1.3"][2] > rows["0.25", "1.0"][2] > rows["1.0", "1.0"][2]
    )  # stronger, and less of a mean, is more vivid


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


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="TensorFlow makes the graphs")
def test_inference():
    report = run("inference", "--model", "shapes", "--sizes", "64", "--batches", "1", "3", "--rounds", "2")
    assert report.count("savedmodel") == report.count("onnx") == report.count("litert") == 4
    assert report.count("signature") == 3  # in the same folder as the first
    assert re.search(r"savedmodel +0 +0\.0000 %", report)
    assert "batch of 3" in report


@pytest.mark.slow
def test_edges(tmp_path, samples):
    Image.fromarray(samples["hats"][:90, :120]).save(tmp_path / "hats.png")
    assert run("edges", tmp_path / "hats.png", "--model", "shapes", "--out", tmp_path / "edges.png").startswith(str(tmp_path))
    with Image.open(tmp_path / "edges.png") as sheet:
        assert sheet.width > 3 * 270  # three ways, of the 90 pixels that there are, three times as large
