"""The metrics of an evaluation, each with the convention by which it is computed and averaged."""

import dataclasses
from collections.abc import Callable

import numpy as np
from keras import ops

from kcolor import bins, color, metrics
from kcolor.metrics import functions
from kcolor.metrics.functions import decibels
from kcolor.utils.types import Tensor

LEAST_CHROMA = 10.0  # a pixel farther from neutral than this, in the ab plane, counts as coloured
SMALLEST = {"ssim": 11, "lpips": 16}  # the least pixels along a side that these metrics need


def ab_mse_unit(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the mean squared error of a and b, on system C's scale of 8-bit Lab / 255.

    It is measured on the finished picture. Not every colour exists at the picture's lightness, so the network's own output may
    differ slightly.

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        ``(batch,)``: the mean over pixels and both channels.
    """
    return functions.ab_mse(truth, result) / (2 * 255.0**2)


def mean_ab_mse_unit(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the squared error of the pictures' mean a and mean b, on system C's scale of 8-bit Lab / 255.

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        ``(batch,)``: the mean over the two.
    """
    truth, result = functions.pair(truth, result)
    before, after = (ops.mean(color.rgb_to_lab(rgb)[..., 1:], axis=(1, 2)) for rgb in (truth, result))
    return ops.mean(ops.square((after - before) / 255.0), axis=-1)


def bin_hits(predicted: Tensor, truth: Tensor, grid: bins.Grid) -> dict[str, Tensor]:
    """Returns the shares of pixels whose bin is the true one.

    Args:
        predicted: Integers ``(batch, height, width)``. The bin of every pixel.
        truth: Floats ``(batch, height, width, 3)`` in [0, 1]. Photos of that size.
        grid: `kcolor.bins.Grid`.

    Returns:
        ``bin_accuracy``: ``(batch,)``, of all pixels. ``bin_accuracy_colored``: ``(batch,)``, of the pixels farther than
        `LEAST_CHROMA` from neutral; NaN for a picture without any.
    """
    ab = color.rgb_to_lab(truth)[..., 1:]
    right = ops.cast(ops.equal(bins.index(ab, grid), ops.cast(predicted, "int32")), "float32")
    colored = ops.cast(ops.sum(ops.square(ab), axis=-1) > LEAST_CHROMA**2, "float32")
    count = ops.sum(colored, axis=(1, 2))
    share = ops.sum(right * colored, axis=(1, 2)) / ops.maximum(count, 1.0)
    return {
        "bin_accuracy": ops.mean(right, axis=(1, 2)),
        "bin_accuracy_colored": ops.where(count > 0, share, float("nan")),
    }


@dataclasses.dataclass(frozen=True)
class Score:
    """A metric as an evaluation reports it.

    Args:
        label: String. Its name in the table, with its unit.
        digits: Integer. Digits after the point.
        higher_is_better: Boolean; None if neither is.
        convention: String. How it is computed, in words.
        metric: Function ``(truth, result) -> (batch,)``; None for a metric that needs more than two pictures.
        by_pixels: Boolean. Whether pictures count by their number of pixels.
        finish: Function of the mean, as the root for a root mean square.
        scale: Float. The table shows this many times the value; the label says so.
        share_of: String. Name of a metric, if this is the share of the gap between the grey picture's value of it and 1 that is
            closed.
    """

    label: str
    digits: int
    higher_is_better: bool | None
    convention: str
    metric: Callable[[Tensor, Tensor], Tensor] | None = None
    by_pixels: bool = False
    finish: Callable | None = None
    scale: float = 1.0
    share_of: str | None = None

    @property
    def better(self) -> str | None:
        """``"higher"``, ``"lower"`` or None."""
        return {True: "higher", False: "lower", None: None}[self.higher_is_better]


# Which way is better, as the metrics of these names say.
_BETTER = {name: metric.higher_is_better for name, metric in metrics.METRICS.items()}

SCORES: dict[str, Score] = {
    "psnr": Score(
        "PSNR, dB", 2, _BETTER["psnr"], "mean of the pictures' PSNR over RGB; equal pictures count as 100 dB", functions.psnr
    ),
    "psnr_of_error": Score(
        "PSNR of error, dB", 2, _BETTER["psnr"], "PSNR of the mean squared error over all pixels", functions.mse, True, decibels
    ),
    "rmse": Score(
        "RMSE", 4, _BETTER["rmse"], "root of the mean squared error over all pixels, RGB in 0..1", functions.mse, True, np.sqrt
    ),
    "ssim": Score(
        "SSIM",
        4,
        _BETTER["ssim"],
        "of R, G and B, 11×11 Gaussian window; pictures under 11 pixels do not count",
        functions.ssim,
    ),
    "ab_distance": Score(
        "ab distance", 2, _BETTER["ab_distance"], "mean distance in the ab plane of Lab", functions.ab_distance
    ),
    "ab_rmse": Score(
        "ab RMSE",
        2,
        _BETTER["ab_rmse"],
        "root of the mean over all pixels of da² + db² (per vector)",
        functions.ab_mse,
        True,
        np.sqrt,
    ),
    "ciede2000": Score("CIEDE2000", 2, _BETTER["ciede2000"], "mean CIEDE2000 difference of the pixels", functions.ciede2000),
    "colorfulness": Score(
        "colourfulness",
        2,
        _BETTER["colorfulness"],
        "Hasler and Süsstrunk, signed, 0..255",
        lambda _, result: functions.colorfulness(result),
    ),
    "colorfulness_difference": Score(
        "|Δ colourfulness|",
        2,
        _BETTER["colorfulness_difference"],
        "mean of the pictures' absolute differences",
        functions.colorfulness_difference,
    ),
    "pixel_accuracy": Score(
        "pixel accuracy",
        4,
        _BETTER["pixel_accuracy"],
        "RGB within 0.14 in max-norm and 0.17 in 2-norm (system D)",
        functions.pixel_accuracy,
    ),
    "ab_mse_unit": Score("ab MSE × 1e4", 2, False, "over pixels, a and b; 8-bit Lab / 255 (system C)", ab_mse_unit, scale=1e4),
    "mean_ab_mse_unit": Score(
        "mean ab MSE × 1e4", 2, False, "of the picture's mean a and b; 8-bit Lab / 255 (C1)", mean_ab_mse_unit, scale=1e4
    ),
    "lpips": Score("LPIPS", 4, _BETTER["lpips"], "VGG16, v0.1 linear layers, RGB in 0..1, at the pictures' size"),
    "recognized_1": Score("recognized", 3, True, "pictures of which a classifier says first what it says first of the photo"),
    "recognized_5": Score("… among five", 3, True, "pictures of which it says that among the first five"),
    "recognized_gap": Score(
        "… of the gap", 3, True, "share of what grey loses in `recognized` that is won back", share_of="recognized_1"
    ),
    "bin_accuracy": Score("bin accuracy", 4, _BETTER["bin_accuracy"], "pixels of the network's output in the true bin"),
    "bin_accuracy_colored": Score(
        "… of coloured",
        4,
        _BETTER["bin_accuracy"],
        f"the same of pixels farther than {LEAST_CHROMA:g} from neutral in ab",
    ),
}
