"""SavedModel: a folder for whatever has TensorFlow, in Python, C++ or Java, and for TensorFlow Serving."""

from kcolor.exporting.signatures import signatures


def write(colorizer, folder, size=None, half=False) -> None:
    """Writes a SavedModel with `signatures`; loaded in Python, it has them as functions, too."""
    import tensorflow as tf

    module, functions = tf.Module(), signatures(colorizer, size, half)
    module.kept = functions["serving_default"].weights
    module.serve = functions["serving_default"]
    tf.saved_model.save(module, str(folder), signatures=functions)
