"""The guided filter: chroma as a local linear function of lightness (He, Sun, Tang 2010)."""

from keras import ops

from kcolor.images.resizing import mirrored

_FLATNESS = 1e-3  # variance of lightness in [0, 1] below which a neighbourhood has no edge


def guided_filter(chroma, luma, reach: int):
    """Chroma as a linear function of lightness around each pixel.

    Args:
        chroma: ``(batch, h, w, channels)``.
        luma: of the same pixels, ``(batch, h, w, 1)`` in [0, 1].
        reach: how many pixels around each are looked at, on every side.

    Returns:
        Coefficients ``(batch, h, w, 2 * channels)``: slopes, then offsets.
    """
    mean_luma, mean_chroma = _box_mean(luma, reach), _box_mean(chroma, reach)
    variance = _box_mean(luma * luma, reach) - mean_luma * mean_luma
    covariance = _box_mean(chroma * luma, reach) - mean_chroma * mean_luma
    slope = covariance / (ops.maximum(variance, 0.0) + _FLATNESS)
    return _box_mean(ops.concatenate([slope, mean_chroma - slope * mean_luma], axis=-1), reach)


def constant_coefficients(chroma):
    """Coefficients of chroma that does not follow lightness: no slopes."""
    return ops.concatenate([ops.zeros_like(chroma), chroma], axis=-1)


def _box_mean(images, reach):
    """The mean of all pixels not farther than `reach`, rows and columns apart; mirrored at the edges."""
    for axis, window in ((1, (2 * reach + 1, 1)), (2, (1, 2 * reach + 1))):
        images = mirrored(images, axis, -reach, ops.shape(images)[axis] + 2 * reach)
        images = ops.average_pool(images, window, strides=1)
    return images
