"""Metrics as pure functions of tensors: how close a coloured picture is to the true one, one number per picture.

``f(truth, result) -> (batch,)``. Both arguments are photos ``(batch, height, width, 3)``, RGB in [0, 1] or uint8. Everything
is computed in float32, whatever comes in. `kcolor.metrics` has a Keras metric for each, which averages over a data set.
"""

import numpy as np
from keras import ops

from kcolor import bins, color
from kcolor.color.ciede2000 import delta_e_2000
from kcolor.images import arrays
from kcolor.images.blur import gaussian, weigh_neighbors
from kcolor.utils.types import Tensor

MSE_FLOOR = 1e-10  # equal pictures have an infinite PSNR, which would spoil every mean: they count as 100 dB
RIGHT_MAX, RIGHT_EUCLIDEAN = 0.14, 0.17  # system D's "right" pixel

_WINDOW, _SIGMA = 11, 1.5
_SSIM_C1, _SSIM_C2 = 0.01**2, 0.03**2


def mse(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the mean squared error of the RGB values, over pixels and channels.

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        float32 ``(batch,)`` in [0, 1].

    >>> truth, result = np.full((1, 8, 8, 3), 0.5, "float32"), np.full((1, 8, 8, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.mse(truth, result)[0]), 4)
    0.01
    """
    truth, result = pair(truth, result)
    return ops.mean(ops.square(result - truth), axis=(1, 2, 3))


def rmse(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the root of `mse`: float32 ``(batch,)`` in [0, 1].

    >>> truth, result = np.full((1, 8, 8, 3), 0.5, "float32"), np.full((1, 8, 8, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.rmse(truth, result)[0]), 4)
    0.1
    """
    return ops.sqrt(mse(truth, result))


def psnr(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the peak signal-to-noise ratio in decibels, for the peak 1.

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        float32 ``(batch,)`` in 0..100. Equal pictures count as 100 dB.

    >>> truth, result = np.full((1, 8, 8, 3), 0.5, "float32"), np.full((1, 8, 8, 3), 0.6, "float32")
    >>> round(float(kcolor.metrics.psnr(truth, result)[0]), 2)
    20.0
    """
    return decibels(mse(truth, result))


def decibels(mean_squared_error: Tensor) -> Tensor:
    """Returns the PSNR of a mean squared error of values in [0, 1].

    Args:
        mean_squared_error: Tensor of any shape; or NumPy numbers, which are computed by NumPy in their own precision.

    Returns:
        Decibels of the same shape, at most 100: the PSNR of `MSE_FLOOR`.

    >>> print(kcolor.metrics.decibels(np.array([0.1, 0.01])))
    [10. 20.]
    """
    maths = np if isinstance(mean_squared_error, (np.ndarray, np.generic)) else ops
    return -10.0 * maths.log10(maths.maximum(mean_squared_error, MSE_FLOOR))


def ssim(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the structural similarity, with a Gaussian window of 11×11 and sigma 1.5: the mean over R, G and B.

    This is SSIM as in Wang et al., Image quality assessment, 2004. In scikit-image it is called
    ``structural_similarity(channel_axis=-1, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)``.
    Only windows that lie completely inside the picture count.

    Args:
        truth: Photos ``(batch, height, width, 3)`` of at least 11×11 pixels.
        result: Photos of the same shape.

    Returns:
        float32 ``(batch,)``, 1 for equal pictures.

    >>> photo = np.random.default_rng(0).uniform(size=(1, 16, 16, 3)).astype("float32")
    >>> round(float(kcolor.metrics.ssim(photo, photo)[0]), 4)
    1.0
    """
    truth, result = pair(truth, result, smallest=_WINDOW)
    # Variances do not depend on where zero is. Near zero float32 has the digits that "mean of squares minus square of mean"
    # loses.
    x, y = truth - 0.5, result - 0.5
    # One blur for all four: the window is separable, and written out a GPU does not round it as it does a convolution.
    moments = ops.concatenate([x, y, ops.square(x) + ops.square(y), x * y], axis=-1)
    blurred = weigh_neighbors(moments, gaussian(_SIGMA, _WINDOW // 2))
    mean_x, mean_y, squares, product = ops.split(blurred, 4, axis=-1)
    covariance = product - mean_x * mean_y
    variances = squares - ops.square(mean_x) - ops.square(mean_y)
    mean_x, mean_y = mean_x + 0.5, mean_y + 0.5
    luminance = (2 * mean_x * mean_y + _SSIM_C1) / (ops.square(mean_x) + ops.square(mean_y) + _SSIM_C1)
    return ops.mean(luminance * (2 * covariance + _SSIM_C2) / (variances + _SSIM_C2), axis=(1, 2, 3))


def ab_mse(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the mean over the pixels of the squared distance in the ab plane, da² + db²: float32 ``(batch,)``.

    >>> green, blue = np.zeros((2, 1, 8, 8, 3), "float32")
    >>> green[..., 1], blue[..., 2] = 1, 1
    >>> round(float(kcolor.metrics.ab_mse(green, blue)[0]), -2)
    63800.0
    """
    return ops.mean(_ab_squared(truth, result), axis=(1, 2))


def ab_rmse(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the root mean square of the distance in the ab plane, *per vector*: sqrt(mean over pixels of (da² + db²)).

    Papers that average over the two channels as well, sqrt(mean of da² and db²), report numbers smaller by sqrt(2).

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        float32 ``(batch,)``, in units of Lab.

    >>> green, blue = np.zeros((2, 1, 8, 8, 3), "float32")
    >>> green[..., 1], blue[..., 2] = 1, 1
    >>> round(float(kcolor.metrics.ab_rmse(green, blue)[0]), 1)
    252.7
    """
    return ops.sqrt(ab_mse(truth, result))


def ab_distance(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the mean over the pixels of the Euclidean distance in the ab plane, sqrt(da² + db²): float32 ``(batch,)``.

    >>> green, gray = np.zeros((1, 8, 8, 3), "float32"), np.full((1, 8, 8, 3), 0.5, "float32")
    >>> green[..., 1] = 1
    >>> round(float(kcolor.metrics.ab_distance(green, gray)[0]), 1)
    119.8
    """
    return ops.mean(ops.sqrt(_ab_squared(truth, result)), axis=(1, 2))


def ciede2000(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the mean over the pixels of the CIEDE2000 colour difference (see `delta_e_2000`).

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.

    Returns:
        float32 ``(batch,)`` in 0..about 120.

    >>> black, white = np.zeros((1, 8, 8, 3), "float32"), np.ones((1, 8, 8, 3), "float32")
    >>> round(float(kcolor.metrics.ciede2000(black, white)[0]), 2)
    100.0
    """
    truth, result = pair(truth, result)
    return ops.mean(delta_e_2000(color.rgb_to_lab(truth), color.rgb_to_lab(result)), axis=(1, 2))


def colorfulness(result: Tensor, variant: str = "signed") -> Tensor:
    """Returns how colourful a picture looks, by Hasler and Süsstrunk (Measuring colourfulness in natural images, 2003).

    With rg = R - G and yb = (R + G) / 2 - B, in 0..255: sqrt(σ²rg + σ²yb) + 0.3 · sqrt(μ²rg + μ²yb).

    Args:
        result: Photos ``(batch, height, width, 3)``.
        variant: ``"signed"`` as in the paper; ``"absolute"`` takes |rg| and |yb|, as some repositories and papers do. The
            latter is smaller, and the two cannot be compared.

    Returns:
        float32 ``(batch,)``: 0 for greys, about 40 for photographs.

    >>> gray = np.full((1, 8, 8, 3), 0.5, "float32")
    >>> float(kcolor.metrics.colorfulness(gray)[0])
    0.0
    """
    check_variant(variant)
    result = _picture(result, "result")
    red, green, blue = result[..., 0], result[..., 1], result[..., 2]
    opponents = ops.stack([red - green, (red + green) / 2 - blue], axis=-1)
    if variant == "absolute":
        opponents = ops.abs(opponents)
    mean = ops.mean(opponents, axis=(1, 2), keepdims=True)
    variance = ops.mean(ops.square(opponents - mean), axis=(1, 2))
    spread, offset = ops.sum(variance, axis=-1), ops.sum(ops.square(mean[:, 0, 0]), axis=-1)
    return 255.0 * (ops.sqrt(spread) + 0.3 * ops.sqrt(offset))


def check_variant(variant: str) -> str:
    """Raises ValueError unless `variant` is one of `colorfulness`; returns it."""
    if variant not in ("signed", "absolute"):
        raise ValueError(f'Unknown `variant` of colorfulness. Expected "signed" or "absolute". Received: {variant!r}')
    return variant


def colorfulness_difference(truth: Tensor, result: Tensor, variant: str = "signed") -> Tensor:
    """Returns |colourfulness of the truth - colourfulness of the result|, picture by picture: float32 ``(batch,)``.

    >>> gray = np.full((1, 8, 8, 3), 0.5, "float32")
    >>> float(kcolor.metrics.colorfulness_difference(gray, gray)[0])
    0.0
    """
    truth, result = pair(truth, result)
    return ops.abs(colorfulness(truth, variant) - colorfulness(result, variant))


def color_drift(truth: Tensor, result: Tensor) -> Tensor:
    """Returns `ab_distance` plus `colorfulness_difference`: wrong colours and wrong strength in one number, ``(batch,)``.

    The first alone is best for pictures that are too pale, the second alone for any colours if they are strong enough.

    >>> gray = np.full((1, 8, 8, 3), 0.5, "float32")
    >>> float(kcolor.metrics.color_drift(gray, gray)[0])
    0.0
    """
    return ab_distance(truth, result) + colorfulness_difference(truth, result)


def pixel_accuracy(truth: Tensor, result: Tensor) -> Tensor:
    """Returns the share of the pixels whose RGB differs by less than 0.14 in max-norm and 0.17 in 2-norm: ``(batch,)``.

    >>> truth, result = np.full((1, 8, 8, 3), 0.5, "float32"), np.full((1, 8, 8, 3), 0.5, "float32")
    >>> result[:, :4] = 1.0
    >>> float(kcolor.metrics.pixel_accuracy(truth, result)[0])
    0.5
    """
    truth, result = pair(truth, result)
    difference = ops.abs(result - truth)
    # Not `ops.max` over the channels: it would refuse an empty batch on PyTorch.
    red, green, blue = (difference[..., channel] < RIGHT_MAX for channel in range(3))
    near = ops.logical_and(red, ops.logical_and(green, blue))
    right = ops.logical_and(near, ops.sum(ops.square(difference), axis=-1) < RIGHT_EUCLIDEAN**2)
    return ops.mean(ops.cast(right, "float32"), axis=(1, 2))


def bin_accuracy(truth: Tensor, result: Tensor, grid: bins.Grid) -> Tensor:
    """Returns the share of the pixels whose colour lies in the same bin as the truth: float32 ``(batch,)``.

    Args:
        truth: Photos ``(batch, height, width, 3)``.
        result: Photos of the same shape.
        grid: `kcolor.bins.Grid`.

    >>> green, gray = np.zeros((1, 8, 8, 3), "float32"), np.full((1, 8, 8, 3), 0.5, "float32")
    >>> green[..., 1] = 1
    >>> float(kcolor.metrics.bin_accuracy(green, gray, kcolor.bins.uniform_grid(6))[0])
    0.0
    """
    truth, result = pair(truth, result)
    true_bin, bin_ = (bins.index(color.rgb_to_lab(rgb)[..., 1:], grid) for rgb in (truth, result))
    return ops.mean(ops.cast(ops.equal(true_bin, bin_), "float32"), axis=(1, 2))


def pair(truth: Tensor, result: Tensor, smallest: int = 1) -> tuple[Tensor, Tensor]:
    """Checks two batches of photos that are to be compared, and returns them as float32 in [0, 1].

    Args:
        truth: Tensor ``(batch, height, width, 3)``, floats in [0, 1] or uint8. What is unknown of its shape is not checked.
        result: Tensor of the same shape.
        smallest: Integer. Fewest pixels that height and width may have.

    Returns:
        Both, as float32.

    Raises:
        ValueError: If either is not a batch of photos, their shapes differ, or they are too small.
    """
    truth, result = _picture(truth, "truth"), _picture(result, "result")
    shapes = f"{tuple(truth.shape)} and {tuple(result.shape)}"
    if any(None not in sizes and len(set(sizes)) > 1 for sizes in zip(truth.shape, result.shape, strict=True)):
        raise ValueError(f"Expected truth and result of the same shape. Received shapes: {shapes}")
    if any(size is not None and size < smallest for picture in (truth, result) for size in picture.shape[1:3]):
        raise ValueError(f"Expected pictures of at least {smallest}×{smallest} pixels. Received shapes: {shapes}")
    return truth, result


def _picture(picture, name):
    picture = arrays.to_float(picture)
    if len(picture.shape) != 4 or picture.shape[-1] != 3:
        raise ValueError(f"Expected {name} of shape (batch, height, width, 3). Received shape: {tuple(picture.shape)}")
    return picture


def _ab_squared(truth, result):
    truth, result = pair(truth, result)
    difference = color.rgb_to_lab(result)[..., 1:] - color.rgb_to_lab(truth)[..., 1:]
    return ops.sum(ops.square(difference), axis=-1)
