"""The benchmark of films."""

import pytest
from helpers.benchmarks import run
from helpers.colorizers import painter
from helpers.films import in_color, panned
from PIL import Image


@pytest.mark.slow
def test_quality_speed_strip_and_clip(tmp_path):
    painter(size=32).save(tmp_path / "model.keras")
    (tmp_path / "pictures").mkdir()
    for number, frame in enumerate(in_color([panned(seed, 1, (120, 160))[0] for seed in range(3)])):
        Image.fromarray(frame).save(tmp_path / "pictures" / f"{number}.png")
    options = ["--pictures", tmp_path / "pictures", "--model", tmp_path / "model.keras"]
    options += ["--every", 1, "--scenes", 2, "--frames", 12]
    printed = run("video", "quality", *options, "--strip", tmp_path / "strip.jpg", "--clip", tmp_path / "clip.webp")
    assert "frame by frame" in printed
    assert "flicker: 1 / " in printed
    assert "480×360" in run("video", "speed", *options, "--sizes", "480×360")
    with Image.open(tmp_path / "clip.webp") as clip:
        assert clip.n_frames == 12
