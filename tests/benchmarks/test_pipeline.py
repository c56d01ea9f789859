"""From JPEG files to encoded bins."""

import numpy as np
import pytest
from helpers.benchmarks import TENSORFLOW, run
from PIL import Image


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
