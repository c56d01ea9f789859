"""Cross entropy over ab bins, and how far the colours that come of them are from the truth."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from kcolor.bins.encode_decode import mean_color
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.utils.types import Tensor

_MEAN = 0.37  # what a picture's mean colour counts in its colourfulness, beside its standard deviation
_STRONGEST = 3.0  # colours are made stronger by at most this factor


def equal_color_error(truth: Tensor, ab: Tensor, share: float = 0.9) -> Tensor:
    """Returns how far colours are from the truth, once they are as strong: paleness buys nothing.

    One factor for the whole batch brings the colours to a share of the truth's mean colourfulness. What is left are
    differences between pictures and between places: colours pay where the network is sure.

    Colourfulness is, after Hasler and Süsstrunk (Measuring colourfulness in natural images, 2003), the standard deviation in
    the ab plane and 0.37 of the distance of the mean colour from grey.

    Args:
        truth: Floats ``(batch, height, width, 2)``: a and b of the photos.
        ab: Floats of the same shape.
        share: Float. Share of the truth's colourfulness.

    Returns:
        float32 ``(batch, height, width)``: distances in the ab plane.

    >>> truth = np.float32([[[[0, 0], [40, 0]]]])
    >>> [round(float(value)) for value in equal_color_error(truth, truth / 2)[0, 0]]  # pale is no better than strong
    [0, 4]
    """
    truth, ab = ops.cast(truth, "float32"), ops.cast(ab, "float32")
    factor = ops.minimum(share * _colorfulness(truth) / _colorfulness(ab), _STRONGEST)
    # At 0 a root has no slope: distances below half a unit are rounded off.
    return ops.sqrt(ops.sum(ops.square(factor * ab - truth), axis=-1) + 0.25) - 0.5


def _colorfulness(ab):
    """Mean over pictures."""
    mean = ops.mean(ab, axis=(1, 2), keepdims=True)
    deviation = ops.sqrt(ops.mean(ops.sum(ops.square(ab - mean), axis=-1), axis=(1, 2)) + 1e-3)
    distance = ops.sqrt(ops.sum(ops.square(mean), axis=(1, 2, 3)) + 1e-3)
    return ops.mean(deviation + _MEAN * distance)


@keras.saving.register_keras_serializable("kcolor")
class BinsAndColors(BinCrossEntropy):
    """`BinCrossEntropy`, and beside it `equal_color_error` of the annealed mean of the bins.

    Cross entropy alone makes a network surer of its bins. That is not always truer: this adds what pictures are judged by.

    Args:
        colors: Floats ``(bins, 2)``: a and b of every bin.
        color_weight: Float. What one unit of distance in the ab plane counts.
        temperature: Float. Temperature of the annealed mean.
        share: Float. Share of the truth's colourfulness.
        weights: As of `BinCrossEntropy`, for the cross entropy alone.
        reduction: String. As for every Keras loss.
        name: String. Name of the loss.

    >>> loss = kcolor.targets.get("bins", step=10, soft=True, color_weight=0.1).loss()
    >>> isinstance(loss, kcolor.losses.BinsAndColors)
    True
    """

    def __init__(
        self,
        colors: Sequence[Sequence[float]] | np.ndarray,
        color_weight: float = 0.1,
        temperature: float = 0.38,
        share: float = 0.9,
        weights: Sequence[float] | np.ndarray | None = None,
        reduction: str = "sum_over_batch_size",
        name: str = "bins_and_colors",
    ):
        super().__init__(weights, reduction=reduction, name=name)
        self.colors = np.asarray(colors, "float32")
        if self.colors.ndim != 2 or self.colors.shape[1] != 2:
            raise ValueError(f"Expected `colors` as a and b of every bin, (bins, 2). Received: {self.colors.shape}")
        if not (color_weight >= 0 and temperature > 0 and share > 0):
            raise ValueError(
                "Expected `color_weight` of at least 0, `temperature` and `share` above 0. "
                f"Received: {color_weight}, {temperature} and {share}"
            )
        self.color_weight, self.temperature, self.share = color_weight, temperature, share

    def call(self, y_true: Tensor | dict[str, Tensor], y_pred: Tensor) -> Tensor:
        colors = ops.convert_to_tensor(self.colors)
        ab = mean_color(ops.softmax(ops.cast(y_pred, "float32") / self.temperature, axis=-1), colors)
        error = equal_color_error(self._true_colors(y_true, colors), ab, self.share)
        return super().call(y_true, y_pred) + self.color_weight * error

    def _true_colors(self, truth, colors):
        if isinstance(truth, dict):
            found = ops.take(colors, ops.cast(truth["index"], "int32"), axis=0)
            return ops.sum(ops.cast(truth["share"], "float32")[..., None] * found, axis=-2)
        if truth.shape[-1] == 1:
            return ops.take(colors, ops.cast(truth[..., 0], "int32"), axis=0)
        return mean_color(ops.exp(ops.cast(truth, "float32")), colors)

    def get_config(self) -> dict:
        own = {"color_weight": self.color_weight, "temperature": self.temperature, "share": self.share}
        return {**super().get_config(), "colors": self.colors.tolist(), **own}
