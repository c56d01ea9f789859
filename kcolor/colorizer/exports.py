"""Exports under Keras's own names."""

from typing import Any

import keras

from kcolor.utils.types import PathLike

_FORMATS = {"tf_saved_model": "savedmodel", "onnx": "onnx", "litert": "litert"}


def export_as_keras_does(
    colorizer: keras.Model, filepath: PathLike, format: str, verbose: object, options: dict[str, Any]
) -> None:
    """Exports a colorizer as `Colorizer.export` says.

    Args:
        colorizer: `kcolor.Colorizer`.
        filepath: Path of the file or folder.
        format: String. Keras's name of the format.
        verbose: Whether to print where it was written.
        options: Dict of options of `kcolor.export`; of Keras's an `input_signature` of None.
    """
    if format not in _FORMATS:
        raise ValueError(f"Unknown `format`. Expected one of {sorted(_FORMATS)}. Received: {format!r}")
    if options.pop("input_signature", None) is not None:
        raise ValueError("A colorizer's exports take photos of any size (`size` fixes one). Leave `input_signature` out")
    import kcolor  # exporting stands above this package: it is asked for by its public name

    path = kcolor.export(colorizer, _FORMATS[format], filepath, **options)
    if verbose:
        print(f"Exported to {path}")
