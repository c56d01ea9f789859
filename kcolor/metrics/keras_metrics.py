"""The Keras metrics, one for each function of `kcolor.metrics.functions`."""

from collections.abc import Callable

import keras
from keras import ops

from kcolor import bins
from kcolor.metrics.functions import (
    ab_distance,
    ab_mse,
    bin_accuracy,
    check_variant,
    ciede2000,
    color_drift,
    colorfulness,
    colorfulness_difference,
    decibels,
    mse,
    pixel_accuracy,
    psnr,
    ssim,
)
from kcolor.utils.types import Tensor


class PictureMetric(keras.metrics.Mean):
    """Mean over the pictures of a function of truth and result; the base of the metrics here.

    Args:
        function: Callable ``f(truth, result, **options) -> (batch,)``.
        name: String. Name of the metric.
        dtype: String. What it accumulates in.
        higher_is_better: Boolean. What EarlyStopping and ModelCheckpoint take for better in mode ``"auto"``; None if neither
            is. By default what the class says.
        by_pixels: Boolean. Weighs pictures by their number of pixels, instead of all alike.
        options: Options of the function. They are saved as the metric's config.

    >>> def greenness(truth, result):
    ...     return ops.mean(result[..., 1], axis=(1, 2))
    >>> metric = kcolor.metrics.PictureMetric(greenness, "greenness", higher_is_better=True)
    >>> metric.update_state(np.zeros((1, 8, 8, 3), "float32"), np.full((1, 8, 8, 3), 0.5, "float32"))
    >>> float(metric.result())
    0.5
    """

    higher_is_better: bool | None = None

    def __init__(
        self,
        function: Callable[..., Tensor],
        name: str,
        dtype: str = "float32",
        higher_is_better: bool | None = None,
        by_pixels: bool = False,
        **options: object,
    ):
        super().__init__(name=name, dtype=dtype)
        self._function, self._by_pixels, self._options = function, by_pixels, options
        if higher_is_better is not None:
            self.higher_is_better = higher_is_better
        if self.higher_is_better is not None:
            self._direction = "up" if self.higher_is_better else "down"  # where Keras's callbacks look

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        # No gradient is needed; on torch it would be recorded, and its memory held.
        values = self._function(y_true, ops.stop_gradient(ops.convert_to_tensor(y_pred)), **self._options)
        if self._by_pixels:
            _, height, width, _ = ops.shape(y_pred)
            weights = ops.ones_like(values) if sample_weight is None else ops.cast(sample_weight, "float32")
            sample_weight = weights * ops.cast(height * width, "float32")
        super().update_state(values, sample_weight)

    def get_config(self) -> dict:
        return {**super().get_config(), **self._options}


def higher_is_better(metric: keras.metrics.Metric) -> bool | None:
    """Returns whether higher values of a metric are better, kcolor's or Keras's own; None if that is unknown.

    >>> kcolor.metrics.higher_is_better(kcolor.metrics.PSNR())
    True
    >>> kcolor.metrics.higher_is_better(keras.metrics.MeanAbsoluteError())
    False
    """
    if isinstance(metric, PictureMetric):
        return metric.higher_is_better
    return {"up": True, "down": False}.get(getattr(metric, "_direction", ""))


@keras.saving.register_keras_serializable("kcolor")
class RMSE(PictureMetric):
    """Root of the mean squared error over all pixels and channels; the mean of `rmse` would be smaller.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.RMSE()(truth, result)), 2)
    0.1
    """

    higher_is_better = False

    def __init__(self, name: str = "rmse", dtype: str = "float32"):
        super().__init__(mse, name, dtype, by_pixels=True)

    def result(self) -> Tensor:
        return ops.sqrt(super().result())


@keras.saving.register_keras_serializable("kcolor")
class PSNR(PictureMetric):
    """Peak signal-to-noise ratio in dB, for the peak 1; 100 dB at most, so equal pictures do not make it infinite.

    Args:
        average: ``"pictures"`` takes the mean of the pictures' `psnr`. ``"error"`` takes the PSNR of the mean squared error
            over all pixels; for pictures of one size that is never larger and usually 2 to 4 dB smaller. Papers use both, so
            say which.
        name: String. By default ``"psnr"``, and ``"psnr_of_error"`` for ``"error"``, so that a model can have both.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.PSNR()(truth, result)), 2)
    20.0
    """

    higher_is_better = True
    AVERAGES = ("pictures", "error")

    def __init__(self, average: str = "pictures", name: str | None = None, dtype: str = "float32"):
        if average not in self.AVERAGES:
            raise ValueError(f"Unknown `average`. Expected one of {self.AVERAGES}. Received: {average!r}")
        of_error = average == "error"
        name = name or ("psnr_of_error" if of_error else "psnr")
        super().__init__(mse if of_error else psnr, name, dtype, by_pixels=of_error)
        self.average = average

    def result(self) -> Tensor:
        mean = super().result()
        if self.average == "pictures":
            return mean
        # Before the first picture it is 0, like every mean in Keras, and not the 100 dB of no error.
        return ops.where(self.count > 0, decibels(mean), 0.0)

    def get_config(self) -> dict:
        return {**super().get_config(), "average": self.average}


@keras.saving.register_keras_serializable("kcolor")
class SSIM(PictureMetric):
    """Mean over the pictures of `ssim`.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.SSIM()(truth, result)), 3)
    0.984
    """

    higher_is_better = True

    def __init__(self, name: str = "ssim", dtype: str = "float32"):
        super().__init__(ssim, name, dtype)


@keras.saving.register_keras_serializable("kcolor")
class AbRMSE(PictureMetric):
    """Root of the mean over all pixels of the squared distance in the ab plane, da² + db² (per vector, see `ab_rmse`).

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.AbRMSE()(truth, result)), 2)
    0.0
    """

    higher_is_better = False

    def __init__(self, name: str = "ab_rmse", dtype: str = "float32"):
        super().__init__(ab_mse, name, dtype, by_pixels=True)

    def result(self) -> Tensor:
        return ops.sqrt(super().result())


@keras.saving.register_keras_serializable("kcolor")
class AbDistance(PictureMetric):
    """Mean over the pictures of `ab_distance`.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.AbDistance()(truth, result)), 2)
    0.0
    """

    higher_is_better = False

    def __init__(self, name: str = "ab_distance", dtype: str = "float32"):
        super().__init__(ab_distance, name, dtype)


@keras.saving.register_keras_serializable("kcolor")
class CIEDE2000(PictureMetric):
    """Mean over the pictures of `ciede2000`.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.CIEDE2000()(truth, result)), 1)
    8.9
    """

    higher_is_better = False

    def __init__(self, name: str = "ciede2000", dtype: str = "float32"):
        super().__init__(ciede2000, name, dtype)


@keras.saving.register_keras_serializable("kcolor")
class Colorfulness(PictureMetric):
    """Mean over the pictures of the result's `colorfulness`; the truth is ignored. Neither more nor less is better.

    Args:
        variant: ``"signed"`` or ``"absolute"``.
        name: String. By default ``"colorfulness"``, and ``"colorfulness_absolute"`` for that variant.
        dtype: String. What it accumulates in.

    >>> gray = np.full((1, 16, 16, 3), 0.5, "float32")
    >>> float(kcolor.metrics.Colorfulness()(gray, gray))
    0.0
    """

    def __init__(self, variant: str = "signed", name: str | None = None, dtype: str = "float32"):
        name = name or ("colorfulness" if variant == "signed" else f"colorfulness_{variant}")
        super().__init__(lambda _, result, variant: colorfulness(result, variant), name, dtype, variant=check_variant(variant))


@keras.saving.register_keras_serializable("kcolor")
class ColorfulnessDifference(PictureMetric):
    """Mean over the pictures of `colorfulness_difference`: absolute, so that too grey and too vivid do not cancel.

    Args:
        variant: ``"signed"`` or ``"absolute"``, as for `colorfulness`.
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> gray = np.full((1, 16, 16, 3), 0.5, "float32")
    >>> float(kcolor.metrics.ColorfulnessDifference()(gray, gray))
    0.0
    """

    higher_is_better = False

    def __init__(self, variant: str = "signed", name: str = "colorfulness_difference", dtype: str = "float32"):
        super().__init__(colorfulness_difference, name, dtype, variant=check_variant(variant))


@keras.saving.register_keras_serializable("kcolor")
class ColorDrift(PictureMetric):
    """Mean over the pictures of `color_drift`. It decides when adversarial training stops.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.ColorDrift()(truth, result)), 2)
    0.0
    """

    higher_is_better = False

    def __init__(self, name: str = "color_drift", dtype: str = "float32"):
        super().__init__(color_drift, name, dtype)


@keras.saving.register_keras_serializable("kcolor")
class PixelAccuracy(PictureMetric):
    """Mean over the pictures of `pixel_accuracy`, system D's metric.

    Args:
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> truth, result = np.full((1, 16, 16, 3), 0.5, "float32"), np.full((1, 16, 16, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.PixelAccuracy()(truth, result)), 2)
    0.0
    """

    higher_is_better = True

    def __init__(self, name: str = "pixel_accuracy", dtype: str = "float32"):
        super().__init__(pixel_accuracy, name, dtype)


@keras.saving.register_keras_serializable("kcolor")
class BinAccuracy(PictureMetric):
    """Mean over the pictures of `bin_accuracy`.

    Args:
        grid: `kcolor.bins.Grid`. `Colorizer.compile` takes the target's own for the name ``"bin_accuracy"``.
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> gray = np.full((1, 16, 16, 3), 0.5, "float32")
    >>> float(kcolor.metrics.BinAccuracy(kcolor.bins.uniform_grid(6))(gray, gray))
    1.0
    """

    higher_is_better = True

    def __init__(self, grid: bins.Grid, name: str = "bin_accuracy", dtype: str = "float32"):
        if not isinstance(grid, bins.Grid):
            raise ValueError(f"Expected `grid` as a kcolor.bins.Grid. Received: {grid!r}")
        super().__init__(bin_accuracy, name, dtype, grid=grid)

    def get_config(self) -> dict:
        config = super().get_config()
        return {**config, "grid": keras.saving.serialize_keras_object(config["grid"])}

    @classmethod
    def from_config(cls, config: dict) -> "BinAccuracy":
        return cls(**{**config, "grid": keras.saving.deserialize_keras_object(config["grid"])})
