"""SavedModel: a folder for programs with TensorFlow, in Python, C++ or Java, and for TensorFlow Serving."""

import pathlib

from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.inference import Inference
from kcolor.colorizer.painting import PIXELS_AT_ONCE
from kcolor.exporting.painting import paint_in_graph
from kcolor.exporting.signatures import Weights, photos_spec, signatures, three_channels
from kcolor.images.graph_sizes import ceiling

_POWERS = [1 << power for power in range(31)]


def write(
    colorizer: Colorizer,
    folder: pathlib.Path,
    size: tuple[int, int] | None = None,
    half: bool = False,
    hints: int | None = None,
) -> None:
    """Writes a SavedModel with `signatures`. In Python it also has the functions ``colorize`` and ``serve``.

    Args:
        colorizer: A `kcolor.Colorizer` that computes in float32.
        folder: Path of the folder.
        size: Pair of integers. The photos' (height, width), or None for photos of any size.
        half: Boolean. Whether to keep the weights in half precision.
        hints: Integer. Number of hints that the signature ``hinted`` takes. None leaves it out.
    """
    import tensorflow as tf

    module, weights = tf.Module(), Weights(colorizer, half)
    functions = signatures(colorizer, size, weights, hints=hints)
    module.kept = weights.variables
    module.serve, module.colorize = functions["serving_default"], _colorize(colorizer, weights, size)
    tf.saved_model.save(module, str(folder), signatures=functions)


def _colorize(colorizer, weights, size):
    """Returns `Colorizer.colorize` as a function, the same to one level of 255: large photos are painted in pieces.

    It is no signature, because XLA compiles those pieces, and TensorFlow Serving has XLA only if it is told so.
    """
    import tensorflow as tf

    inference = Inference(colorizer.forward_pass)
    whole = paint_in_graph(colorizer.target, size is not None) or inference.painter.whole
    in_pieces = _in_pieces(inference.painter)

    def paint(*given):
        large = tf.reduce_prod(tf.shape(given[1])[1:3]) > PIXELS_AT_ONCE
        return tf.cond(large, lambda: in_pieces(*given), lambda: whole(*given))

    @tf.function(input_signature=[photos_spec(size)], autograph=False)
    def colorize(photos):
        with weights.in_use():
            return inference.in_graph(three_channels(photos), paint)

    return colorize


def _in_pieces(painter):
    """Returns the way in which `painter` paints a large photo, as a function of a batch and for TensorFlow's graphs."""
    import tensorflow as tf

    compiled = tf.function(painter.piece, jit_compile=True, autograph=False)

    def paint(coefficients, photo):
        sizes = [*tf.unstack(tf.shape(coefficients)[:2]), *tf.unstack(tf.shape(photo)[:2])]
        cells, total = sizes[0] * sizes[1], sizes[2] * sizes[3]
        table = tf.reshape(coefficients, (-1, coefficients.shape[-1]))
        table = tf.pad(table, [[0, tf.reduce_min(tf.boolean_mask(_POWERS, tf.constant(_POWERS) >= cells)) - cells], [0, 0]])
        count = ceiling(total, PIXELS_AT_ONCE)
        pixels = tf.reshape(
            tf.pad(tf.reshape(photo, (-1, 3)), [[0, count * PIXELS_AT_ONCE - total], [0, 0]]), (count, PIXELS_AT_ONCE, 3)
        )

        def piece(number):
            return compiled({"table": table, "pixels": pixels[number], "where": tf.stack([*sizes, number * PIXELS_AT_ONCE])})

        painted = _one_by_one(piece, tf.range(count), (PIXELS_AT_ONCE, 3))
        return tf.reshape(tf.reshape(painted, (-1, 3))[:total], tf.shape(photo))

    return lambda coefficients, batch: _one_by_one(lambda pair: paint(*pair), (coefficients, batch), (None, None, 3))


def _one_by_one(function, elements, shape):
    import tensorflow as tf

    spec = tf.TensorSpec(shape, tf.uint8)
    return tf.map_fn(function, elements, fn_output_signature=spec, parallel_iterations=1)
