"""LiteRT: colorizers trained in other precisions, and what it cannot run."""

import numpy as np
import pytest
from helpers.colorizers import tiny
from helpers.exports import batches, most_levels, needs_tensorflow, run_alone

import kcolor
from benchmarks import inference
from kcolor import targets
from kcolor.utils.precision import computing_in


@pytest.mark.slow
@needs_tensorflow
def test_litert_says_where_it_needs_a_size(samples, tmp_path):
    """Keras's enlargement by repetition forgets how many channels there are if it does not know the size."""
    target = targets.get("rgb", keep_lightness=False)
    colorizer = tiny(target, "autoencoder", size=64, network_options={"input_channels": 3})
    with pytest.raises(ValueError, match="LiteRT cannot run this colorizer: Conv2D; with photos of one size it may do"):
        kcolor.export(colorizer, "litert", tmp_path / "it.tflite")
    assert list(tmp_path.iterdir()) == []
    path = kcolor.export(colorizer, "litert", tmp_path / "it.tflite", size=(90, 77))
    photos = samples["beach"][None, :90, :77]
    assert most_levels([inference.runtime("litert", path)(photos)], colorizer, [photos]) <= 2


@pytest.mark.slow
@needs_tensorflow
def test_trained_in_mixed_precision(samples, policy, tmp_path):
    policy("mixed_bfloat16")
    colorizer = tiny(size=48)
    policy("float32")
    path = kcolor.export(colorizer, "litert", tmp_path / "mixed.tflite")
    found, _ = run_alone("litert", path, batches(samples)[1:2], np.zeros((1, 8, 8, 1), "float32"))
    assert most_levels(found, computing_in(colorizer, "float32"), batches(samples)[1:2]) <= 1
