"""Writes a colorizer as a file that other programs run, without kcolor and without Keras.

The whole job is in it: 8-bit photos of any size in, 8-bit photos of that size out.
"""

import pathlib
import tempfile
from collections.abc import Callable

import keras

from kcolor.colorizer.colorizer import Colorizer
from kcolor.exporting import formats, litert, onnx, savedmodel
from kcolor.exporting.hinted import check_hints
from kcolor.images.sizes import check_size
from kcolor.saving.float16 import convert_file_to_float16
from kcolor.saving.load import as_colorizer
from kcolor.utils import precision
from kcolor.utils.files import replace_all
from kcolor.utils.types import PathLike


def export(
    model: PathLike | Colorizer,
    format: str = "savedmodel",
    out: PathLike | None = None,
    *,
    float16: bool = False,
    size: int | tuple[int, int] | None = None,
    hints: int | None = None,
    overwrite: bool = False,
) -> pathlib.Path:
    """Writes a colorizer for other programs.

    >>> path = kcolor.export("shapes", "keras", tmp_path / "small.keras", float16=True)
    >>> path.name
    'small.keras'

    Args:
        model: A `kcolor.Colorizer`, or what `kcolor.load` takes: a name, a file, or the folder of a run.
        format: String. ``"savedmodel"``, a folder for TensorFlow and TensorFlow Serving; ``"onnx"``; ``"litert"``
            (``.tflite``); or ``"keras"``, for Python with kcolor. `kcolor.exporting.signatures` says how the first three are
            called.
        out: Path. By default ``NAME-savedmodel``, ``NAME.onnx``, … in the current folder.
        float16: Boolean. Whether to keep the weights in half precision: half the size. They are computed with in float32.
        size: Size of all photos, if a program has photos of one size: an integer for squares, or ``(height, width)``. By
            default photos may have any size.
        hints: Integer. Whether there is a graph that takes so many hints, too (`kcolor.exporting.hinted`): a signature
            ``hinted`` of a SavedModel, or a third file, ``NAME-hinted.onnx``. None leaves it out.
        overwrite: Boolean. Whether to replace what is there.

    Returns:
        Path of what was written. Beside an ONNX file there is a second one, ``NAME-network.onnx``.

    Raises:
        ValueError: If an argument is wrong, or the colorizer has an operation that the format does not know.
        FileExistsError: If something is there and `overwrite` is False.
        ImportError: If the package that writes the format is not installed.
    """
    name = model.name if isinstance(model, Colorizer) else model
    out = formats.destination(name, format, out, overwrite, hints is not None)
    if keras.backend.backend() != "tensorflow" and format != "keras":
        raise ValueError(
            "TensorFlow makes the graphs, of colorizers that were trained with any backend. Expected "
            f"KERAS_BACKEND=tensorflow. Received: {keras.backend.backend()}"
        )
    if size is not None and format == "keras":
        raise ValueError("Expected `size` for savedmodel, onnx or litert: a .keras file takes photos of any size")
    size = None if size is None else check_size(size)
    colorizer = as_colorizer(model)
    # Programs that run it may not know other precisions.
    plain = precision.computing_in(colorizer.for_inference(), "float32")
    check_hints(hints, format, plain)
    more = {} if hints is None else {"hints": int(hints)}
    replace_all(out, lambda half_written: _WRITERS[format](plain, half_written, size, float16, **more))
    return out


def _write_keras(colorizer, out, size, float16):
    if not float16:
        colorizer.save(out)
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder) / "whole.keras"
        colorizer.save(whole)
        convert_file_to_float16(whole, out)


# By format: functions of a colorizer, the path to write to, the photos' size or None, and whether weights become float16.
_WRITERS: dict[str, Callable] = {
    "savedmodel": savedmodel.write,
    "onnx": onnx.write,
    "litert": litert.write,
    "keras": _write_keras,
}
