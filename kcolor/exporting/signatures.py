"""The functions of an exported colorizer: from photos to photos, from JPEG to JPEG, and the network alone."""

import contextlib
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.inference import Inference
from kcolor.exporting.hinted import EXPORTED_COLUMNS, hinted_in_graph
from kcolor.exporting.painting import paint_in_graph
from kcolor.saving.float16 import to_float16
from kcolor.utils.types import Tensor

QUALITY = 95  # of the JPEG files that `serving_jpeg` returns


def signatures(
    colorizer: Colorizer,
    size: tuple[int, int] | None = None,
    weights: "Weights | None" = None,
    batch: int | None = None,
    hints: int | None = None,
) -> dict[str, Any]:
    """Returns a colorizer as TensorFlow functions, under the names that servers call them by.

    Args:
        colorizer: A `kcolor.Colorizer` that computes in float32.
        size: Pair of integers. The photos' (height, width), for formats that have to know it. By default any size will do.
        weights: The colorizer's `Weights`. By default they are kept as they are.
        batch: Integer. Photos in a batch, for formats that have to know it. By default any number will do.
        hints: Integer. Number of hints that the function ``hinted`` takes. None leaves it out.

    Returns:
        Dict of functions. ``serving_default`` takes ``photos``, uint8 ``(batch, height, width, 1 or 3)``, and returns
        ``colored``, uint8 ``(batch, height, width, 3)``. ``network`` takes what the network sees and returns its ``raw``
        output. ``serving_jpeg``, which is there if `size` is None, takes ``image_bytes``, a batch of picture files (JPEG, PNG,
        BMP or GIF), and returns ``image_bytes``, JPEG files. ``hinted`` takes ``photos``, one of them, and ``hints``, see
        `kcolor.exporting.hinted`, and returns ``colored``.
    """
    import tensorflow as tf

    weights, inference = weights or Weights(colorizer), Inference(colorizer.forward_pass)
    paint = paint_in_graph(colorizer.target, size is not None)
    photos = photos_spec(size, batch)
    files = tf.TensorSpec((None,), tf.string, name="image_bytes")

    @tf.function(input_signature=[photos], autograph=False)
    def colorize(photos):
        with weights.in_use():
            return {"colored": inference.in_graph(three_channels(photos), paint)}

    @tf.function(input_signature=[files], autograph=False)
    def colorize_files(image_bytes):
        def one(content):
            photo = tf.io.decode_image(content, channels=3, expand_animations=False)
            photo = tf.ensure_shape(photo, (None, None, 3))
            colored = colorize(photo[None])["colored"][0]  # called, so that its operations are there once
            return tf.io.encode_jpeg(colored, quality=QUALITY, chroma_downsampling=False)

        return {"image_bytes": tf.map_fn(one, image_bytes)}

    found = {"serving_default": colorize, "network": _network(colorizer, weights, size, batch)}
    if size is None:
        found["serving_jpeg"] = colorize_files
    if hints is not None:
        found["hinted"] = _hinted(inference, paint, weights, size, hints)
    for function in found.values():
        function.weights = weights.variables  # a graph holds none of them, so whoever saves it has to
    return found


def _hinted(inference, paint, weights, size, count):
    import tensorflow as tf

    rows = tf.TensorSpec((count, len(EXPORTED_COLUMNS)), tf.float32, name="hints")

    @tf.function(input_signature=[photos_spec(size, 1), rows], autograph=False)
    def colorize_hinted(photos, hints):
        with weights.in_use():
            return {"colored": hinted_in_graph(inference, three_channels(photos), hints, paint)}

    return colorize_hinted


def _network(colorizer, weights, size, batch):
    import tensorflow as tf

    network, sizes = colorizer.forward_pass.plain, colorizer.forward_pass.sizes
    named = network.input if isinstance(network.input, dict) else {"luma": network.inputs[0]}
    shapes = {name: tuple(tensor.shape) for name, tensor in named.items()}
    if size is not None:  # then the size of what the network sees is known, too
        seen = sizes.framed(*sizes.seen(*size))
        shapes = {name: (batch, *(seen if name == "luma" else ()), shape[-1]) for name, shape in shapes.items()}
    specs = {name: tf.TensorSpec(shape, tf.float32, name=name) for name, shape in shapes.items()}

    @tf.function(input_signature=list(specs.values()), autograph=False)
    def output(*given):
        seen = dict(zip(specs, given, strict=True)) if len(specs) > 1 else given[0]
        with weights.in_use():
            return {"raw": ops.cast(network(seen, training=False), "float32")}

    return output


class Weights:
    """A colorizer's weights, in the form that its graphs use.

    Args:
        colorizer: A `kcolor.Colorizer`. It is not changed.
        half: Boolean. Whether kernels are kept in half precision. They are computed with in float32 all the same.
    """

    def __init__(self, colorizer: Colorizer, half: bool = False):
        parts = [colorizer.forward_pass.plain, *([colorizer.guide.network] if colorizer.guide is not None else [])]
        weights = [weight for part in parts for weight in part.weights]
        self._halved = [(weight, _half(weight)) for weight in weights if half and len(weight.shape) > 1]
        replaced = {id(weight) for weight, _ in self._halved}
        self.variables = [weight.value for weight in weights if id(weight) not in replaced]
        self.variables += [variable for _, variable in self._halved]

    def in_use(self) -> contextlib.AbstractContextManager:
        """Returns a context in which the colorizer computes with these weights."""
        if not self._halved:
            return contextlib.nullcontext()
        return keras.StatelessScope([(weight, ops.cast(variable, "float32")) for weight, variable in self._halved])


def _half(weight):
    import tensorflow as tf

    return tf.Variable(to_float16(ops.convert_to_numpy(weight), weight.path), trainable=False, name="half")


def photos_spec(size: tuple[int, int] | None = None, batch: int | None = None) -> Any:
    """Returns the ``TensorSpec`` of photos.

    Args:
        size: Pair of integers. The photos' (height, width); with it they have three channels. By default any size will do,
            and one channel or three.
        batch: Integer. Photos in a batch; any number by default.
    """
    import tensorflow as tf

    return tf.TensorSpec((batch, *(size or (None, None)), None if size is None else 3), tf.uint8, name="photos")


def three_channels(photos: Tensor) -> Tensor:
    """Returns RGB photos as they are, and repeats the channel of grey ones. Transparency, a further channel, is left out.

    Args:
        photos: Tensor ``(batch, height, width, 1 to 4)``. The number of channels need not be known.

    Returns:
        Tensor ``(batch, height, width, 3)``.
    """
    if photos.shape[-1] == 3:
        return photos
    count = ops.shape(photos)[-1]
    return ops.take(photos, (count - 1) // 2 * np.arange(3, dtype="int32"), axis=-1)  # 0 0 0 of one or two, else 0 1 2
