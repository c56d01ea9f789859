"""LiteRT (TensorFlow Lite): a file for telephones and small computers, with two signatures."""

import pathlib
import re
import tempfile

from kcolor.exporting.signatures import signatures


def write(colorizer, path, size=None, half=False) -> None:
    """Writes a ``.tflite`` file with the signatures ``serving_default`` and ``network``."""
    import tensorflow as tf

    batch = None if size is None else 1  # where sizes have to be known, all of them have to be
    functions = signatures(colorizer, size, batch=batch)
    functions.pop("serving_jpeg", None)
    module = tf.Module()
    module.kept = functions["serving_default"].weights
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=functions)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(functions))
        if half:
            converter.optimizations, converter.target_spec.supported_types = [tf.lite.Optimize.DEFAULT], [tf.float16]
        pathlib.Path(path).write_bytes(_converted(converter, size))


def _converted(converter, size):
    """What cannot be converted comes as pages of an intermediate language, with one line that says what it was."""
    from tensorflow.lite.python.convert_phase import ConverterError

    try:
        return converter.convert()
    except ConverterError as error:
        unknown = re.findall(r"(?:TF Select|Custom) ops: (.*)", str(error)) or [str(error).partition("\n")[0][:200]]
        advice = "" if size else "; with photos of one size it may do: give a size (--size 480x640)"
        raise ValueError(f"LiteRT cannot run this colorizer: {', '.join(unknown)}{advice}") from None
