"""Makes colours agree over like places, before a distribution over bins is sharpened to one colour."""

from keras import ops

from kcolor.images.resizing import resize
from kcolor.utils.types import Tensor

# Places are alike that are near each other, as light as each other, and look the same to the network's last layer. Standard
# deviations: of the place as a share of the picture's sides, of lightness in [0, 1], of features of unit length.
_PLACE, _LIGHTNESS, _FEATURES = 0.5, 0.15, 0.4
_GRID = 24  # places that are asked, along each side: the cost is the picture's pixels times their number


def agree(logits: Tensor, features: Tensor, luma: Tensor) -> Tensor:
    """Averages the distributions over bins of like places, so that one thing gets one colour.

    Each pixel takes the mean of the log-probabilities on a grid over the whole picture, weighted by how alike it is to each
    place there. It is attention whose keys and queries are place, lightness and features, and it needs no training.

    >>> from kcolor.colorizer.agreement import agree
    >>> logits = np.zeros((1, 2, 2, 2), "float32")
    >>> logits[0, :, :, 0] = [[3, 3], [3, -3]]  # one pixel of a plain surface has another opinion
    >>> surface = np.ones((1, 2, 2, 1), "float32")
    >>> agreed = ops.convert_to_numpy(agree(logits, surface, surface))
    >>> bool((agreed[..., 0] > agreed[..., 1]).all())
    True

    Args:
        logits: ``(batch, h, w, bins)``.
        features: ``(batch, h, w, maps)``. Feature maps of the network.
        luma: ``(batch, h, w, 1)``. Lightness in [0, 1].

    Returns:
        float32 tensor ``(batch, h, w, bins)``: logarithms of the new distributions, up to a constant.
    """
    batch, height, width, bins = ops.shape(logits)
    queries = _descriptions(ops.cast(features, "float32"), ops.cast(luma, "float32"))
    values = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    keys, values = (_listed(resize(maps, (_GRID, _GRID))) for maps in (queries, values))
    # -|q - k|² / 2 without |q|², which all places share.
    likeness = ops.matmul(_listed(queries), ops.transpose(keys, (0, 2, 1))) - ops.expand_dims(ops.sum(keys**2, -1) / 2, 1)
    return ops.reshape(ops.matmul(ops.softmax(likeness, axis=-1), values), (batch, height, width, bins))


def _descriptions(features, luma):
    """What makes places alike, in units of the standard deviations: ``(batch, h, w, maps + 3)``."""
    unit = features / ops.sqrt(ops.maximum(ops.sum(features**2, axis=-1, keepdims=True), 1e-12))
    ones = ops.ones_like(luma)
    place = [ops.cumsum(ones, axis) / ops.sum(ones, axis, keepdims=True) for axis in (1, 2)]
    return ops.concatenate([*(part / _PLACE for part in place), luma / _LIGHTNESS, unit / _FEATURES], axis=-1)


def _listed(maps):
    batch, height, width, channels = ops.shape(maps)
    return ops.reshape(maps, (batch, height * width, channels))
