"""The U-Net of systems A and D: weights, widths and dropout."""

import keras
import pytest
from helpers.counting import conv, weights

from kcolor import models, targets


def test_system_a_small():
    assert weights(models.build("unet", targets.get("bins", grid=18), filters=(8, 16, 32))) == 35_748
    assert weights(models.build("unet", targets.get("bins", grid=18), filters=(16, 32, 64))) == 135_684


def test_system_a_large():
    assert weights(models.build("unet", targets.get("bins", grid=18))) == 2_166_852


def test_system_a_regression_differs_in_its_head_alone():
    bins, ab = (weights(models.build("unet", t, filters=(16, 8))) for t in (targets.get("bins", grid=18), targets.get("lab")))
    assert bins - ab == conv(1, 16, 324) - conv(1, 16, 2)


def test_the_divider_divides_every_width():
    halved = models.build("unet", "lab", filters=(16, 32, 64), divider=2)
    assert weights(halved) == weights(models.build("unet", "lab", filters=(8, 16, 32)))


def test_dropout_goes_to_the_levels_nearest_the_input():
    network = models.build("unet", "rgb", filters=(4, 8, 16), activation="leaky_relu", dropout=(0.2,))
    assert [layer.name for layer in network.layers if "dropout" in layer.name] == ["down0_dropout"]
    assert all(layer.activation is keras.activations.leaky_relu for layer in network.layers if "_act" in layer.name)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("unet", "lab", filters=(4, 8), divider=8), "at least one filter"),
        (lambda: models.build("unet", "lab", filters=8), "`filters` as a list"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
