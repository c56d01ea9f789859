"""Which sizes networks take and at which size they see photos."""

import keras
import pytest
from helpers.colorizers import small
from keras import layers

from kcolor import models
from kcolor.colorizer.input_size import InputSizes, fixed_size, input_channels, input_stride, output_stride, photo_input


def test_keeps_a_panorama_bounded():
    colorizer = small(size=32)
    assert colorizer.forward_pass.sizes.seen(100, 200) == (32, 64)
    assert colorizer.forward_pass.sizes.seen(100, 100000) == (1, 128)


def test_a_working_size_is_the_shorter_side():
    sizes = InputSizes(fixed=None, working=32, stride=8)
    assert sizes.seen(64, 128) == (32, 64)
    assert sizes.seen(64, 128, working=16) == (16, 32)
    assert InputSizes(fixed=None, working=None, stride=8).seen(30, 50) == (30, 50)
    assert sizes.framed(30, 33) == (32, 40)


def test_a_network_of_one_size_sees_photos_scaled_to_fit():
    sizes = InputSizes(fixed=(16, 16), working=None, stride=8)
    assert sizes.seen(40, 100) == (6, 16)
    assert sizes.framed(6, 16) == (16, 16)


def test_what_a_network_says_of_its_input():
    plain = models.build("unet", "lab", filters=(4, 8, 8))
    fixed = models.build("autoencoder", "rgb", size=(8, 12), input_channels=3)
    guided = models.build("encoder_decoder", "lab", guide=True)
    luma = keras.Input((None, None, 1))
    foreign = keras.Model(luma, layers.Conv2D(2, 1)(luma))
    assert [input_stride(network) for network in (plain, fixed, guided, foreign)] == [4, 4, 32, 32]
    assert [fixed_size(network) for network in (plain, fixed, guided)] == [None, (8, 12), None]
    assert [input_channels(network) for network in (plain, fixed, guided)] == [1, 3, 1]


@pytest.mark.slow
def test_how_many_pixels_an_answer_stands_for():
    half = models.build("pretrained_unet", "lab", weights=None, filters=(4,), output_stride=2)
    guided = models.build("encoder_decoder", "lab", guide=True)
    fixed = models.build("autoencoder", "rgb", size=(8, 12))
    pooled = models.build("mean_regressor", "mean_ab", stages=2)
    strides = [output_stride(network, input_stride(network)) for network in (half, guided, fixed, pooled)]
    assert strides == [2, 1, 1, 1]
    luma = keras.Input((None, None, 1))
    valid = keras.Model(luma, layers.Conv2D(2, 3)(luma))
    with pytest.raises(ValueError, match="whole fraction.*has 30×30. Check its `stride`, 32"):
        output_stride(valid, 32)


def test_the_photo_input_is_the_one_called_luma():
    guided = models.build("encoder_decoder", "lab", guide=True)
    assert photo_input(guided).name.startswith("luma")
    plain = models.build("unet", "lab", filters=(4,))
    assert photo_input(plain) is plain.inputs[0]
