"""The Keras metrics, one for each function of `kcolor.metrics.functions`."""

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


class PictureMetric(keras.metrics.Mean):
    """Mean of a figure; the base of the metrics here.

    Args:
        figure: ``f(truth, result, **options) -> (batch,)``.
        direction: ``"up"`` or ``"down"``, what EarlyStopping and ModelCheckpoint take for better in mode ``"auto"``; None
            if neither is.
        by_pixels: pictures count by their number of pixels rather than alike.
        options: of the figure; they are the config as well.
    """

    def __init__(self, figure, name, dtype, direction=None, by_pixels=False, **options):
        super().__init__(name=name, dtype=dtype)
        self._figure, self._by_pixels, self._options = figure, by_pixels, options
        if direction is not None:
            self._direction = direction

    def update_state(self, y_true, y_pred, sample_weight=None):
        # No way back is needed; on torch it would be recorded, and its memory held.
        values = self._figure(y_true, ops.stop_gradient(ops.convert_to_tensor(y_pred)), **self._options)
        if self._by_pixels:
            _, height, width, _ = ops.shape(y_pred)
            weights = ops.ones_like(values) if sample_weight is None else ops.cast(sample_weight, "float32")
            sample_weight = weights * ops.cast(height * width, "float32")
        super().update_state(values, sample_weight)

    def get_config(self):
        return {**super().get_config(), **self._options}


@keras.saving.register_keras_serializable("kcolor")
class RMSE(PictureMetric):
    """Root of the mean squared error over all pixels and channels: not the mean of `rmse`, which is smaller."""

    def __init__(self, name="rmse", dtype="float32"):
        super().__init__(mse, name, dtype, "down", by_pixels=True)

    def result(self):
        return ops.sqrt(super().result())


@keras.saving.register_keras_serializable("kcolor")
class PSNR(PictureMetric):
    """Peak signal-to-noise ratio in dB, for the peak 1; 100 dB at most, so equal pictures do not make it infinite.

    Args:
        average: ``"pictures"``: the mean of the pictures' `psnr`; ``"error"``: the PSNR of the mean squared error over all
            pixels, which for pictures of one size is never larger and usually 2 to 4 dB smaller. Papers have both; say which.
        name: by default ``"psnr"``, and ``"psnr_of_error"`` for ``"error"``, so that a model can have both.
    """

    AVERAGES = ("pictures", "error")

    def __init__(self, average="pictures", name=None, dtype="float32"):
        if average not in self.AVERAGES:
            raise ValueError(f"Unknown `average`. Expected one of {self.AVERAGES}. Received: {average!r}")
        of_error = average == "error"
        name = name or ("psnr_of_error" if of_error else "psnr")
        super().__init__(mse if of_error else psnr, name, dtype, "up", by_pixels=of_error)
        self.average = average

    def result(self):
        mean = super().result()
        if self.average == "pictures":
            return mean
        # Of nothing 0, as the mean of nothing is in Keras, and not the 100 dB of no error.
        return ops.where(self.count > 0, decibels(mean), 0.0)

    def get_config(self):
        return {**super().get_config(), "average": self.average}


@keras.saving.register_keras_serializable("kcolor")
class SSIM(PictureMetric):
    """Mean over the pictures of `ssim`."""

    def __init__(self, name="ssim", dtype="float32"):
        super().__init__(ssim, name, dtype, "up")


@keras.saving.register_keras_serializable("kcolor")
class AbRMSE(PictureMetric):
    """Root of the mean over all pixels of the squared distance in the ab plane, da² + db² (per vector, see `ab_rmse`)."""

    def __init__(self, name="ab_rmse", dtype="float32"):
        super().__init__(ab_mse, name, dtype, "down", by_pixels=True)

    def result(self):
        return ops.sqrt(super().result())


@keras.saving.register_keras_serializable("kcolor")
class AbDistance(PictureMetric):
    """Mean over the pictures of `ab_distance`."""

    def __init__(self, name="ab_distance", dtype="float32"):
        super().__init__(ab_distance, name, dtype, "down")


@keras.saving.register_keras_serializable("kcolor")
class CIEDE2000(PictureMetric):
    """Mean over the pictures of `ciede2000`."""

    def __init__(self, name="ciede2000", dtype="float32"):
        super().__init__(ciede2000, name, dtype, "down")


@keras.saving.register_keras_serializable("kcolor")
class Colorfulness(PictureMetric):
    """Mean over the pictures of the result's `colorfulness`; the truth is not looked at.

    Args:
        variant: ``"signed"`` or ``"absolute"``.
        name: by default ``"colorfulness"``, and ``"colorfulness_absolute"`` for that variant.
    """

    def __init__(self, variant="signed", name=None, dtype="float32"):
        name = name or ("colorfulness" if variant == "signed" else f"colorfulness_{variant}")
        super().__init__(lambda _, result, variant: colorfulness(result, variant), name, dtype, variant=check_variant(variant))


@keras.saving.register_keras_serializable("kcolor")
class ColorfulnessDifference(PictureMetric):
    """Mean over the pictures of `colorfulness_difference`: absolute, so that too grey and too vivid do not cancel.

    Args:
        variant: of the colorfulness, ``"signed"`` or ``"absolute"``.
    """

    def __init__(self, variant="signed", name="colorfulness_difference", dtype="float32"):
        super().__init__(colorfulness_difference, name, dtype, "down", variant=check_variant(variant))


@keras.saving.register_keras_serializable("kcolor")
class ColorDrift(PictureMetric):
    """Mean over the pictures of `color_drift`: what an adversarial training is stopped by."""

    def __init__(self, name="color_drift", dtype="float32"):
        super().__init__(color_drift, name, dtype, "down")


@keras.saving.register_keras_serializable("kcolor")
class PixelAccuracy(PictureMetric):
    """Mean over the pictures of `pixel_accuracy`, system D's."""

    def __init__(self, name="pixel_accuracy", dtype="float32"):
        super().__init__(pixel_accuracy, name, dtype, "up")


@keras.saving.register_keras_serializable("kcolor")
class BinAccuracy(PictureMetric):
    """Mean over the pictures of `bin_accuracy`.

    Args:
        grid: a `kcolor.bins.Grid`.
    """

    def __init__(self, grid, name="bin_accuracy", dtype="float32"):
        if not isinstance(grid, bins.Grid):
            raise ValueError(f"Expected `grid` as a kcolor.bins.Grid. Received: {grid!r}")
        super().__init__(bin_accuracy, name, dtype, "up", grid=grid)

    def get_config(self):
        config = super().get_config()
        return {**config, "grid": keras.saving.serialize_keras_object(config["grid"])}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "grid": keras.saving.deserialize_keras_object(config["grid"])})
