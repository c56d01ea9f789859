"""Weights in half precision."""

import zipfile

import numpy as np
import pytest
from helpers.colorizers import small

import kcolor
from kcolor.saving import float16


def test_half_the_size_and_nearly_the_same_weights(tmp_path):
    made = kcolor.Colorizer(kcolor.models.build("unet", "lab", filters=(32, 64)), kcolor.targets.get("lab"))
    made.save(tmp_path / "whole.keras")
    float16.convert_file_to_float16(tmp_path / "whole.keras", tmp_path / "half.keras")
    assert (tmp_path / "half.keras").stat().st_size < 0.7 * (tmp_path / "whole.keras").stat().st_size
    loaded = kcolor.load(tmp_path / "half.keras")
    for weight, other in zip(loaded.network.weights, made.network.weights, strict=True):
        assert weight.dtype == "float32"
        exact = len(weight.shape) == 1  # vectors are kept as they are
        assert np.allclose(weight, other, rtol=0 if exact else 1e-3, atol=0 if exact else 1e-6)


def test_only_the_weights_differ(tmp_path):
    small().save(tmp_path / "whole.keras")
    float16.convert_file_to_float16(tmp_path / "whole.keras", tmp_path / "half.keras")
    with zipfile.ZipFile(tmp_path / "whole.keras") as before, zipfile.ZipFile(tmp_path / "half.keras") as after:
        assert before.namelist() == after.namelist()
        assert [name for name in before.namelist() if before.read(name) != after.read(name)] == ["model.weights.h5"]


def test_what_half_precision_cannot_hold_is_named():
    with pytest.raises(ValueError, match="Expected weights that fit into half precision, .*Received: kernel, with 70000"):
        float16.to_float16(np.array([1.0, -7e4]), "kernel")
    assert float16.to_float16(np.zeros(0), "empty").dtype == np.float16
