"""ONNX: two files, in the format that they say, and what is missing is named."""

import pathlib
import sys

import pytest
from helpers.colorizers import small, tiny
from helpers.exports import needs_tensorflow

import kcolor
from kcolor.exporting.formats import network_beside
from kcolor.exporting.onnx import OPSET


@pytest.mark.slow
@needs_tensorflow
def test_kernels_in_float16_are_cast_where_they_are_used(tmp_path):
    onnx = pytest.importorskip("onnx")
    path = kcolor.export(tiny(size=48), "onnx", tmp_path / "it.onnx", float16=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["it-network.onnx", "it.onnx"]
    for file in (path, network_beside(path)):
        model = onnx.load(file)
        assert model.producer_name == "kcolor"
        assert [one.version for one in model.opset_import if one.domain == ""] == [OPSET]
        kernels = [one for one in model.graph.initializer if one.name.endswith("/half")]
        assert kernels
        assert {one.data_type for one in kernels} == {onnx.TensorProto.FLOAT16}
        casts = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type == "Cast"}
        assert all(casts[one.name] == one.name.removesuffix("/half") for one in kernels)


@needs_tensorflow
def test_without_tf2onnx_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(ImportError, match="pip install tf2onnx"):
        kcolor.export(small(), "onnx", tmp_path / "it.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_network_lies_beside():
    assert network_beside(pathlib.Path("out/photo.onnx")) == pathlib.Path("out/photo-network.onnx")
