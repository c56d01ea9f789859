"""Training data as Keras hands it over: what is refused, and how a batch is packed for one call of the model."""

from collections.abc import Iterable, Iterator

import keras
import numpy as np
from keras import ops

from kcolor.images import arrays


def training_pair(data):
    """A batch as Keras has it to what `Colorizer.call` takes in training: ``(photo, truth)`` as a dict, no y."""
    photo, truth, weight = keras.utils.unpack_x_y_sample_weight(data)
    pair = {"photo": photo} if truth is None else {"photo": photo, "truth": truth}
    for name, batch in pair.items():
        check_shape(batch, name)
    if truth is not None and any(None not in two and len(set(two)) > 1 for two in zip(photo.shape, truth.shape, strict=True)):
        raise ValueError(f"Expected photos and truth of one shape. Received: {tuple(photo.shape)} and {tuple(truth.shape)}")
    return pair, None, weight


def check_shape(batch, name):
    """Refuses what is no batch of RGB pictures, by its shape alone: this runs inside graphs."""
    shape = tuple(getattr(batch, "shape", ()))
    if len(shape) != 4 or shape[-1] != 3:
        raise ValueError(f"Expected each {name} batch of shape (batch, height, width, 3). Received: {shape or type(batch)}")


def check_data(*data):
    """Looks closely at arrays, and at the first batch of what can be gone through again, if it may be floats."""
    for part in data:
        if isinstance(part, (list, dict)):
            raise ValueError(f"Expected photos as one array or a data set of batches. Received: a {type(part).__name__}")
        if is_array(part):
            arrays.check_batch(part, "photos")
        elif isinstance(part, Iterable) and not isinstance(part, Iterator) and not _is_uint8(part):
            first = next(iter(part))
            for batch in first[:2] if isinstance(first, (tuple, list)) else [first]:
                arrays.check_batch(batch, "photos")


def _is_uint8(data):
    """Whether a data set says that it has uint8 alone: then there is no need to start it for a look."""
    spec = getattr(data, "element_spec", None)
    return spec is not None and all(keras.backend.standardize_dtype(s.dtype) == "uint8" for s in keras.tree.flatten(spec)[:2])


def is_array(data):
    """Whether data is one array, of numpy or of the backend, rather than a data set."""
    return isinstance(data, np.ndarray) or ops.is_tensor(data)
