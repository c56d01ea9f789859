"""SqueezeNet 1.1: its weights, and stages of exactly half the size each."""

import keras
import pytest

from kcolor.backbones.squeezenet import squeezenet


def test_it_has_the_weights_of_the_original_and_halves_every_size():
    model = squeezenet(input_tensor=keras.Input((32, 80, 3)))
    assert model.count_params() == 722_496
    sizes = [model.get_layer(name).output.shape[1:] for name in ("conv1", "fire3", "fire5", "fire9")]
    assert sizes == [(16, 40, 64), (8, 20, 128), (4, 10, 256), (2, 5, 512)]


@pytest.mark.parametrize("options", [{"weights": "imagenet"}, {"include_top": True}])
def test_it_comes_without_weights_and_without_a_classifier(options):
    with pytest.raises(ValueError, match="Expected `weights` as a file, or 'random'"):
        squeezenet(input_tensor=keras.Input((32, 32, 3)), **options)
