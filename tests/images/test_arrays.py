"""What counts as a photo, and 8 bits to floats and back."""

import numpy as np
import pytest
from keras import ops

from kcolor.images import arrays


def numpy(x):
    return ops.convert_to_numpy(x)


def test_there_and_back(rng):
    batch = rng.integers(0, 256, (2, 3, 4, 3), dtype="uint8")
    assert np.array_equal(arrays.to_uint8(arrays.to_float(batch)), batch)
    assert numpy(arrays.to_float(np.full((1, 1, 1, 3), 255, "uint8"))).max() == 1.0


def test_floats_stay_as_they_are():
    half = np.full((1, 2, 2, 3), 0.5, "float64")
    assert numpy(arrays.to_float(half)).dtype == np.float32
    assert np.array_equal(numpy(arrays.to_float(half)), half)
    assert arrays.check_batch(half) is half


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (np.zeros((4, 4, 3), "uint8"), r"Expected `photos` of shape \(batch, height, width, 3\).*Received shape: \(4, 4, 3\)"),
        (np.zeros((2, 3, 4, 4), "uint8"), r"channels last.*\(2, 3, 4, 4\)"),
        (np.zeros((0, 4, 4, 3), "uint8"), "at least one picture"),
        (np.zeros((2, 4, 4, 3), "int32"), "uint8 in 0..255 or floats.*int32"),
        (np.full((2, 4, 4, 3), np.nan, "float32"), "Received NaN"),
        (np.full((2, 4, 4, 3), np.inf, "float32"), r"Received values in \[inf, inf\]"),
        (np.full((2, 4, 4, 3), 200.0), r"Received values in \[200, 200\].*Divide it by 255"),
        (np.full((2, 4, 4, 3), -20.0), "Lab.*lab_to_rgb"),
        (np.array(["a"]), "Expected `photos` of shape"),
    ],
)
def test_refuses_a_batch(batch, message):
    with pytest.raises(ValueError, match=message):
        arrays.check_batch(batch, "photos")


def test_gray_photos_become_three_channels():
    for shape in [(4, 5), (4, 5, 1), (4, 5, 3)]:
        assert arrays.check_photo(np.zeros(shape, "uint8")).shape == (4, 5, 3)
    for shape in [(4,), (4, 5, 2), (4, 5, 4), (0, 5, 3), (1, 4, 5, 3, 1)]:
        with pytest.raises(ValueError, match="Expected `photo` of shape"):
            arrays.check_photo(np.zeros(shape, "uint8"))


def test_to_float_refuses_other_types():
    with pytest.raises(ValueError, match="int16"):
        arrays.to_float(np.zeros((2, 3), "int16"))


def test_a_photo_or_a_batch_is_told_by_its_axes():
    assert arrays.check(np.zeros((4, 5), "uint8")).shape == (4, 5, 3)
    assert arrays.check(np.zeros((2, 4, 5, 3), "uint8")).shape == (2, 4, 5, 3)
    with pytest.raises(ValueError, match=r"`pictures` of shape \(batch"):
        arrays.check(np.zeros((2, 4, 5, 1), "uint8"), "pictures")
    with pytest.raises(ValueError, match=r"`pictures` of shape \(height, width\)"):
        arrays.check(np.zeros((4, 5, 2), "uint8"), "pictures")


def test_a_tensor_rounds_as_an_array_does(rng):
    rgb = rng.uniform(-0.1, 1.1, (2, 3, 4, 3)).astype("float32")
    assert np.array_equal(numpy(arrays.rounded(rgb)), arrays.to_uint8(rgb))


@pytest.mark.parametrize("channel", range(3))
def test_one_channel_of_one_pixel_is_enough_not_to_be_gray(rng, channel):
    photos = rng.integers(0, 256, (2, 5, 7, 1), "uint8").repeat(3, axis=-1)
    assert arrays.is_gray(photos)
    photos[1, 4, 6, channel] ^= 1
    assert not arrays.is_gray(photos)


def test_a_single_pixel_may_be_gray():
    assert arrays.is_gray(np.full((1, 1, 3), 0.5, "float32"))
    assert not arrays.is_gray(np.float32([[[0.5, 0.5, 0.6]]]))
