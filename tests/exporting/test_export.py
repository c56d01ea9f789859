"""Export: what other programs make of it, in processes that have neither kcolor nor Keras."""

import dataclasses
import sys

import keras
import numpy as np
import pytest
from helpers.colorizers import small, tiny
from helpers.exports import RUN, batches, most_levels, needs_tensorflow, run_alone

import kcolor
from kcolor.exporting.formats import SUFFIXES, size_on_disk, written
from kcolor.recipes.build import count_weights

TENSORFLOW = keras.backend.backend() == "tensorflow"


def calm(colorizer):
    """A colorizer of bins that takes their mean: where the likeliest bin is taken, a hair decides between two colours."""
    target = dataclasses.replace(colorizer.target, decoding="annealed_mean", temperature=0.4)
    return kcolor.Colorizer(colorizer.network, target, size=colorizer.size)


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.graphs if kind == "savedmodel" else pytest.mark.slow) for kind in RUN]
)
def test_other_programs_colour_as_the_colorizer_does(kind, samples, tmp_path):
    photos, luma = batches(samples), np.random.default_rng(0).random((1, 32, 48, 1), "float32")
    colorizer = calm(kcolor.load("shapes"))
    path = kcolor.export(colorizer, kind, tmp_path / f"made{SUFFIXES[kind]}")
    found, raw = run_alone(kind, path, photos, luma)
    assert most_levels(found, colorizer, photos) <= 1
    assert np.abs(raw - keras.ops.convert_to_numpy(colorizer.network(luma))).max() < 1e-3
    assert all(part.dtype == np.uint8 for part in found)


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize("kind", RUN)
def test_half_the_size_and_the_same_pictures(kind, samples, tmp_path):
    colorizer = tiny(network_options={"filters": (64, 128)})
    path = kcolor.export(colorizer, kind, tmp_path / f"half{SUFFIXES[kind]}", float16=True)
    whole = 4 * count_weights(colorizer.network)  # bytes, in each file
    assert all(weigh(file) < 0.75 * whole for file in written(path, kind))
    photos = batches(samples)[1:2]
    found, _ = run_alone(kind, path, photos, np.zeros((1, 8, 8, 1), "float32"))
    assert most_levels(found, colorizer, photos) <= 4  # of the wild colours of random weights


def weigh(path):
    """Bytes of an export's weights; a SavedModel's graph is as large either way."""
    return size_on_disk(path / "variables" if path.is_dir() else path)


@pytest.mark.parametrize("half", [False, True])
def test_keras_is_a_format_too(half, tmp_path, policy):
    policy("mixed_bfloat16")
    colorizer = small()
    policy("float32")
    path = kcolor.export(colorizer, "keras", tmp_path / "plain.keras", float16=half)
    loaded = kcolor.load(path, precision=None)
    assert {layer.compute_dtype for layer in loaded.network.layers} == {"float32"}
    for one, other in zip(loaded.get_weights(), colorizer.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-3 if half else 0)
    assert size_on_disk(path) == path.stat().st_size
    assert written(path, "keras") == [path]


def test_exporting_refuses(tmp_path, monkeypatch):
    with pytest.raises(
        ValueError, match="Unknown `format`. Expected one of .*'litert', 'onnx', 'savedmodel'.*Received: 'pickle'"
    ):
        kcolor.export(small(), "pickle")
    with pytest.raises(ValueError, match="Expected a .keras file, the folder of a run"):
        kcolor.export("nothing", "keras", tmp_path / "it.keras")
    with pytest.raises(ValueError, match=r"`size` as a number of pixels or \(height, width\). Received: \(3, 0\)"):
        kcolor.export(small(), "savedmodel", tmp_path / "it", size=(3, 0))
    with pytest.raises(ValueError, match="Expected `size` for savedmodel, onnx or litert"):
        kcolor.export(small(), "keras", tmp_path / "it.keras", size=64)
    (tmp_path / "it.keras").write_text("there")
    with pytest.raises(
        FileExistsError, match=r"it.keras is there already. Choose another place \(`out`\), or replace it \(`overwrite=True`\)"
    ):
        kcolor.export(small(), "keras", tmp_path / "it.keras")
    assert (tmp_path / "it.keras").read_text() == "there"
    (tmp_path / "other-network.onnx").write_text("there")
    if TENSORFLOW:
        with pytest.raises(FileExistsError, match="other-network.onnx is there already"):
            kcolor.export(small(), "onnx", tmp_path / "other.onnx")
    (tmp_path / "other-network.onnx").unlink()
    kcolor.export(small(), "keras", tmp_path / "it.keras", overwrite=True)
    assert type(kcolor.load(tmp_path / "it.keras")) is kcolor.Colorizer
    if TENSORFLOW:
        monkeypatch.setitem(sys.modules, "tf2onnx", None)
        with pytest.raises(ImportError, match="pip install tf2onnx"):
            kcolor.export(small(), "onnx", tmp_path / "it.onnx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it.keras"]  # no halves


@pytest.mark.skipif(TENSORFLOW, reason="other backends are refused")
def test_a_backend_that_cannot_says_which_can(tmp_path):
    with pytest.raises(ValueError, match="Expected KERAS_BACKEND=tensorflow"):
        kcolor.export(small(), "savedmodel", tmp_path / "saved")
