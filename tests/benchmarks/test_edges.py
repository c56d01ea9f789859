"""Where colour meets edges."""

import pytest
from helpers.benchmarks import run
from PIL import Image


@pytest.mark.slow
def test_edges(tmp_path, samples):
    Image.fromarray(samples["hats"][:90, :120]).save(tmp_path / "hats.png")
    assert run("edges", tmp_path / "hats.png", "--model", "shapes", "--out", tmp_path / "edges.png").startswith(str(tmp_path))
    with Image.open(tmp_path / "edges.png") as sheet:
        assert sheet.width > 3 * 270  # three ways, of the 90 pixels that there are, three times as large
