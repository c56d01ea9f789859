"""What an exported colorizer can be asked: graphs from photos to photos, from JPEG to JPEG, and the network alone."""

import contextlib

import keras
from keras import ops

from kcolor.colorizer.inference import Inference
from kcolor.saving.float16 import to_float16

QUALITY = 95  # of the JPEG that `serving_jpeg` answers


def signatures(colorizer, size=None, weights=None, batch=None) -> dict:
    """TensorFlow functions of a colorizer, by the names that servers know them by.

    Args:
        colorizer: a `kcolor.Colorizer` that computes in float32.
        size: the photos' (height, width), for what cannot do with any.
        weights: the colorizer's `Weights`; as they are by default.
        batch: how many photos, for what cannot do with any number.

    Returns:
        ``serving_default``: ``photos`` ``(batch, height, width, 1 or 3)`` uint8 to ``colored`` ``(batch, height, width, 3)``.
        ``network``: what the network sees to its ``raw`` answer. ``serving_jpeg``: ``image_bytes``, pictures as files (JPEG,
        PNG, BMP, GIF), to ``image_bytes``, JPEG.
    """
    import tensorflow as tf

    weights, inference = weights or Weights(colorizer), Inference(colorizer.forward_pass)
    photos = photos_spec(size, batch)
    files = tf.TensorSpec((None,), tf.string, name="image_bytes")

    @tf.function(input_signature=[photos], autograph=False)
    def colorize(photos):
        with weights.in_use():
            return {"colored": inference.in_graph(three_channels(photos))}

    @tf.function(input_signature=[files], autograph=False)
    def colorize_files(image_bytes):
        def one(content):
            photo = tf.io.decode_image(content, channels=3, expand_animations=False)
            photo = tf.ensure_shape(photo, (None, None, 3))
            return tf.io.encode_jpeg(inference.in_graph(photo[None])[0], quality=QUALITY, chroma_downsampling=False)

        with weights.in_use():
            return {"image_bytes": tf.map_fn(one, image_bytes)}

    found = {"serving_default": colorize, "network": _network(colorizer, weights, size, batch)}
    if size is None:
        found["serving_jpeg"] = colorize_files
    for function in found.values():
        function.weights = weights.variables  # a graph holds none of them: who saves it has to
    return found


def _network(colorizer, weights, size, batch):
    import tensorflow as tf

    network, sizes = colorizer.network, colorizer.forward_pass.sizes
    named = network.input if isinstance(network.input, dict) else {"luma": network.inputs[0]}
    shapes = {name: tuple(tensor.shape) for name, tensor in named.items()}
    if size is not None:  # that of what the network sees of such photos
        seen = sizes.framed(*sizes.seen(*size))
        shapes = {name: (batch, *(seen if name == "luma" else ()), shape[-1]) for name, shape in shapes.items()}
    specs = {name: tf.TensorSpec(shape, tf.float32, name=name) for name, shape in shapes.items()}

    @tf.function(input_signature=list(specs.values()), autograph=False)
    def answer(*given):
        seen = dict(zip(specs, given, strict=True)) if len(specs) > 1 else given[0]
        with weights.in_use():
            return {"raw": ops.cast(network(seen, training=False), "float32")}

    return answer


class Weights:
    """A colorizer's weights, as graphs of it take them.

    Args:
        colorizer: whose.
        half: whether kernels are kept in half precision, beside it, and only computed with in float32.
    """

    def __init__(self, colorizer, half=False):
        parts = [colorizer.network, *([colorizer.guide.network] if colorizer.guide is not None else [])]
        weights = [weight for part in parts for weight in part.weights]
        self._halved = [(weight, _half(weight)) for weight in weights if half and len(weight.shape) > 1]
        replaced = {id(weight) for weight, _ in self._halved}
        self.variables = [weight.value for weight in weights if id(weight) not in replaced]
        self.variables += [variable for _, variable in self._halved]

    def in_use(self):
        """A context in which the colorizer computes with these."""
        if not self._halved:
            return contextlib.nullcontext()
        return keras.StatelessScope([(weight, ops.cast(variable, "float32")) for weight, variable in self._halved])


def _half(weight):
    import tensorflow as tf

    return tf.Variable(to_float16(ops.convert_to_numpy(weight), weight.path), trainable=False, name="half")


def photos_spec(size=None, batch=None):
    """What a graph of photos takes: any number of any size, grey or in colour, unless it is said."""
    import tensorflow as tf

    return tf.TensorSpec((batch, *(size or (None, None)), None if size is None else 3), tf.uint8, name="photos")


def three_channels(photos):
    """RGB as it is, grey three times."""
    if photos.shape[-1] == 3:
        return photos
    count = ops.shape(photos)[-1]
    return ops.take(photos, ops.stack([0, count // 2, count - 1]), axis=-1)
