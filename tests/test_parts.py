"""The small parts that networks and colorizers are made of."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from kcolor import losses, models, targets
from kcolor.colorizer.compatibility import check_match, find_loss, find_metric, in_float16
from kcolor.colorizer.input_size import fixed_size, input_channels, input_stride, output_stride
from kcolor.models.blocks import ConstantPlanes, Double, InputSize, batch_norm, double, picture_input


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


def test_what_a_network_says_of_its_input():
    plain = models.build("unet", "lab", filters=(4, 8, 8))
    fixed = models.build("autoencoder", "rgb", size=(8, 12), input_channels=3)
    guided = models.build("encoder_decoder", "lab", guide=True)
    luma = keras.Input((None, None, 1))
    foreign = keras.Model(luma, layers.Conv2D(2, 1)(luma))
    assert [input_stride(network) for network in (plain, fixed, guided, foreign)] == [4, 4, 32, 32]
    assert [fixed_size(network) for network in (plain, fixed, guided)] == [None, (8, 12), None]
    assert [input_channels(network) for network in (plain, fixed, guided)] == [1, 3, 1]


def test_how_many_pixels_an_answer_stands_for():
    half = models.build("pretrained_unet", "lab", weights=None, filters=(4,), output_stride=2)
    guided = models.build("encoder_decoder", "lab", guide=True)
    fixed = models.build("autoencoder", "rgb", size=(8, 12))
    pooled = models.build("mean_regressor", "mean_ab", stages=2)
    strides = [output_stride(network, input_stride(network)) for network in (half, guided, fixed, pooled)]
    assert strides == [2, 1, 1, 1]
    luma = keras.Input((None, None, 1))
    valid = keras.Model(luma, layers.Conv2D(2, 3)(luma))
    with pytest.raises(ValueError, match="whole fraction.*answers 30×30; is its `stride`, 32, right"):
        output_stride(valid, 32)


def test_check_match_accepts_every_builder_and_foreign_networks():
    check_match(models.build("unet", "lab", filters=(4,)), targets.get("lab"))
    luma = keras.Input((None, None, 1))
    check_match(keras.Model(luma, ops.tanh(layers.Conv2D(2, 1)(luma))), targets.get("lab"))
    five = keras.Input((None, None, 5))
    network = keras.Model(five, layers.Conv2D(2, 1)(five))
    with pytest.raises(ValueError, match="sees 1 channel or 3. Its input is .*5"):
        check_match(network, targets.get("lab"))


def test_check_match_looks_into_activation_layers_and_nested_models():
    luma = keras.Input((None, None, 1))
    relu = keras.Model(luma, layers.ReLU()(layers.Conv2D(2, 1)(luma)))
    sigmoid = keras.Model(luma, layers.Conv2D(2, 1, activation="sigmoid")(luma))
    outer = keras.Input((None, None, 1))
    for network in (relu, keras.Model(outer, sigmoid(outer))):
        with pytest.raises(ValueError, match="does not fit the target Lab"):
            check_match(network, targets.get("lab"))
    two = [keras.Input((None, None, 1)), keras.Input((None, None, 1))]
    with pytest.raises(ValueError, match="Expected a network with one input"):
        check_match(keras.Model(two, layers.Conv2D(2, 1)(layers.Add()(two))), targets.get("lab"))


def test_find_loss_and_metric_by_name():
    bins = targets.get("bins", grid=4)
    assert isinstance(find_loss(None, bins), losses.BinCrossEntropy)
    assert isinstance(find_loss("mae", targets.get("lab")), keras.losses.MeanAbsoluteError)
    for name in ("log_cosh", "LogCosh"):
        assert isinstance(find_loss(name, targets.get("lab")), keras.losses.LogCosh)
    with pytest.raises(ValueError, match="loss for distributions"):
        find_loss("mean_squared_error", bins)
    with pytest.raises(ValueError, match="a name or a keras.losses.Loss"):
        find_loss(lambda truth, raw: 0.0, bins)
    assert find_metric("bin_accuracy", bins).get_config()["grid"]["config"]["step"] == 255 / 4
    assert find_metric("psnr", bins).name == "psnr"


def test_in_float16_looks_at_layers(policy):
    policy("mixed_float16")
    half = models.build("unet", "lab", filters=(4,))
    policy("float32")
    full = models.build("unet", "lab", filters=(4,))
    outer = keras.Input((None, None, 1))
    assert [in_float16(network) for network in (half, full, keras.Model(outer, half(outer)))] == [True, False, True]


def test_batch_norm_forgets_its_start():
    norm = batch_norm()
    norm(np.full((4, 2, 2, 1), 5.0, "float32"), training=True)
    for _ in range(40):
        norm(np.full((4, 2, 2, 1), 5.0, "float32"), training=True)
    assert float(numpy(norm.moving_mean)[0]) == pytest.approx(5, rel=0.02)
