"""Metrics: pure functions of truth and result, and Keras metrics that average them over a data set.

The functions return one number per picture. Most Keras metrics are the mean of these numbers, so all pictures count alike,
whatever their size. The roots of mean squares (`RMSE`, `AbRMSE`) and the PSNR of the mean error are taken once, at the end,
over all pixels. `sample_weight` is one weight per picture, ``(batch,)``. All accumulate in float32 under any dtype policy.

>>> metric = kcolor.metrics.get("psnr")
>>> metric.update_state(np.zeros((1, 8, 8, 3), "float32"), np.full((1, 8, 8, 3), 0.1, "float32"))
>>> round(float(metric.result()), 2)
20.0
"""

from typing import Any

import keras

from kcolor.color.ciede2000 import delta_e_2000
from kcolor.metrics.functions import (
    ab_distance,
    ab_mse,
    ab_rmse,
    bin_accuracy,
    ciede2000,
    color_drift,
    colorfulness,
    colorfulness_difference,
    decibels,
    mse,
    pixel_accuracy,
    psnr,
    rmse,
    ssim,
)
from kcolor.metrics.keras_metrics import (
    CIEDE2000,
    PSNR,
    RMSE,
    SSIM,
    AbDistance,
    AbRMSE,
    BinAccuracy,
    ColorDrift,
    Colorfulness,
    ColorfulnessDifference,
    PictureMetric,
    PixelAccuracy,
    higher_is_better,
)
from kcolor.metrics.lpips import LPIPS, LPIPSDistance, lpips
from kcolor.utils import registry

__all__ = [
    "CIEDE2000",
    "LPIPS",
    "METRICS",
    "PSNR",
    "RMSE",
    "SSIM",
    "AbDistance",
    "AbRMSE",
    "BinAccuracy",
    "ColorDrift",
    "Colorfulness",
    "ColorfulnessDifference",
    "LPIPSDistance",
    "PictureMetric",
    "PixelAccuracy",
    "ab_distance",
    "ab_mse",
    "ab_rmse",
    "bin_accuracy",
    "ciede2000",
    "color_drift",
    "colorfulness",
    "colorfulness_difference",
    "decibels",
    "delta_e_2000",
    "find",
    "get",
    "higher_is_better",
    "lpips",
    "mse",
    "pixel_accuracy",
    "psnr",
    "rmse",
    "ssim",
]


METRICS: dict[str, Any] = {
    "rmse": RMSE,
    "psnr": PSNR,
    "ssim": SSIM,
    "ab_rmse": AbRMSE,
    "ab_distance": AbDistance,
    "ciede2000": CIEDE2000,
    "colorfulness": Colorfulness,
    "colorfulness_difference": ColorfulnessDifference,
    "color_drift": ColorDrift,
    "pixel_accuracy": PixelAccuracy,
    "bin_accuracy": BinAccuracy,
    "lpips": LPIPS,
}


def get(name: str, **options: object) -> keras.metrics.Metric:
    """Builds a metric by its name in `METRICS`.

    Args:
        name: String. A key of `METRICS`.
        options: Arguments of the metric.

    Raises:
        ValueError: If there is no such metric, or it has no such option.

    >>> kcolor.metrics.get("psnr", average="error").name
    'psnr_of_error'
    """
    return registry.build(METRICS, "metric", name, **options)


def find(name: str) -> keras.metrics.Metric:
    """Builds a metric by its name in `METRICS`, or by one of Keras's own names, such as ``"mae"``.

    Keras's metrics compare the true picture with the coloured one, both RGB floats in [0, 1].

    Args:
        name: String. The metric also has this name in the logs, as in Keras's own `compile`.

    Raises:
        ValueError: If neither kcolor nor Keras has such a metric.

    >>> kcolor.metrics.find("ssim").name
    'ssim'
    >>> round(float(kcolor.metrics.find("mae")(np.zeros((1, 8, 8, 3)), np.full((1, 8, 8, 3), 0.25))), 2)
    0.25
    """
    if name in METRICS:
        return get(name)
    try:
        metric = keras.metrics.get(name)
    except ValueError:
        known = f"Expected one of {sorted(METRICS)} or a name of a Keras metric, such as 'mae'"
        raise ValueError(f"Unknown metric. {known}. Received: {name!r}") from None
    metric = metric if isinstance(metric, keras.metrics.Metric) else keras.metrics.MeanMetricWrapper(metric)
    metric.name = name
    return metric
