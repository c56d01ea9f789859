"""LiteRT (TensorFlow Lite): a file for telephones and small computers, with two signatures."""

import pathlib
import re
import tempfile

from kcolor.colorizer.colorizer import Colorizer
from kcolor.exporting.signatures import signatures


def write(colorizer: Colorizer, path: pathlib.Path, size: tuple[int, int] | None = None, half: bool = False) -> None:
    """Writes a ``.tflite`` file with the signatures ``serving_default`` and ``network``.

    Args:
        colorizer: A `kcolor.Colorizer` that computes in float32.
        path: Path of the file.
        size: Pair of integers. The photos' (height, width), or None for photos of any size.
        half: Boolean. Whether to keep the weights in half precision.

    Raises:
        ValueError: If the colorizer has an operation that LiteRT does not know.
    """
    import tensorflow as tf

    batch = None if size is None else 1  # either all sides of a shape are known or none is
    functions = signatures(colorizer, size, batch=batch)
    functions.pop("serving_jpeg", None)
    module = tf.Module()
    module.kept = functions["serving_default"].weights
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=functions)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(functions))
        if half:
            converter.optimizations, converter.target_spec.supported_types = [tf.lite.Optimize.DEFAULT], [tf.float16]
        path.write_bytes(_converted(converter, size))


def _converted(converter, size):
    """Converts. TensorFlow's error is pages of an intermediate language; one line of it names the operation."""
    from tensorflow.lite.python.convert_phase import ConverterError

    try:
        return converter.convert()
    except ConverterError as error:
        unknown = re.findall(r"(?:TF Select|Custom) ops: (.*)", str(error)) or [str(error).partition("\n")[0][:200]]
        advice = "" if size else "; with photos of one size it may do: give a `size`, for instance 480x640"
        raise ValueError(f"LiteRT cannot run this colorizer: {', '.join(unknown)}{advice}") from None
