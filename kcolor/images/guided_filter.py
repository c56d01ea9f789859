"""The guided filter: chroma as a local linear function of lightness (He, Sun, Tang 2010)."""

from keras import ops

from kcolor.images.resizing import mirrored
from kcolor.utils.types import Tensor

_FLATNESS = 1e-3  # variance of lightness in [0, 1] below which a neighbourhood has no edge


def guided_filter(chroma: Tensor, luma: Tensor, reach: int, flatness: float | Tensor = _FLATNESS) -> Tensor:
    """Returns chroma as a linear function of lightness around each pixel: slopes and offsets.

    The chroma of a pixel is ``slope * luma + offset``. Stretched to a larger picture, slopes and offsets follow its edges,
    which stretched chroma does not.

    >>> chroma, luma = np.zeros((1, 8, 8, 2), "float32"), np.zeros((1, 8, 8, 1), "float32")
    >>> tuple(guided_filter(chroma, luma, reach=2).shape)
    (1, 8, 8, 4)

    Args:
        chroma: Float tensor ``(batch, height, width, channels)``.
        luma: Float tensor ``(batch, height, width, 1)`` in [0, 1]. Lightness of the same pixels.
        reach: Integer. How many pixels around each are looked at, on every side.
        flatness: Float, or floats ``(batch, 1, 1, 1)``. Variance of lightness below which a neighbourhood has no edge.

    Returns:
        Coefficients, a float tensor ``(batch, height, width, 2 * channels)``: first the slopes, then the offsets.
    """
    # All means at once: each one by itself would have operations of its own for the mirrored edges.
    products = ops.concatenate([luma, luma * luma, chroma, chroma * luma], axis=-1)
    channels = chroma.shape[-1]
    mean_luma, mean_square, mean_chroma, mean_product = ops.split(box_mean(products, reach), [1, 2, 2 + channels], axis=-1)
    variance = mean_square - mean_luma * mean_luma
    covariance = mean_product - mean_chroma * mean_luma
    slope = covariance / ops.add(ops.maximum(variance, 0.0), flatness)
    return box_mean(ops.concatenate([slope, mean_chroma - slope * mean_luma], axis=-1), reach)


def constant_coefficients(chroma: Tensor) -> Tensor:
    """Returns the coefficients of chroma that does not follow lightness: the slopes are 0, the offsets the chroma.

    >>> ops.convert_to_numpy(constant_coefficients(np.ones((1, 1, 1, 2), "float32")))[0, 0, 0]
    array([0., 0., 1., 1.], dtype=float32)

    Args:
        chroma: Float tensor ``(..., channels)``.

    Returns:
        Float tensor ``(..., 2 * channels)``.
    """
    return ops.concatenate([ops.zeros_like(chroma), chroma], axis=-1)


def box_mean(images: Tensor, reach: int) -> Tensor:
    """Returns the mean of all pixels around each that are not farther away; mirrored at the edges.

    >>> ops.convert_to_numpy(box_mean(np.arange(9, dtype="float32").reshape(1, 3, 3, 1), reach=1))[0, 1, 1, 0]
    np.float32(4.0)

    Args:
        images: Float tensor ``(batch, height, width, channels)``.
        reach: Integer. How far, rows and columns apart.

    Returns:
        Float tensor of the shape of `images`.
    """
    window = 2 * reach + 1
    for axis in (1, 2):
        images = mirrored(images, axis, -reach, ops.shape(images)[axis] + 2 * reach)
        images = _window_sums(images, axis, window) / window
    return images


def _window_sums(images, axis, window):
    """Sums of so many neighbours in a row. Of sums of 1, 2, 4, … pixels: pooling takes several times as long."""
    total, start, sums, width = 0.0, 0, images, 1
    while True:
        if window & width:
            total = total + _between(sums, axis, start, window - width - start)
            start += width
        if start == window:
            return total
        sums = _between(sums, axis, 0, width) + _between(sums, axis, width, 0)
        width *= 2


def _between(images, axis, first, last):
    """Images without so many first and last rows or columns."""
    rows = slice(first, -last or None)
    return images[:, rows] if axis == 1 else images[:, :, rows]
