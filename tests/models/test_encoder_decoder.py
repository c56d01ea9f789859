"""System C's encoder-decoders: weights, and the guide."""

import numpy as np
import pytest
from helpers.counting import conv, norm, weights
from keras import ops

from kcolor import models, targets


def test_c2_and_c5():
    up = 4 * (conv(4, 3, 3) + norm(3)) + conv(4, 3, 2)
    plain = conv(3, 1, 3) + norm(3) + 4 * (conv(3, 3, 3) + norm(3)) + up
    guided = plain + conv(3, 2, 3, bias=False)  # two more planes for the first convolution
    assert weights(models.build("encoder_decoder", "lab")) == plain == 1_106
    assert weights(models.build("encoder_decoder", "lab", guide=True)) == guided


def test_c6():
    down = [(1, 64), (64, 128), (128, 256), (256, 512)]
    up = [(512, 512), (512, 256), (256, 64)]
    by_hand = sum(conv(3, *io) + norm(io[1]) for io in down) + sum(conv(4, *io) + norm(io[1]) for io in up) + conv(4, 64, 2)
    wide = models.build("encoder_decoder", targets.get("lab", unit=True), down=(64, 128, 256, 512), up=(512, 256, 64))
    assert weights(wide) == by_hand == 8_109_890


def test_a_guide_is_seen():
    network = models.build("encoder_decoder", "lab", guide=True)
    luma = np.full((1, 32, 32, 1), 0.5, "float32")
    one, other = (network({"luma": luma, "guide": np.float32([g])}) for g in ([0.0, 0.0], [0.9, -0.9]))
    assert np.abs(ops.convert_to_numpy(one) - ops.convert_to_numpy(other)).max() > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("encoder_decoder", "lab", up=(3,)), "`up` with 4 numbers"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
