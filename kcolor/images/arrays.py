"""What counts as a photo, and what is refused: the one place where arrays from outside are looked at.

A photo is an RGB array ``(height, width, 3)``, or a batch of them, in uint8 or in floats in [0, 1]. Everything else that
looks like one (floats in 0..255, Lab, NaN, BGR planes first) would give a wrong picture without a word, so it is refused.
"""

import numpy as np
from keras import backend, ops


def to_float(photos):
    """A tensor of photos, uint8 or float, to float32 RGB in [0, 1]. Looks at the type only, so it runs inside graphs.

    Args:
        photos: tensor ``(..., 3)``, uint8 in 0..255 or floats in [0, 1].

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    photos = ops.convert_to_tensor(photos)
    dtype = backend.standardize_dtype(photos.dtype)
    if dtype == "uint8":
        return ops.cast(photos, "float32") / 255.0
    if backend.is_float_dtype(dtype):
        return ops.cast(photos, "float32")
    raise ValueError(f"Expected photos as uint8 in 0..255 or floats in [0, 1]. Received dtype: {dtype}")


def rounded(rgb):
    """Float RGB in [0, 1] to uint8 levels, the nearest ones, as a tensor: `to_uint8` for graphs."""
    return ops.cast(ops.round(ops.clip(rgb, 0.0, 1.0) * 255.0), "uint8")


def to_uint8(rgb):
    """Float RGB in [0, 1] to a uint8 numpy array, rounded to the nearest level."""
    return np.clip(np.rint(ops.convert_to_numpy(rgb) * 255.0), 0, 255).astype("uint8")


def check_batch(photos, name="photos"):
    """A batch of photos as somebody gave it, looked at closely.

    Args:
        photos: array ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
        name: what to call it in the message.

    Returns:
        The same array, as numpy.

    Raises:
        ValueError: that says what was expected and what came.
    """
    array = _as_numpy(photos)
    if array.ndim != 4 or array.shape[-1] != 3:
        raise ValueError(
            f"Expected `{name}` of shape (batch, height, width, 3), RGB and channels last. Received shape: {array.shape}"
        )
    if array.size == 0:
        raise ValueError(f"Expected `{name}` with at least one picture and one pixel. Received shape: {array.shape}")
    _check_values(array, name)
    return array


def check_photo(photo, name="photo"):
    """One photo as somebody gave it: ``(h, w)`` or ``(h, w, 1)`` grey, or ``(h, w, 3)``; returned as ``(h, w, 3)`` numpy."""
    array = _as_numpy(photo)
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[-1] not in (1, 3) or array.size == 0:
        raise ValueError(
            f"Expected `{name}` of shape (height, width), (height, width, 1) or (height, width, 3). "
            f"Received shape: {np.shape(photo)}"
        )
    _check_values(array, name)
    return np.repeat(array, 3, axis=-1) if array.shape[-1] == 1 else array


def check(pictures, name="photos"):
    """A photo or a batch of photos: `check_batch` for what has four axes, `check_photo` for all else."""
    return check_batch(pictures, name) if len(np.shape(pictures)) == 4 else check_photo(pictures, name)


def _check_values(array, name):
    """Refuses an array whose type or values are not those of RGB; the range decides between "0..255" and "Lab"."""
    if array.dtype == np.uint8:
        return
    if array.dtype.kind != "f":
        raise ValueError(f"Expected `{name}` as uint8 in 0..255 or floats in [0, 1]. Received dtype: {array.dtype}")
    low, high = float(array.min()), float(array.max())  # NaN, if there is one, comes out of both
    if np.isnan(low) or np.isnan(high):
        raise ValueError(f"Expected `{name}` with finite values in [0, 1]. Received NaN")
    # Half a grey level of slack: resampling filters and float16 overshoot by that much.
    if low < -0.002 or high > 1.002:
        hint = "Lab? Convert it with kcolor.color.lab_to_rgb" if low < 0 else "0..255? Divide it by 255 or pass uint8"
        raise ValueError(f"Expected `{name}` as floats in [0, 1]. Received values in [{low:.3g}, {high:.3g}] ({hint})")


def _as_numpy(array):
    return ops.convert_to_numpy(array) if ops.is_tensor(array) else np.asarray(array)
