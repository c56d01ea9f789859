"""Metrics: the figures of `kcolor.metrics.functions` (and LPIPS) as Keras metrics that average over a data set.

Most are the mean over all pictures of the figure of each, so pictures count alike whatever their size. The roots of mean
squares (`RMSE`, `AbRMSE`) and the PSNR of the mean error are taken once, at the end, over all pixels. `sample_weight` is
one weight a picture, ``(batch,)``. They accumulate in float32 under any policy.
"""

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
    PixelAccuracy,
)
from kcolor.metrics.lpips import LPIPS, lpips
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
    "get",
    "lpips",
    "mse",
    "pixel_accuracy",
    "psnr",
    "rmse",
    "ssim",
]


METRICS = {
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


def get(name, **options):
    """A metric by its name in `METRICS`; `options` are its arguments."""
    return registry.build(METRICS, "metric", name, **options)
