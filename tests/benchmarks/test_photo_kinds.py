"""How many photos are taken for grey, toned and in colour."""

import pytest
from helpers.benchmarks import run
from PIL import Image


@pytest.mark.slow
def test_photo_kinds(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo).save(tmp_path / f"{i}.png")
    Image.fromarray(photo).convert("L").save(tmp_path / "gray.png")
    printed = run("photo_kinds", tmp_path)
    assert "1 gray, 0 toned, 5 color" in printed
    assert "ms a photo" in printed
