"""System E's autoencoders: weights, and the sizes of their codes."""

import pytest
from helpers.counting import weights

from kcolor import models, targets


def test_system_e():
    network = models.build("autoencoder", targets.get("rgb"), input_channels=3)
    assert weights(network) == 4_911
    assert models.code_size(network) == 8 * 8 * 16


def test_system_e_grid_of_codes_is_read_from_the_graph():
    def code(**options):
        return models.code_size(models.build("autoencoder", "rgb", input_channels=3, **options))

    assert code(fewer_layers=True) == 16 * 16 * 16  # one pooling less: a larger code
    assert code(compression=1) == 32 * 32 * 16
    assert code(compression=4, channel_factor=8) == 2 * 2 * 32
    assert code(channel_factor=2) == 8 * 8 * 8


def test_system_e_original_stem_is_a_bottleneck():
    original = models.build("autoencoder", "rgb", stem_filters=1)
    assert original.get_layer("down1_conv").filters == 1
    assert models.build("autoencoder", "rgb").get_layer("down1_conv").filters == 8


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("autoencoder", "rgb", input_channels=2), "1 input channel"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
