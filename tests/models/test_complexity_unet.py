"""System B: weights of both networks, and the discriminator's logit."""

import keras
import numpy as np
import pytest
from helpers.counting import weights
from keras import ops

from kcolor import models


@pytest.mark.parametrize(("complexity", "count"), [(16, 58_064), (46, 476_054), (72, 1_164_456)])
def test_system_b_generator(complexity, count):
    assert weights(models.build("complexity_unet", "lab", complexity=complexity)) == count


@pytest.mark.parametrize(("complexity", "count"), [(4, 264_341), (16, 1_081_937)])
def test_system_b_discriminator(complexity, count):
    assert weights(models.build("complexity_discriminator", complexity=complexity, size=256)) == count


def test_system_b_logit_is_divided_by_the_complexity():
    network = models.build("complexity_discriminator", complexity=4, size=16)
    inner = keras.Model(network.input, network.get_layer("logit_unscaled").output)
    picture = np.random.default_rng(0).uniform(-1, 1, (3, 16, 16, 3)).astype("float32")
    assert ops.convert_to_numpy(network(picture)) == pytest.approx(ops.convert_to_numpy(inner(picture)) / 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("complexity_unet", "lab", complexity=0), "at least 1 filter"),
        (lambda: models.build("complexity_discriminator", size=100), "multiple of 8"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
