"""How fast Lab is."""

import keras
import pytest
from helpers.benchmarks import run


@pytest.mark.slow
def test_color():
    report = run("color", "--quick")
    assert "RGB to Lab, 2×16×16×3" in report
    assert report.count("scikit-image, loop") == report.count("megapixels/s") == 2
    assert f"backend {keras.backend.backend()}" in report
