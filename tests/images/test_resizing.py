"""Changing sizes: as Pillow does, in graphs of any size too, and mirrored margins."""

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from kcolor import backbones, models, targets
from kcolor.images.resizing import mirror_pad, mirrored, mirrored_places, reduced, resize, shrink

TENSORFLOW = keras.backend.backend() == "tensorflow"


def numpy(x):
    return ops.convert_to_numpy(x)


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


def test_mirrors_on_both_sides():
    row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    assert numpy(mirrored(row, 2, -4, 8))[0, 0, :, 0].tolist() == [2, 2, 1, 0, 0, 1, 2, 2]


def test_a_margin_is_not_negative():
    with pytest.raises(ValueError, match=r"at most 2×2. Received shape: \(1, 3, 2, 1\)"):
        mirror_pad(np.zeros((1, 3, 2, 1), "float32"), (2, 2))


def test_places_between_pixels_are_mirrored_as_pixels_are():
    row = np.arange(3, dtype="float32")
    pixels = numpy(mirrored(row.reshape(1, 1, 3, 1), 2, -7, 15))[0, 0, :, 0]
    assert numpy(mirrored_places(np.arange(-7, 8, dtype="float32"), 3)).tolist() == pixels.tolist()
    assert numpy(mirrored_places(np.float32([-0.75, 2.75]), 3)).tolist() == [-0.25, 2.25]


def test_shrinking_is_the_mean_of_blocks():
    image = np.arange(8, dtype="float32").reshape(1, 2, 4, 1)
    assert numpy(shrink(image, 2))[0, ..., 0].tolist() == [[2.5, 4.5]]
    assert numpy(shrink(image, (1, 4)))[0, ..., 0].tolist() == [[1.5], [5.5]]


def test_keras_may_be_set_to_channels_first():
    picture = np.random.default_rng(0).random((1, 8, 12, 3)).astype("float32")
    expected = ops.convert_to_numpy(shrink(picture, 2))
    keras.config.set_image_data_format("channels_first")
    try:
        assert np.array_equal(ops.convert_to_numpy(shrink(picture, 2)), expected)
        for network in (models.build("unet", "lab", filters=(4, 8)), models.unet(targets.get("lab"), filters=(4, 8))):
            assert network.output_shape == (None, None, None, 2)
        assert models.patchgan(filters=4).output_shape == (None, None, None, 1)
        assert backbones.Features(None, ["block1_conv1"])(picture)[0].shape == (1, 8, 12, 64)
    finally:
        keras.config.set_image_data_format("channels_last")
