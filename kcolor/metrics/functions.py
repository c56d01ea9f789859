"""Figures: how near a coloured picture is to the true one, one number a picture, as pure functions of tensors.

``f(truth, result) -> (batch,)``. Both are photos ``(batch, height, width, 3)``, RGB in [0, 1] (or uint8), and everything is
computed in float32 whatever comes in. `kcolor.metrics` has a Keras metric for each, that averages over a data set.
"""

from keras import ops

from kcolor import bins, color
from kcolor.color.ciede2000 import delta_e_2000
from kcolor.images import arrays
from kcolor.images.blur import gaussian, weigh_neighbors

MSE_FLOOR = 1e-10  # Equal pictures have an infinite PSNR, which would spoil every mean: they count as 100 dB.
RIGHT_MAX, RIGHT_EUCLIDEAN = 0.14, 0.17  # system D's "right" pixel

_WINDOW, _SIGMA = 11, 1.5
_SSIM_C1, _SSIM_C2 = 0.01**2, 0.03**2


def mse(truth, result):
    """Mean squared error of the RGB values, over pixels and channels. ``(batch,)`` in [0, 1]."""
    truth, result = pair(truth, result)
    return ops.mean(ops.square(result - truth), axis=(1, 2, 3))


def rmse(truth, result):
    """Root of `mse`. ``(batch,)`` in [0, 1]."""
    return ops.sqrt(mse(truth, result))


def psnr(truth, result):
    """Peak signal-to-noise ratio in decibels, for the peak 1. ``(batch,)`` in 0..100: equal pictures count as 100 dB."""
    return decibels(mse(truth, result))


def decibels(mean_squared_error):
    """The PSNR of a mean squared error of values in [0, 1]. Any shape; at most 100, which is an error of `MSE_FLOOR`."""
    return -10.0 * ops.log10(ops.maximum(mean_squared_error, MSE_FLOOR))


def ssim(truth, result):
    """Structural similarity, of each RGB channel with a Gaussian window of 11×11, sigma 1.5; the mean of the three.

    The figure of Wang et al., Image quality assessment, 2004: what scikit-image calls ``structural_similarity(channel_axis=-1,
    data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)``. Only windows that lie inside count.

    Args:
        truth: photos of at least 11×11 pixels.
        result: photos of the same shape.

    Returns:
        float32 ``(batch,)``, 1 for equal pictures.
    """
    truth, result = pair(truth, result, smallest=_WINDOW)
    # Variances do not see where zero is; around it float32 has the digits that "mean of squares minus square of mean" loses.
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


def ab_mse(truth, result):
    """Mean over the pixels of the squared distance in the ab plane, da² + db². ``(batch,)``."""
    return ops.mean(_ab_squared(truth, result), axis=(1, 2))


def ab_rmse(truth, result):
    """Root mean square of the distance in the ab plane, *per vector*: sqrt(mean over pixels of (da² + db²)). ``(batch,)``.

    Papers that average over the two channels as well, sqrt(mean of da² and db²), have figures smaller by sqrt(2).
    """
    return ops.sqrt(ab_mse(truth, result))


def ab_distance(truth, result):
    """Mean over the pixels of the Euclidean distance in the ab plane, sqrt(da² + db²). ``(batch,)``."""
    return ops.mean(ops.sqrt(_ab_squared(truth, result)), axis=(1, 2))


def ciede2000(truth, result):
    """Mean over the pixels of the CIEDE2000 colour difference (see `delta_e_2000`). ``(batch,)`` in 0..about 120."""
    truth, result = pair(truth, result)
    return ops.mean(delta_e_2000(color.rgb_to_lab(truth), color.rgb_to_lab(result)), axis=(1, 2))


def colorfulness(result, variant="signed"):
    """How colourful a picture looks, by Hasler and Süsstrunk (Measuring colourfulness in natural images, 2003).

    With rg = R - G and yb = (R + G) / 2 - B, in 0..255: sqrt(σ²rg + σ²yb) + 0.3 · sqrt(μ²rg + μ²yb).

    Args:
        result: photos ``(batch, height, width, 3)``.
        variant: ``"signed"``, the paper's; ``"absolute"``, of |rg| and |yb|, as some repositories and papers have it. The
            latter is smaller, and the two cannot be compared.

    Returns:
        float32 ``(batch,)``: 0 for greys, about 40 for photographs.
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


def check_variant(variant):
    """Refuses what is no variant of `colorfulness`, and returns what is."""
    if variant not in ("signed", "absolute"):
        raise ValueError(f'Unknown `variant` of colorfulness. Expected "signed" or "absolute". Received: {variant!r}')
    return variant


def colorfulness_difference(truth, result, variant="signed"):
    """|colourfulness of the truth - that of the result|, picture by picture. ``(batch,)``."""
    truth, result = pair(truth, result)
    return ops.abs(colorfulness(truth, variant) - colorfulness(result, variant))


def color_drift(truth, result):
    """How far colours are off, one by one and in strength: `ab_distance` plus `colorfulness_difference`. ``(batch,)``.

    The first alone is best for pictures that are too pale, the second alone for any colours if they are strong enough.
    """
    return ab_distance(truth, result) + colorfulness_difference(truth, result)


def pixel_accuracy(truth, result):
    """Share of the pixels that are right: RGB difference below 0.14 in max-norm and below 0.17 in 2-norm. ``(batch,)``."""
    truth, result = pair(truth, result)
    difference = ops.abs(result - truth)
    near = ops.max(difference, axis=-1) < RIGHT_MAX
    right = ops.logical_and(near, ops.sum(ops.square(difference), axis=-1) < RIGHT_EUCLIDEAN**2)
    return ops.mean(ops.cast(right, "float32"), axis=(1, 2))


def bin_accuracy(truth, result, grid):
    """Share of the pixels whose colour lies in the truth's bin of `grid`, a `kcolor.bins.Grid`. ``(batch,)``."""
    truth, result = pair(truth, result)
    true_bin, bin_ = (bins.index(color.rgb_to_lab(rgb)[..., 1:], grid) for rgb in (truth, result))
    return ops.mean(ops.cast(ops.equal(true_bin, bin_), "float32"), axis=(1, 2))


def pair(truth, result, smallest=1):
    """Two batches of photos that can be compared, as float32 in [0, 1]; looks at what is known of their shapes.

    Args:
        truth: tensor ``(batch, height, width, 3)``, floats in [0, 1] or uint8.
        result: the same shape.
        smallest: fewest pixels that height and width may have.

    Returns:
        Both, as float32.

    Raises:
        ValueError: if either is no batch of photos, they differ in shape, or they are too small.
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
