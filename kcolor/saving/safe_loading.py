"""Reads ``.keras`` files of colorizers. A file is checked before anything is made of it.

Such files come from anywhere. Keras does not execute what is in them. The checks here add a message in words for files that
are damaged, that hold parts of other packages, or that are so large that making them would take all memory.
"""

import io
import json
import math
import pathlib
import tempfile
import zipfile

import h5py
import keras

from kcolor.utils.precision import recast
from kcolor.utils.types import PathLike

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MEMBERS = {_CONFIG, _WEIGHTS, "metadata.json"}
_LONGEST = 1 << 26  # bytes of a config
_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, RecursionError)  # of odd configs
_LARGEST = 1 << 28  # numbers in the largest picture that a network may ask for


def restore(path: pathlib.Path, precision: str | None = None, folder: PathLike | None = None) -> keras.Model:
    """Loads the model in a file.

    Args:
        path: Path of a ``.keras`` file.
        precision: String. Dtype policy for all layers. None keeps those that they were saved with.
        folder: Path of a folder in which its weights are unpacked for a moment. By default the system's.

    Returns:
        A Keras model, usually a `kcolor.Colorizer`.

    Raises:
        ValueError: If the file is damaged, holds parts of other packages, or is absurdly large. The message says which.
    """
    config, numbers = _contents(path)
    for part in _parts(config):
        part.pop("compile_config", None)  # colouring needs no loss, which may lie in a file that is not here
    for part in _parts(config):
        _check_known(part, path)
        _check_input(part, path)
    needed = sum(map(_weights_of, _parts(config)))
    if needed > numbers:
        raise ValueError(
            f"{path} is not loaded: its layers ask for {needed:,} weights at least, and it holds {numbers:,} numbers"
        )
    try:
        made = keras.saving.deserialize_keras_object(config if precision is None else recast(config, precision), safe_mode=True)
    except _ODD as error:
        raise ValueError(f"{path} is not loaded: {error}") from None
    if not isinstance(made, keras.Model):
        raise ValueError(f"{path} is not loaded: it holds a {type(made).__name__}. Expected a Keras model")
    with tempfile.TemporaryDirectory(dir=folder) as unpacked, zipfile.ZipFile(path) as file:
        weights = file.extract(_WEIGHTS, unpacked)  # from inside the zip Keras takes three times as long
        try:
            made.load_weights(weights)
        except _ODD as error:
            raise ValueError(f"{path} is not loaded, its weights do not fit: {error}") from None
    return made


def _contents(path):
    """Returns a file's config, and the number of its weights."""
    try:
        with zipfile.ZipFile(path) as file:
            strange = sorted(set(file.namelist()) - _MEMBERS)
            if strange or not {_CONFIG, _WEIGHTS} <= set(file.namelist()):
                raise ValueError(f"Expected {path} to hold {sorted(_MEMBERS)}. Received: {sorted(file.namelist())}")
            sizes = {info.filename: info for info in file.infolist()}
            if sizes[_CONFIG].file_size > _LONGEST or sizes[_WEIGHTS].file_size > 2 * sizes[_WEIGHTS].compress_size + 1024:
                raise ValueError(f"{path} is not loaded: unpacked it would be far larger than it is")
            config = json.loads(file.read(_CONFIG))
            with h5py.File(io.BytesIO(file.read(_WEIGHTS))) as weights:
                numbers = _numbers(weights, path)
    except (zipfile.BadZipFile, json.JSONDecodeError, UnicodeDecodeError, OSError, KeyError, RuntimeError) as error:
        raise ValueError(f"Expected {path} as a whole .keras file, as Colorizer.save writes it. {error}") from None
    return config, numbers


def _numbers(group, path):
    """Counts the numbers in a file of weights. Only those that are really there count."""
    total = 0
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ValueError(f"{path} is not loaded: its weights {name!r} lie in another file")
        item = group[name]
        if isinstance(item, h5py.Group):
            total += _numbers(item, path)
        elif item.is_virtual or item.external or item.nbytes > 2 * item.id.get_storage_size() + 1024:
            raise ValueError(f"{path} is not loaded: its weights {item.name!r} are not in it")
        else:
            total += item.size
    return total


def _parts(config):
    """Yields every dict in a config."""
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def _check_known(part, path):
    """Raises ValueError for a class that is neither Keras's nor registered, and for Lambda layers, which hold code."""
    if "class_name" not in part:
        return
    module, name = part.get("module"), part.get("registered_name")
    known = module is None or str(module).partition(".")[0] in ("keras", "builtins")
    known = known or keras.saving.get_registered_object(str(name)) is not None
    if not known or part["class_name"] in ("Lambda", "__lambda__"):
        raise ValueError(
            f"{path} is not loaded: it has a {part['class_name']} of {module}. Expected parts of Keras and kcolor, and what is "
            "registered by keras.saving.register_keras_serializable"
        )


def _check_input(part, path):
    shape = (part.get("config") or {}).get("batch_shape") if isinstance(part.get("config"), dict) else None
    if isinstance(shape, list) and math.prod(side for side in shape if isinstance(side, int)) > _LARGEST:
        raise ValueError(f"{path} is not loaded: it asks for pictures of {shape}")


def _weights_of(part):
    """Counts the weights of a layer's kernel by its config. Layers without a kernel, or with another kind, count 0."""
    config, built = part.get("config"), part.get("build_config")
    if not (isinstance(config, dict) and isinstance(built, dict)):
        return 0
    count, shape = config.get("filters", config.get("units")), built.get("input_shape")
    kernel = config.get("kernel_size", [])
    channels = shape[-1] if isinstance(shape, list) and shape and isinstance(shape[-1], int) else 1
    sides = [kernel] if isinstance(kernel, int) else kernel
    return math.prod(sides) * channels * count // max(1, config.get("groups", 1)) if isinstance(count, int) else 0
