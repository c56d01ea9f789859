"""Cross entropy over ab bins."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from kcolor.utils.types import Tensor


def bin_cross_entropy(truth: Tensor | dict[str, Tensor], logits: Tensor, weights: Tensor | None = None) -> Tensor:
    """Returns the cross entropy of a distribution over bins, per pixel.

    Args:
        truth: ``(..., 1)`` the index of the true bin; or ``(..., bins)`` the logarithm of each bin's true share; or only the
            n bins that have a share, ``{"index": (..., n), "share": (..., n)}``.
        logits: Floats ``(..., bins)``.
        weights: Floats ``(bins,)``. A pixel counts as much as the weight of its likeliest true bin; 1 by default.

    Returns:
        float32 ``(...)``, in nats.

    >>> truth, logits = np.array([[1]]), np.array([[0.0, 100.0, 0.0]])
    >>> [abs(float(value)) for value in kcolor.losses.bin_cross_entropy(truth, logits)]
    [0.0]
    """
    logits = ops.cast(logits, "float32")
    if isinstance(truth, dict):
        index, share = ops.cast(truth["index"], "int32"), ops.cast(truth["share"], "float32")
        loss = _softmax_cross_entropy(index, share)(logits)
        likeliest = ops.take_along_axis(index, ops.argmax(share, axis=-1)[..., None], axis=-1)[..., 0]
    elif truth.shape[-1] == 1 and logits.shape[-1] != 1:
        index = ops.cast(truth, "int32")
        loss, likeliest = _hard_cross_entropy(index, logits), index[..., 0]
    else:
        truth = ops.cast(truth, "float32")
        loss = -ops.sum(ops.exp(truth) * ops.log_softmax(logits, axis=-1), axis=-1)
        likeliest = ops.argmax(truth, axis=-1)
    return loss if weights is None else loss * ops.take(ops.convert_to_tensor(weights, "float32"), likeliest, axis=0)


def _hard_cross_entropy(index, logits):
    if keras.backend.backend() == "torch":  # has a kernel for just that
        return -ops.take_along_axis(ops.log_softmax(logits, axis=-1), index, axis=-1)[..., 0]
    return _softmax_cross_entropy(index, ops.ones_like(index, dtype="float32"))(logits)


def _softmax_cross_entropy(index, share):
    """Returns the loss as a function of the logits alone. Its gradient, softmax minus truth, reuses the forward pass.

    Automatic differentiation makes five more arrays of the logits' size; with 324 bins that is a third of a small network's
    step.
    """

    @ops.custom_gradient
    def cross_entropy(logits):
        most = ops.max(logits, axis=-1, keepdims=True)
        power = ops.exp(logits - most)
        total = ops.sum(power, axis=-1, keepdims=True)
        at_truth = ops.take_along_axis(logits, index, axis=-1) - most
        loss = ops.log(total)[..., 0] - ops.sum(share * at_truth, axis=-1)

        def gradient(*args, upstream=None):
            upstream = (args[0] if upstream is None else upstream)[..., None]
            return _with_added(power * (upstream / total), index, -upstream * share)

        return loss, gradient

    return cross_entropy


def _with_added(rows, index, values):
    """Rows ``(..., bins)`` to which values ``(..., n)`` are added at indices ``(..., n)``."""
    count, bins = index.shape[-1], rows.shape[-1]
    starts = ops.arange(ops.size(index) // count, dtype="int32") * bins
    places = ops.reshape(starts[:, None] + ops.reshape(index, (-1, count)), (-1, 1))
    added = ops.scatter_update(ops.reshape(rows, (-1,)), places, ops.reshape(values, (-1,)), reduction="add")
    return ops.reshape(added, ops.shape(rows))


@keras.saving.register_keras_serializable("kcolor")
class BinCrossEntropy(keras.losses.Loss):
    """Cross entropy over ab bins, for a truth as `kcolor.targets.Bins` encodes it (see `bin_cross_entropy`).

    Args:
        weights: One number per bin, for example `Grid.rebalancing()`; None weighs all alike.
        reduction: String. As for every Keras loss.
        name: String. Name of the loss.

    >>> target = kcolor.targets.get("bins", grid=6)
    >>> isinstance(target.loss(), kcolor.losses.BinCrossEntropy)
    True
    >>> loss = kcolor.losses.BinCrossEntropy(weights=[1, 2])
    >>> round(float(loss(np.array([[1]]), np.zeros((1, 2)))), 4)  # 2 · log(2)
    1.3863
    """

    def __init__(
        self,
        weights: Sequence[float] | np.ndarray | None = None,
        reduction: str = "sum_over_batch_size",
        name: str = "bin_cross_entropy",
    ):
        super().__init__(name=name, reduction=reduction)
        self.weights = None if weights is None else np.asarray(weights, "float32")
        if self.weights is not None and (self.weights.ndim != 1 or not (self.weights >= 0).all()):
            raise ValueError(f"Expected `weights` as a list of one non-negative number per bin. Received: {weights}")

    def call(self, y_true: Tensor | dict[str, Tensor], y_pred: Tensor) -> Tensor:
        return bin_cross_entropy(y_true, y_pred, self.weights)

    def get_config(self) -> dict:
        weights = None if self.weights is None else self.weights.tolist()
        return {"name": self.name, "reduction": self.reduction, "weights": weights}
