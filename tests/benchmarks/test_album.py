"""A whole album, killed and started again."""

import numpy as np
import pytest
from helpers.benchmarks import run
from PIL import Image


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
