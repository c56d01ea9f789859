"""What counts as a photo; changing sizes."""

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from kcolor.images import arrays
from kcolor.images.graph_sizes import ceiling, choose, either, least, most, neither, rounded_ratio
from kcolor.images.resizing import mirror_pad, mirrored, reduced, resize, shrink

TENSORFLOW = keras.backend.backend() == "tensorflow"


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


@pytest.mark.parametrize("size", [(16, 24), (10, 13), (64, 96), (32, 20), (7, 100)])
def test_resizing_is_pillows(samples, size):
    plane = samples["beach"][:32, :48, 0].astype("float32") / 255
    expected = np.asarray(Image.fromarray(plane).resize(size[::-1], Image.Resampling.BILINEAR))
    ours = numpy(resize(plane[None, ..., None], size))[0, ..., 0]
    assert np.abs(ours - expected).max() < 1e-3


def test_resizing_to_the_same_size_is_nothing(rng):
    image = rng.uniform(size=(1, 8, 9, 2)).astype("float32")
    assert resize(image, (8, 9)) is image


def test_mirrors_again_and_again():
    row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    padded = numpy(mirror_pad(row, (2, 10)))
    assert padded[0, 0, :, 0].tolist() == [0, 1, 2, 2, 1, 0, 0, 1, 2, 2]
    assert padded.shape == (1, 2, 10, 1)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="graphs of unknown sizes are TensorFlow's")
@pytest.mark.parametrize("size", [(5, 4), (3, 9), (13, 2), (20, 16)])
def test_sizes_of_a_graph_are_the_same_arithmetic(size, rng):
    import tensorflow as tf

    images = rng.uniform(size=(2, 5, 4, 3)).astype("float32")
    signature = [tf.TensorSpec((None, None, None, 3)), tf.TensorSpec((2,), "int32")]
    graph = tf.function(lambda images, size: resize(images, (size[0], size[1])), input_signature=signature)
    assert np.array_equal(numpy(graph(images, np.array(size, "int32"))), numpy(resize(images, size)))


@pytest.mark.parametrize("factor", [1, 2, 3, 5, 6, 7, 11, 15])
@pytest.mark.parametrize("size", [(60, 90), (61, 97)])
def test_8_bit_pictures_are_reduced_as_pillow_does(samples, size, factor):
    picture = samples["hats"][: size[0], : size[1]]
    expected = np.asarray(Image.fromarray(picture).reduce(factor))
    for given in (factor, ops.convert_to_tensor(factor)) if TENSORFLOW else (factor,):  # graphs of any size are TensorFlow's
        assert np.array_equal(numpy(reduced(ops.convert_to_tensor(picture[None]), given))[0], expected)


def test_what_is_known_is_chosen_at_once(rng):
    one, other = rng.random((2, 3)).astype("float32"), np.zeros((2, 3), "float32")
    assert choose(True, lambda: one, lambda: 1 / 0) is one
    for condition in (True, False):
        assert np.array_equal(choose(ops.convert_to_tensor(condition), lambda: one, lambda: other), one if condition else other)
    assert (either(False, True), neither(False, True), neither(False, False)) == (True, False, True)
    yes = ops.convert_to_tensor(True)
    assert (bool(either(yes, False)), bool(neither(yes, False))) == (True, False)
    assert [ceiling(size, 4) for size in (1, 4, 5)] == [1, 1, 2]


@pytest.mark.parametrize(("size", "divisor"), [(7, 2), (9, 4), (10, 4), (11, 4), (0, 3), (5, 5)])
def test_whole_numbers_are_rounded_exactly(size, divisor):
    expected = int(np.floor(size / divisor + 0.5))
    assert rounded_ratio(size, divisor) == expected
    assert int(rounded_ratio(ops.convert_to_tensor(size), divisor)) == expected
    assert (least(size, divisor), most(size, divisor)) == (min(size, divisor), max(size, divisor))
    assert int(least(ops.convert_to_tensor(size), divisor)) == min(size, divisor)
    assert int(most(ops.convert_to_tensor(size), divisor)) == max(size, divisor)


def test_mirrors_on_both_sides():
    row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    assert numpy(mirrored(row, 2, -4, 8))[0, 0, :, 0].tolist() == [2, 2, 1, 0, 0, 1, 2, 2]


def test_shrinking_is_the_mean_of_blocks():
    image = np.arange(8, dtype="float32").reshape(1, 2, 4, 1)
    assert numpy(shrink(image, 2))[0, ..., 0].tolist() == [[2.5, 4.5]]
    assert numpy(shrink(image, (1, 4)))[0, ..., 0].tolist() == [[1.5], [5.5]]
