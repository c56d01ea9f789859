"""Checks training data as Keras hands it over, and packs a batch for one call of the model."""

from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor.images import arrays
from kcolor.utils.types import Tensor


def training_pair(data: Any) -> tuple[dict[str, Tensor], None, Tensor | None]:
    """Packs a batch for a step of training.

    Args:
        data: ``x``, ``(x, y)`` or ``(x, y, sample_weight)``, as Keras has it.

    Returns:
        ``(pair, None, sample_weight)``, where ``pair`` is a dict with ``photo`` and, if it was given, ``truth``. Both are in
        the first place, so that one call of the model sees them.
    """
    photo, truth, weight = keras.utils.unpack_x_y_sample_weight(data)
    pair = {"photo": photo} if truth is None else {"photo": photo, "truth": truth}
    for name, batch in pair.items():
        check_shape(batch, name)
    if truth is not None and any(None not in two and len(set(two)) > 1 for two in zip(photo.shape, truth.shape, strict=True)):
        raise ValueError(f"Expected photos and truth of one shape. Received: {tuple(photo.shape)} and {tuple(truth.shape)}")
    return pair, None, weight


def check_shape(batch: Tensor, name: str) -> None:
    """Raises ValueError unless a batch has the shape of RGB pictures. Looks at the shape alone, so it runs inside graphs."""
    shape = tuple(getattr(batch, "shape", ()))
    if len(shape) != 4 or shape[-1] != 3:
        raise ValueError(f"Expected each {name} batch of shape (batch, height, width, 3). Received: {shape or type(batch)}")


def check_data(*data: Any) -> None:
    """Raises ValueError unless data are photos.

    Arrays are looked at as a whole. Of a data set that may hold floats, and can be read again, the first batch is looked at.
    """
    for part in data:
        if isinstance(part, (list, dict)):
            raise ValueError(f"Expected photos as one array or a data set of batches. Received: a {type(part).__name__}")
        if is_array(part):
            arrays.check_batch(part, "photos")
        elif isinstance(part, Iterable) and not isinstance(part, Iterator) and not _is_uint8(part):
            first = next(iter(part))
            for batch in first[:2] if isinstance(first, (tuple, list)) else [first]:
                arrays.check_batch(batch, "photos")


def is_array(data: Any) -> bool:
    """Returns whether data is one array, of NumPy or of the backend, rather than a data set."""
    return isinstance(data, np.ndarray) or ops.is_tensor(data)


def _is_uint8(data):
    """Whether a data set declares that it holds uint8 alone. Then it need not be started for a look."""
    spec = getattr(data, "element_spec", None)
    dtypes = [keras.backend.standardize_dtype(part.dtype) for part in keras.tree.flatten(spec) if hasattr(part, "dtype")]
    return spec is not None and all(dtype == "uint8" for dtype in dtypes[:2])
