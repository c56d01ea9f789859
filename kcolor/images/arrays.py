"""Photos as arrays: what counts as one, checks of arrays that users pass, and 8 bits to floats and back.

A photo is an RGB array ``(height, width, 3)``, or a batch of them, as uint8 or as floats in [0, 1]. Other arrays that look
alike (floats in 0..255, Lab, NaN, channels first) would give wrong colours without any message. So the checks raise an error.
"""

import numpy as np
from keras import backend, ops

from kcolor.utils.types import Tensor


def to_float(photos: Tensor) -> Tensor:
    """Returns photos as float32 RGB in [0, 1]. It looks at the dtype only, so it runs inside graphs.

    >>> ops.convert_to_numpy(kcolor.photos.to_float(np.uint8([[[0, 51, 255]]])))
    array([[[0. , 0.2, 1. ]]], dtype=float32)

    Args:
        photos: Tensor ``(..., 3)``: uint8 in 0..255, or floats in [0, 1].

    Returns:
        float32 tensor of the same shape in [0, 1].

    Raises:
        ValueError: If the dtype is another one.
    """
    photos = ops.convert_to_tensor(photos)
    dtype = backend.standardize_dtype(photos.dtype)
    if dtype == "uint8":
        return ops.cast(photos, "float32") / 255.0
    if backend.is_float_dtype(dtype):
        return ops.cast(photos, "float32")
    raise ValueError(f"Expected photos as uint8 in 0..255 or floats in [0, 1]. Received dtype: {dtype}")


def is_gray(photos: np.ndarray) -> bool:
    """Returns whether the three channels are equal everywhere.

    >>> kcolor.photos.is_gray(np.uint8([[[7, 7, 7], [9, 9, 9]]])), kcolor.photos.is_gray(np.uint8([[[7, 7, 8]]]))
    (True, False)

    Args:
        photos: Array ``(..., 3)`` of any dtype.
    """
    # Neighbours in memory are compared: channels, which lie apart, would take three times as long.
    values = photos.reshape(-1)
    differ = values[1:] != values[:-1]
    differ[2::3] = False  # the blue of one pixel and the red of the next
    return not differ.any()


def rounded(rgb: Tensor) -> Tensor:
    """Returns RGB in 8 bits as a tensor: `to_uint8` for graphs.

    >>> ops.convert_to_numpy(kcolor.photos.rounded(np.float32([0.2, 0.5, 1.1])))
    array([ 51, 128, 255], dtype=uint8)

    Args:
        rgb: Float tensor of any shape. Values outside [0, 1] are clipped.

    Returns:
        uint8 tensor of the same shape, rounded to the nearest level.
    """
    return ops.cast(ops.round(ops.clip(rgb, 0.0, 1.0) * 255.0), "uint8")


def to_uint8(rgb: Tensor) -> np.ndarray:
    """Returns RGB in 8 bits as a NumPy array.

    >>> kcolor.photos.to_uint8(np.float32([0.2, 0.5, 1.1]))
    array([ 51, 128, 255], dtype=uint8)

    Args:
        rgb: Float tensor of any shape. Values outside [0, 1] are clipped.

    Returns:
        uint8 array of the same shape, rounded to the nearest level.
    """
    return np.clip(np.rint(ops.convert_to_numpy(rgb) * 255.0), 0, 255).astype("uint8")


def check_batch(photos: Tensor, name: str = "photos") -> np.ndarray:
    """Raises ValueError unless an array is a batch of photos.

    >>> kcolor.photos.check_batch(np.zeros((2, 4, 6, 3), "uint8")).shape
    (2, 4, 6, 3)
    >>> kcolor.photos.check_batch(np.full((2, 4, 6, 3), 200.0))
    Traceback (most recent call last):
    ValueError: Expected `photos` as floats in [0, 1]. Received values in [200, 200] (0..255? Divide it by 255 or pass uint8)

    Args:
        photos: Array or tensor ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
        name: Name of the argument, for the message.

    Returns:
        The same array, as NumPy.

    Raises:
        ValueError: That says what was expected and what came.
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


def check_photo(photo: Tensor, name: str = "photo") -> np.ndarray:
    """Raises ValueError unless an array is one photo.

    >>> kcolor.photos.check_photo(np.zeros((4, 6), "uint8")).shape
    (4, 6, 3)

    Args:
        photo: Array or tensor: grey ``(height, width)`` or ``(height, width, 1)``, or RGB ``(height, width, 3)``; uint8 or
            floats in [0, 1].
        name: Name of the argument, for the message.

    Returns:
        The photo as a NumPy array ``(height, width, 3)`` of the same dtype.

    Raises:
        ValueError: That says what was expected and what came.
    """
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


def check(pictures: Tensor, name: str = "photos") -> np.ndarray:
    """Raises ValueError unless an array is a photo or a batch of photos.

    >>> kcolor.photos.check(np.zeros((4, 6, 3), "uint8")).shape
    (4, 6, 3)

    Args:
        pictures: Array or tensor. With four axes it is checked by `check_batch`, otherwise by `check_photo`.
        name: Name of the argument, for the message.

    Returns:
        NumPy array ``(height, width, 3)`` or ``(batch, height, width, 3)``.
    """
    return check_batch(pictures, name) if len(np.shape(pictures)) == 4 else check_photo(pictures, name)


def _check_values(array, name):
    """Raises ValueError unless dtype and values are those of RGB. The range of the values decides what the hint is."""
    if array.dtype == np.uint8:
        return
    if array.dtype.kind != "f":
        raise ValueError(f"Expected `{name}` as uint8 in 0..255 or floats in [0, 1]. Received dtype: {array.dtype}")
    low, high = float(array.min()), float(array.max())  # if there is a NaN, both are NaN
    if np.isnan(low) or np.isnan(high):
        raise ValueError(f"Expected `{name}` with finite values in [0, 1]. Received NaN")
    # Half a grey level is allowed for: resampling filters and float16 overshoot by that much.
    if low < -0.002 or high > 1.002:
        hint = "Lab? Convert it with kcolor.color.lab_to_rgb" if low < 0 else "0..255? Divide it by 255 or pass uint8"
        raise ValueError(f"Expected `{name}` as floats in [0, 1]. Received values in [{low:.3g}, {high:.3g}] ({hint})")


def _as_numpy(array):
    array = ops.convert_to_numpy(array) if ops.is_tensor(array) else np.asarray(array)
    return array.astype("float32") if array.dtype.name == "bfloat16" else array  # for NumPy that is no kind of float
