"""Cross entropy over ab bins."""

import keras
import numpy as np
from keras import ops


def bin_cross_entropy(truth, logits, weights=None):
    """Cross entropy of a distribution over bins, per pixel.

    Args:
        truth: ``(..., 1)`` the index of the true bin; or ``(..., bins)`` the logarithm of each bin's true share; or those bins
            alone that have one, ``{"index": (..., n), "share": (..., n)}``.
        logits: ``(..., bins)``.
        weights: ``(bins,)``: how much a pixel counts whose likeliest true bin it is; all 1 by default.

    Returns:
        float32 ``(...)``, in nats.
    """
    logits = ops.cast(logits, "float32")
    if isinstance(truth, dict):
        index, share = ops.cast(truth["index"], "int32"), ops.cast(truth["share"], "float32")
        loss = ops.logsumexp(logits, axis=-1) - ops.sum(share * ops.take_along_axis(logits, index, axis=-1), axis=-1)
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
    return _softmax_cross_entropy(index)(logits)


def _softmax_cross_entropy(index):
    """As a function of the logits alone, whose gradient, softmax minus truth, is made of what is there already.

    Left to itself it is five more arrays of the logits' size; with 324 bins they are a third of a small network's step.
    """

    @ops.custom_gradient
    def cross_entropy(logits):
        most = ops.max(logits, axis=-1, keepdims=True)
        power = ops.exp(logits - most)
        total = ops.sum(power, axis=-1, keepdims=True)
        loss = ops.log(total) + most - ops.take_along_axis(logits, index, axis=-1)

        def gradient(*args, upstream=None):
            upstream = (args[0] if upstream is None else upstream)[..., None]
            return power * (upstream / total) - ops.one_hot(index[..., 0], logits.shape[-1]) * upstream

        return loss[..., 0], gradient

    return cross_entropy


@keras.saving.register_keras_serializable("kcolor")
class BinCrossEntropy(keras.losses.Loss):
    """Cross entropy over ab bins; truth as an index or as log-shares, as `kcolor.targets` encodes it (see the function).

    Args:
        weights: one a bin, for instance `Grid.rebalancing()`; None weighs all alike.
    """

    def __init__(self, weights=None, reduction="sum_over_batch_size", name="bin_cross_entropy"):
        super().__init__(name=name, reduction=reduction)
        self.weights = None if weights is None else np.asarray(weights, "float32")
        if self.weights is not None and (self.weights.ndim != 1 or not (self.weights >= 0).all()):
            raise ValueError(f"Expected `weights` as a list of one non-negative number a bin. Received: {weights}")

    def call(self, y_true, y_pred):
        return bin_cross_entropy(y_true, y_pred, self.weights)

    def get_config(self):
        weights = None if self.weights is None else self.weights.tolist()
        return {"name": self.name, "reduction": self.reduction, "weights": weights}
