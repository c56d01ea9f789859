"""All of a picture has a say in each of its places: by hand, at any size, and at first not at all."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import models
from kcolor.models.context import ScaleShift, SelfAttention, pooled_context, scale_and_shift


def numpy(x):
    return ops.convert_to_numpy(x)


def awake(model, rng):
    """Gives what begins at zero something to say."""
    for weight in model.weights:
        if any(part in weight.path for part in ("scale/", "shift/", "projection/")):
            weight.assign(rng.normal(size=weight.shape))
    return model


def test_scale_and_shift_are_the_pictures_own():
    features = np.ones((2, 1, 2, 2), "float32")
    scale, shift = np.array([[1, 0], [0, -1]], "float32"), np.array([[0, 5], [0, 0]], "float32")
    assert numpy(ScaleShift()([features, scale, shift])).tolist() == [[[[2, 6], [2, 6]]], [[[1, 0], [1, 0]]]]


def test_attention_is_what_numpy_makes_of_it(rng):
    layer, x = SelfAttention(heads=2, width=3), rng.normal(size=(2, 2, 3, 5)).astype("float32")
    layer(x)
    awake(layer, rng)
    places = x.reshape(2, 6, 5)
    normed = (places - places.mean(-1, keepdims=True)) / np.sqrt(places.var(-1, keepdims=True) + layer.norm.epsilon)
    query, key, value = ((normed @ numpy(one.kernel)).reshape(2, 6, 2, 3) for one in (layer.query, layer.key, layer.value))
    shares = np.exp(np.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(3))
    shares /= shares.sum(-1, keepdims=True)
    found = np.einsum("bhqk,bkhd->bqhd", shares, value).reshape(2, 6, 6)
    expected = places + found @ numpy(layer.projection.kernel) + numpy(layer.projection.bias)
    assert numpy(layer(x)).reshape(2, 6, 5) == pytest.approx(expected, abs=1e-4)


def test_the_context_has_one_size_whatever_the_features_have(rng):
    features = keras.Input((None, None, 8))
    model = keras.Model(features, pooled_context(features))
    x = rng.normal(size=(2, 3, 4, 8)).astype("float32")
    found = numpy(model(1000 * x))
    assert found.mean(-1) == pytest.approx([0, 0], abs=1e-5)
    assert found.std(-1) == pytest.approx([1, 1], abs=1e-3)
    assert found == pytest.approx(numpy(model(10 * x)), abs=0.05)


def test_both_come_back_from_their_configs(rng):
    features = keras.Input((None, None, 4))
    x = scale_and_shift(SelfAttention(heads=2, width=3, name="attention")(features), pooled_context(features), "up1")
    model = awake(keras.Model(features, x), rng)
    again = keras.Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    x = rng.normal(size=(1, 2, 3, 4)).astype("float32")
    assert np.array_equal(numpy(model(x)), numpy(again(x)))


def test_heads_are_counted():
    for wrong in (0, 1.5):
        with pytest.raises(ValueError, match=f"Expected `heads` and `width` as whole numbers from 1. Received: {wrong}"):
            SelfAttention(heads=wrong)


def test_in_half_precision_large_features_stay_finite(rng, policy):
    policy("mixed_float16")
    features = keras.Input((None, None, 4))
    attended = SelfAttention(heads=1, name="attention")(features)
    model = awake(keras.Model(features, scale_and_shift(attended, pooled_context(features), "up1")), rng)
    raw = numpy(model(np.full((1, 64, 64, 4), [100, 500, 300, 900], "float32")))  # their sum would be infinite
    assert np.isfinite(raw).all()
    assert raw.dtype == np.float16


@pytest.fixture(scope="module")
def networks():
    """The same network without and with a view of the whole, their common weights alike."""
    keras.utils.set_random_seed(0)
    options = {"backbone": "squeezenet", "weights": None, "filters": (4, 6), "output_stride": 2}
    plain = models.build("pretrained_unet", "lab", **options)
    whole = models.build("pretrained_unet", "lab", **options, context=True, attention=2)
    for layer in plain.layers:
        whole.get_layer(layer.name).set_weights(layer.get_weights())
    return plain, whole


@pytest.mark.slow
def test_a_network_begins_as_the_one_without(networks, rng):
    plain, whole = networks
    luma = rng.random((2, 32, 48, 1), "float32")
    assert numpy(whole(luma)) == pytest.approx(numpy(plain(luma)), abs=1e-6)


def test_every_level_and_no_other_has_scale_and_shift(networks):
    plain, whole = networks
    new = {layer.name: layer.count_params() for layer in whole.layers if layer.name not in {one.name for one in plain.layers}}
    attention = 2 * 512 + 3 * 512 * 64 + 64 * 512 + 512
    dense = {f"up{stride}_{what}": 513 * width for stride, width in ((8, 4), (4, 6), (2, 6)) for what in ("scale", "shift")}
    empty = {"context_pool": 0, "context_norm": 0, **{f"up{stride}_scale_shift": 0 for stride in (8, 4, 2)}}
    assert new == {"attention": attention, **dense, **empty}


def test_what_is_far_away_changes_a_place(networks, rng):
    plain, whole = networks
    before = whole.get_weights()
    awake(whole, rng)
    luma = rng.random((1, 192, 192, 1), "float32")
    other = luma.copy()
    other[:, 160:, 160:] = 0
    for network, reaches in ((plain, False), (whole, True)):
        apart = np.abs(numpy(network(luma)) - numpy(network(other)))
        assert (apart[:, :8, :8].max() > 1e-4) == reaches
    whole.set_weights(before)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
def test_sizes_unknown_while_a_graph_is_made(rng):
    import tensorflow as tf

    features = keras.Input((None, None, 4))
    attended = SelfAttention(heads=2, name="attention")(features)
    model = awake(keras.Model(features, scale_and_shift(attended, pooled_context(features), "up1")), rng)
    graph = tf.function(model, input_signature=[tf.TensorSpec([None, None, None, 4])])
    for shape in [(1, 2, 3, 4), (2, 5, 1, 4)]:
        x = rng.normal(size=shape).astype("float32")
        assert numpy(graph(x)) == pytest.approx(numpy(model(x)), abs=1e-4)


def test_attention_that_was_frozen_is_loaded_frozen():
    layer = SelfAttention(heads=2, width=3, trainable=False)
    layer(np.zeros((1, 2, 2, 4), "float32"))
    assert not any(weight.trainable for weight in layer.weights)
