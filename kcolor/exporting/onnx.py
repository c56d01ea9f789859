"""ONNX: files for onnxruntime and many others. A file has one graph, so there are two: the whole job, the network alone."""

import importlib

from kcolor.exporting.signatures import signatures
from kcolor.saving.float16 import halved

OPSET = 18


def write(colorizer, path, size=None, half=False) -> None:
    """Writes ``NAME.onnx``, photos to coloured ones, and ``NAME-network.onnx``, what the network sees to its raw answer."""
    tf2onnx = _converter()
    functions = signatures(colorizer, size)
    for name, place in (("serving_default", path), ("network", beside(path))):
        model, _ = tf2onnx.convert.from_function(functions[name], functions[name].input_signature, opset=OPSET)
        if half:
            _halve(model.graph)
        model.producer_name = "kcolor"
        _check(model)
        place.write_bytes(model.SerializeToString())


def beside(path):
    """Where the network alone lies."""
    return path.with_stem(f"{path.stem}-network")


def _converter():
    try:
        return importlib.import_module("tf2onnx")
    except ImportError:
        raise ImportError("tf2onnx is not installed. Install it with: pip install 'kcolor[onnx]'") from None


def _check(model):
    """tf2onnx writes what it cannot translate as it is, and only says so."""
    import onnx

    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise ValueError(
            f"This colorizer has an operation that ONNX does not know: {str(error).partition(chr(10))[0]}"
        ) from None


def _halve(graph):
    """Keeps kernels as float16, and casts each where it is used."""
    import onnx
    from onnx import numpy_helper

    casts = []
    kernels = [tensor for tensor in graph.initializer if len(tensor.dims) > 1]
    for tensor in [kernel for kernel in kernels if kernel.data_type == onnx.TensorProto.FLOAT]:
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(halved(numpy_helper.to_array(tensor), name), f"{name}/half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}/half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
