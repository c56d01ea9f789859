"""Photos on their side: the network is trained and measured."""

import numpy as np
import pytest
from helpers.benchmarks import run
from PIL import Image


@pytest.mark.slow
def test_sideways(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo).save(tmp_path / f"{i}.png")
    assert "5 photos; " in run("sideways", "--test", tmp_path)
    out = tmp_path / "weights.npz"
    printed = run("sideways", "--test", tmp_path, "--train", tmp_path, "--epochs", "2", "--out", out)
    assert "of the upright ones wrongly" in printed
    with np.load(out) as arrays:
        assert arrays["kernel0"].shape == (612, 32)
