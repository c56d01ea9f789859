"""LiteRT (TensorFlow Lite): a file for telephones and small computers, with two signatures."""

import pathlib
import tempfile

from kcolor.exporting.signatures import signatures


def write(colorizer, path, size=None, half=False) -> None:
    """Writes a ``.tflite`` file with the signatures ``serving_default`` and ``network``."""
    import tensorflow as tf

    functions = {name: function for name, function in signatures(colorizer, size).items() if name != "serving_jpeg"}
    module = tf.Module()
    module.kept = functions["serving_default"].weights
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=functions)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(functions))
        if half:
            converter.optimizations, converter.target_spec.supported_types = [tf.lite.Optimize.DEFAULT], [tf.float16]
        pathlib.Path(path).write_bytes(converter.convert())
