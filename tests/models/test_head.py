"""Heads: as the target says."""

import keras
import pytest

from kcolor import targets
from kcolor.models.head import head


@pytest.mark.parametrize(
    ("name", "options", "shape", "activation"),
    [
        ("lab", {}, (None, 8, 8, 2), "tanh"),
        ("lab", {"transposed": True, "kernel_size": 4}, (None, 16, 16, 2), "tanh"),
        ("bins", {}, (None, 8, 8, 262), "linear"),
        ("mean_ab", {}, (None, 2), "tanh"),
    ],
)
def test_a_head_is_what_the_target_says(name, options, shape, activation):
    features = keras.Input((8, 8, 4))
    model = keras.Model(features, head(features, targets.get(name), **options))
    assert model.output_shape == shape
    assert [layer.name for layer in model.layers[-2:]] == ["head", "raw"]
    assert model.layers[-1].activation is keras.activations.get(activation)


def test_what_leaves_the_network_is_float32(policy):
    policy("mixed_float16")
    features = keras.Input((8, 8, 4))
    model = keras.Model(features, head(features, targets.get("lab"), use_bias=False))
    assert (model.layers[-2].compute_dtype, model.layers[-1].compute_dtype) == ("float16", "float32")
    assert model.layers[-2].use_bias is False
