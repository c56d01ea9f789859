"""Keeps weights in half precision: half the size of a file, and the same pictures."""

import io
import pathlib
import tempfile
import zipfile

import h5py
import numpy as np

from kcolor.utils.types import PathLike

_WEIGHTS = "model.weights.h5"


def to_float16(values: np.ndarray, name: str) -> np.ndarray:
    """Returns weights as float16.

    >>> to_float16(np.ones((3, 3), "float32"), "kernel").dtype
    dtype('float16')

    Args:
        values: Array of floats.
        name: String. Name of the weights, for the message.

    Returns:
        Array of float16 of the same shape.

    Raises:
        ValueError: If a value is larger than float16 reaches.
    """
    largest = np.abs(values).max(initial=0.0)
    if largest > np.finfo(np.float16).max:
        raise ValueError(f"Expected weights that fit into half precision, up to 65504. Received: {name}, with {largest:g}")
    return values.astype("float16")


def convert_file_to_float16(source: PathLike, destination: PathLike) -> None:
    """Copies a ``.keras`` file with the kernels of its layers in float16: half the size.

    Loaded again the network is one of float32. Vectors stay as they are: the variances among them may be larger or smaller
    than float16 reaches.

    Args:
        source: Path of the file to read.
        destination: Path of the file to write.
    """
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(destination, "w") as after:
        for info in before.infolist():
            content = before.read(info)
            after.writestr(info, _convert_weights(content) if info.filename == _WEIGHTS else content)


def _convert_weights(content):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / _WEIGHTS
        with h5py.File(io.BytesIO(content)) as before, h5py.File(path, "w") as after:
            before.visititems(lambda name, item: _copy(name, item, after))
            _copy_attributes(before, after)
        return path.read_bytes()


def _copy(name, item, after):
    if isinstance(item, h5py.Group):
        _copy_attributes(item, after.require_group(name))
        return
    values = item[()]
    is_kernel = values.ndim > 1 and values.dtype == np.float32
    _copy_attributes(item, after.create_dataset(name, data=to_float16(values, name) if is_kernel else values))


def _copy_attributes(before, after):
    for name, value in before.attrs.items():
        after.attrs[name] = value
