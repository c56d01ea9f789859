"""What networks are made of."""

import keras
import numpy as np
import pytest
from helpers.counting import conv, norm, weights
from keras import layers, ops

from kcolor.models.blocks import (
    ConstantPlanes,
    Double,
    InputSize,
    batch_norm,
    convolution_block,
    double,
    picture_input,
    pooling_encoder,
)


def numpy(x):
    return ops.convert_to_numpy(x)


def test_picture_input():
    for size, shape in [(None, (None, None, None, 1)), (8, (None, 8, 8, 1)), ((8, 12), (None, 8, 12, 1))]:
        image, checked = picture_input(4, size)
        assert image.name == "luma"
        assert checked.shape == shape
    assert picture_input(4, channels=3)[0].name == "rgb"


def test_input_size_passes_pictures_on_unchanged(rng):
    images = rng.uniform(size=(1, 8, 4, 1)).astype("float32")
    assert np.array_equal(numpy(InputSize(4)(images)), images)
    for shape in [(1, 6, 4, 1), (1, 8, 2, 1)]:
        with pytest.raises(ValueError, match="multiples of 4"):
            InputSize(4)(np.zeros(shape, "float32"))


def test_constant_planes():
    numbers = np.float32([[1, 2], [3, 4]])
    planes = numpy(ConstantPlanes()([numbers, np.zeros((2, 3, 5, 7), "float32")]))
    assert planes.shape == (2, 3, 5, 2)
    assert (planes[1] == [3, 4]).all()


def test_doubling_is_keras_s_bilinear_upsampling(rng):
    for shape in [(2, 3, 5, 4), (1, 1, 1, 1)]:
        images = rng.uniform(size=shape).astype("float32")
        expected = numpy(layers.UpSampling2D(2, interpolation="bilinear")(images))
        assert numpy(Double()(images)) == pytest.approx(expected, abs=1e-6)
        assert numpy(double(ops.convert_to_tensor(images))) == pytest.approx(expected, abs=1e-6)


def test_batch_norm_forgets_its_start():
    norm = batch_norm()
    norm(np.full((4, 2, 2, 1), 5.0, "float32"), training=True)
    for _ in range(40):
        norm(np.full((4, 2, 2, 1), 5.0, "float32"), training=True)
    assert float(numpy(norm.moving_mean)[0]) == pytest.approx(5, rel=0.02)


@pytest.mark.parametrize("use_bias", [True, False])
def test_the_block_of_the_u_nets(use_bias):
    inputs = keras.Input((4, 4, 3))
    model = keras.Model(inputs, convolution_block(inputs, 5, "relu", "down0", use_bias=use_bias))
    names = [layer.name for layer in model.layers[1:]]
    assert names == [f"down0_{part}{step}" for step in (1, 2) for part in ("conv", "norm", "act")]
    assert weights(model) == conv(3, 3, 5, use_bias) + conv(3, 5, 5, use_bias) + 2 * norm(5)


def test_a_pooling_encoder_halves_once_a_stage():
    inputs = keras.Input((16, 24, 3))
    assert pooling_encoder(inputs, (4, 5, 6)).shape == (None, 2, 3, 6)
