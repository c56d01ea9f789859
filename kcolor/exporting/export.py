"""Export: a colorizer as a file that other programs run, without kcolor and without Keras.

The whole job is in it: 8-bit photos of any size in, 8-bit photos of that size out.
"""

import os
import pathlib
import shutil
import tempfile

import keras

from kcolor.colorizer.colorizer import Colorizer
from kcolor.exporting import litert, onnx, savedmodel
from kcolor.images.sizes import check_size
from kcolor.saving.float16 import halve
from kcolor.saving.load import load
from kcolor.utils import precision
from kcolor.utils.files import make_folder

# By name: what a file of it is called after the model, and what writes one.
FORMATS = {
    "savedmodel": ("-savedmodel", savedmodel.write),
    "onnx": (".onnx", onnx.write),
    "litert": (".tflite", litert.write),
    "keras": (".keras", lambda colorizer, out, size, half: _write_keras(colorizer, out, half)),
}


def export(model, format="savedmodel", out=None, *, float16=False, size=None, overwrite=False) -> pathlib.Path:
    """Writes a colorizer for other programs.

    Args:
        model: a `Colorizer`, or what `kcolor.load` takes: a name, a file, the folder of a run.
        format: ``"savedmodel"``, a folder for TensorFlow and TensorFlow Serving; ``"onnx"``; ``"litert"`` (``.tflite``);
            ``"keras"``, for Python with kcolor. The first three are asked as `kcolor.exporting.signatures` says.
        out: where; by default ``NAME-savedmodel``, ``NAME.onnx``, … in the current folder.
        float16: keep the weights in half precision: half the size. What is computed with them stays in float32.
        size: of the photos, ``N`` for squares or ``(height, width)``, where whoever runs it wants one size; any by default.
        overwrite: replace what is there.

    Returns:
        The path of what was written. Beside an ONNX file there is a second one, ``NAME-network.onnx``.
    """
    if format not in FORMATS:
        raise ValueError(f"Unknown `format`. Expected one of {sorted(FORMATS)}. Received: {format!r}")
    if keras.backend.backend() != "tensorflow" and format != "keras":
        raise ValueError(
            f"Graphs are made by TensorFlow; any backend's model will do. Expected KERAS_BACKEND=tensorflow. Received: "
            f"{keras.backend.backend()}"
        )
    colorizer = model if isinstance(model, Colorizer) else load(model)
    suffix, write = FORMATS[format]
    out = pathlib.Path(out if out is not None else f"{_name(model)}{suffix}")
    size = None if size is None else check_size(size)
    there = [str(path) for path in written(out, format) if path.exists()]
    if there and not overwrite:
        raise FileExistsError(f"{' and '.join(there)} is there already. Choose another --out, or replace it (--overwrite)")
    # What runs it may know nothing of other precisions.
    plain = precision.computing_in(colorizer.for_inference(), "float32")
    _whole(out, lambda half_written: write(plain, half_written, size, float16))
    return out


def written(path, format) -> list[pathlib.Path]:
    """All that an export to this path writes."""
    path = pathlib.Path(path)
    return [path, onnx.beside(path)] if format == "onnx" else [path]


def size_on_disk(path) -> int:
    """Bytes of a file, or of all files in a folder."""
    path = pathlib.Path(path)
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


def _name(model):
    if isinstance(model, Colorizer):
        return model.name
    path = pathlib.Path(model)
    return path.resolve().name if path.is_dir() else path.stem


def _write_keras(colorizer, out, half):
    if not half:
        colorizer.save(out)
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder) / "whole.keras"
        colorizer.save(whole)
        halve(whole, out)


def _whole(out, write):
    """Whatever is written, a file or several, or a folder, is written in a folder beside its place and then moved there."""
    folder = make_folder(out.parent)
    here = folder / f".{out.name}.half"  # what a kill leaves, the next export of that name sweeps up
    shutil.rmtree(here, ignore_errors=True)
    (here / "old").mkdir(parents=True)
    (here / "new").mkdir()
    try:
        write(here / "new" / out.name)
        for made in (here / "new").iterdir():
            place = folder / made.name
            if place.is_dir():  # a folder cannot be renamed onto another
                place.rename(here / "old" / made.name)
            os.replace(made, place)
    finally:
        shutil.rmtree(here, ignore_errors=True)
