"""ONNX: files for onnxruntime and many other programs.

An ONNX file has one graph, so there are two files: one for the whole job, one for the network alone.
"""

import importlib
import pathlib

from kcolor.colorizer.colorizer import Colorizer
from kcolor.exporting.formats import beside
from kcolor.exporting.signatures import signatures
from kcolor.saving.float16 import to_float16

OPSET = 18
_WITH_KERNELS = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def write(
    colorizer: Colorizer,
    path: pathlib.Path,
    size: tuple[int, int] | None = None,
    half: bool = False,
    hints: int | None = None,
) -> None:
    """Writes ``NAME.onnx``, from photos to coloured photos, and ``NAME-network.onnx``, from luma to the raw output.

    With hints there is ``NAME-hinted.onnx``, too.

    Args:
        colorizer: A `kcolor.Colorizer` that computes in float32.
        path: Path of the first file.
        size: Pair of integers. The photos' (height, width), or None for photos of any size.
        half: Boolean. Whether to keep the weights in half precision.
        hints: Integer. Number of hints that the third file takes. None leaves it out.

    Raises:
        ImportError: If tf2onnx is not installed.
        ValueError: If the colorizer has an operation that ONNX does not know.
    """
    tf2onnx = _converter()
    functions = signatures(colorizer, size, hints=hints)
    places = {"serving_default": path, "network": beside(path, "network")}
    if hints is not None:
        places["hinted"] = beside(path, "hinted")
    for name, place in places.items():
        model, _ = tf2onnx.convert.from_function(functions[name], functions[name].input_signature, opset=OPSET)
        if half:
            _keep_in_float16(model.graph)
        model.producer_name = "kcolor"
        _check(model)
        place.write_bytes(model.SerializeToString())


def _converter():
    try:
        return importlib.import_module("tf2onnx")
    except ImportError:
        raise ImportError("tf2onnx is not installed. Install it with: pip install tf2onnx") from None


def _check(model):
    """Raises ValueError for an operation that tf2onnx could not translate: it keeps that as it is, and only logs it."""
    import onnx

    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise ValueError(
            f"This colorizer has an operation that ONNX does not know: {str(error).partition(chr(10))[0]}"
        ) from None


def _keep_in_float16(graph):
    """Stores kernels as float16, and casts each one where it is used. Tables stay as they are."""
    import onnx
    from onnx import numpy_helper

    casts = []
    used = {name for node in graph.node if node.op_type in _WITH_KERNELS for name in node.input}
    kernels = [tensor for tensor in graph.initializer if tensor.name in used and len(tensor.dims) > 1]
    for tensor in [kernel for kernel in kernels if kernel.data_type == onnx.TensorProto.FLOAT]:
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(to_float16(numpy_helper.to_array(tensor), name), f"{name}/half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}/half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
