"""Colorizers at equal colourfulness."""

import json

import pytest
from helpers.benchmarks import run
from PIL import Image


@pytest.mark.slow
def test_equal_colorfulness(tmp_path, samples):
    folder = tmp_path / "photos"
    folder.mkdir()
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo[:64, :64]).save(folder / f"{i}.png")
    report = tmp_path / "report.json"
    options = ["--size", "32", "--limit", "3", "--temperature", "0.25", "1", "--tint", "0.5", "--json", report]
    options += ["--aged", "grain", "blur", "--smooth-grain", "yes"]
    table = run("equal_colorfulness", "shapes", "--data", folder, *options)
    (found,) = json.loads(report.read_text()).values()
    assert list(found["rows"]) == ["grey", *(f"shapes, tint 0.5, seen without grain T {t}" for t in (0.25, 1))]
    assert found["count"] == 3
    assert "saturation" in table
    wanted = 0.9 * found["colorfulness"]["mean"]
    last = found["rows"]["shapes, tint 0.5, seen without grain T 1"]
    assert last["metrics"]["colorfulness"]["mean"] == pytest.approx(wanted, rel=0.01)
