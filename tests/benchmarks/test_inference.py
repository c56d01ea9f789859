"""Colouring by Keras, SavedModel, ONNX and LiteRT."""

import re

import pytest
from helpers.benchmarks import TENSORFLOW, run


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="TensorFlow makes the graphs")
def test_inference():
    report = run("inference", "--model", "shapes", "--sizes", "64", "--batches", "1", "3", "--rounds", "2")
    assert report.count("savedmodel") == report.count("onnx") == report.count("litert") == 4
    assert report.count("signature") == 3  # in the same folder as the first
    assert re.search(r"savedmodel +[01] +0\.\d{4} %", report)
    assert "batch of 3" in report
