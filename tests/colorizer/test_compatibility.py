"""Which networks, targets, losses and metrics belong together."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from kcolor import losses, models, targets
from kcolor.colorizer.compatibility import check_format, check_match, find_loss, find_metric, in_float16


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
    assert isinstance(find_metric("mae", bins), keras.metrics.MeanAbsoluteError)
    with pytest.raises(ValueError, match="Unknown metric.*Expected one of .*'psnr'.*Keras metric.*'fid'"):
        find_metric("fid", bins)


def test_the_cross_entropy_of_bins_by_its_name_keeps_what_the_target_asks_for(blobs):
    rare = targets.get("bins", grid=4, rebalance=0.5).measure(blobs)
    assert np.array_equal(find_loss("bin_cross_entropy", rare).weights, rare.loss().weights)
    assert isinstance(find_loss("bin_cross_entropy", targets.get("bins", color_weight=0.1)), losses.BinsAndColors)
    plain = losses.BinCrossEntropy()
    assert find_loss(plain, rare) is plain  # a loss that is given is meant
    with pytest.raises(ValueError, match="BinCrossEntropy is for the target Bins"):
        find_loss("bin_cross_entropy", targets.get("lab"))


def test_in_float16_looks_at_layers(policy):
    policy("mixed_float16")
    half = models.build("unet", "lab", filters=(4,))
    policy("float32")
    full = models.build("unet", "lab", filters=(4,))
    outer = keras.Input((None, None, 1))
    assert [in_float16(network) for network in (half, full, keras.Model(outer, half(outer)))] == [True, False, True]


def test_newer_formats_are_refused():
    check_format(1, 2)
    with pytest.raises(ValueError, match="by a newer kcolor, in format 3"):
        check_format(3, 2)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mape", "MeanAbsolutePercentageError"),
        ("MSE", "MeanSquaredError"),
        ("kld", "KLDivergence"),
        ("log_cosh", "LogCosh"),
    ],
)
def test_short_names_of_kerass_losses_are_classes_too(name, kind):
    assert type(find_loss(name, targets.get("lab"))).__name__ == kind
