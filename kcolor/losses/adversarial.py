"""Adversarial losses: how far a discriminator's logits are from what they should be."""

import keras
from keras import ops

from kcolor.utils.types import Tensor

ADVERSARIAL_KINDS = ("bce", "least_squares")


def adversarial(real: Tensor, logits: Tensor, kind: str = "bce", label_smoothing: float = 0.0) -> Tensor:
    """Returns the adversarial loss of each logit.

    Args:
        real: 1 where the discriminator should output "real", 0 for "fake"; broadcast against `logits`.
        logits: Floats of any shape. The discriminator's output.
        kind: ``"bce"`` (binary cross entropy) or ``"least_squares"``.
        label_smoothing: Float in [0, 1). The label of real pictures becomes ``1 - label_smoothing``; that of fake ones stays
            0, because smoothing both sides would reward the generator for pictures that are known to be fake.

    Returns:
        float32, the shape of `logits`.

    >>> loss = kcolor.losses.adversarial(1.0, np.array([0.0, 100.0]))
    >>> [round(float(value), 3) for value in loss]
    [0.693, 0.0]
    """
    _check_kind(kind)
    logits = ops.cast(logits, "float32")
    label = ops.cast(real, "float32") * (1.0 - label_smoothing)
    if kind == "least_squares":
        return ops.square(logits - label)
    # max(x, 0) - x·z + log(1 + exp(-|x|)): does not overflow.
    return ops.relu(logits) - logits * label + ops.log1p(ops.exp(-ops.abs(logits)))


@keras.saving.register_keras_serializable("kcolor")
class Adversarial(keras.losses.Loss):
    """Adversarial loss of a discriminator's logits: ``loss(ones, D(real))`` and ``loss(zeros, D(fake))``.

    Args:
        kind: ``"bce"`` (binary cross entropy) or ``"least_squares"``.
        label_smoothing: Float in [0, 1). The label of real pictures becomes ``1 - label_smoothing``.
        reduction: String. As for every Keras loss.
        name: String. Name of the loss.

    >>> loss = kcolor.losses.Adversarial("least_squares")
    >>> float(loss(np.ones((1, 2)), np.array([[1.0, 3.0]])))
    2.0
    """

    def __init__(
        self,
        kind: str = "bce",
        label_smoothing: float = 0.0,
        reduction: str = "sum_over_batch_size",
        name: str = "adversarial",
    ):
        super().__init__(name=name, reduction=reduction)
        _check_kind(kind)
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"Expected `label_smoothing` in [0, 1). Received: {label_smoothing!r}")
        self.kind, self.label_smoothing = kind, label_smoothing

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return adversarial(y_true, y_pred, self.kind, self.label_smoothing)

    def get_config(self) -> dict:
        config = {"name": self.name, "reduction": self.reduction}
        return {**config, "kind": self.kind, "label_smoothing": self.label_smoothing}


def _check_kind(kind):
    if kind not in ADVERSARIAL_KINDS:
        raise ValueError(f"Unknown `kind`. Expected one of {ADVERSARIAL_KINDS}. Received: {kind!r}")
