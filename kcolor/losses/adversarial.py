"""Losses of a discriminator."""

import keras
from keras import ops

ADVERSARIAL_KINDS = ("bce", "least_squares")


def adversarial(real, logits, kind="bce", label_smoothing=0.0):
    """How far a discriminator's answers are from what they are asked to be, element by element.

    Args:
        real: 1 where the answer should be "real", 0 for "fake"; broadcast against `logits`.
        logits: the discriminator's answers, any shape.
        kind: ``"bce"`` (cross entropy) or ``"least_squares"``.
        label_smoothing: real is asked for as ``1 - label_smoothing``; fake stays 0 (smoothing both sides would reward
            the generator for pictures that are known to be fake).

    Returns:
        float32, the shape of `logits`.
    """
    _check_kind(kind)
    logits = ops.cast(logits, "float32")
    asked = ops.cast(real, "float32") * (1.0 - label_smoothing)
    if kind == "least_squares":
        return ops.square(logits - asked)
    # max(x, 0) - x·z + log(1 + exp(-|x|)): does not overflow.
    return ops.relu(logits) - logits * asked + ops.log1p(ops.exp(-ops.abs(logits)))


@keras.saving.register_keras_serializable("kcolor")
class Adversarial(keras.losses.Loss):
    """What a discriminator is asked to answer, against its logits: ``loss(ones, D(real))``, ``loss(zeros, D(fake))``.

    Args:
        kind: ``"bce"`` or ``"least_squares"``.
        label_smoothing: real is asked for as 1 minus this.
    """

    def __init__(self, kind="bce", label_smoothing=0.0, reduction="sum_over_batch_size", name="adversarial"):
        super().__init__(name=name, reduction=reduction)
        _check_kind(kind)
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"Expected `label_smoothing` in [0, 1). Received: {label_smoothing!r}")
        self.kind, self.label_smoothing = kind, label_smoothing

    def call(self, y_true, y_pred):
        return adversarial(y_true, y_pred, self.kind, self.label_smoothing)

    def get_config(self):
        config = {"name": self.name, "reduction": self.reduction}
        return {**config, "kind": self.kind, "label_smoothing": self.label_smoothing}


def _check_kind(kind):
    if kind not in ADVERSARIAL_KINDS:
        raise ValueError(f"Unknown `kind`. Expected one of {ADVERSARIAL_KINDS}. Received: {kind!r}")
