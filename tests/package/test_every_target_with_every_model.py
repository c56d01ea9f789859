"""Every target with every builder, walked from the registries: whatever is added there is tested from that moment."""

import functools
import itertools

import keras
import numpy as np
import pytest
from keras import ops

import kcolor
from kcolor import models, targets

# The smallest useful form of each builder that takes a target, and the stride it then has.
SMALL = {
    "unet": ({"filters": (4, 8)}, 2),
    "complexity_unet": ({"complexity": 4, "dropout": 0.0}, 32),
    "mean_regressor": ({"stages": 3}, 8),
    "encoder_decoder": ({"down": (4, 4)}, 4),
    "pix2pix_unet": ({"filters": (4, 8, 8), "dropout": 0.0}, 8),
    "autoencoder": ({"channel_factor": 2}, 4),
    "pretrained_unet": ({"backbone": "squeezenet", "weights": "random", "filters": (4,)}, 16),
}
# Options of targets that keep their networks small.
OPTIONS = {"bins": {"grid": 4}}
# Making a graph of each of fifty networks takes minutes; graphs are tested in tests/colorizer. JAX is slower without one.
EAGER = keras.backend.backend() == "tensorflow"
POLICIES = ("mixed_float16", "mixed_bfloat16")


def partners():
    """Pairs in which each target and each builder is once or twice: what a quick run has. All pairs run in the end."""
    usual = itertools.cycle(name for name in models.NETWORKS if name != "mean_regressor")
    return {(name, "mean_regressor" if made.pooled else next(usual)) for name, made in targets.TARGETS.items()}


def pairs(quick):
    every = [(target, model) for target in targets.TARGETS for model in models.NETWORKS]
    return [pytest.param(*pair, marks=() if pair in quick else pytest.mark.slow) for pair in every]


def slow_but(names, *quick):
    return [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in names]


QUICK = partners()
PAIRS = pairs(QUICK)
TRAINED = pairs({("bins", "unet"), ("lab", "mean_regressor")})  # the last is refused
MIXED = pairs({("bins", "unet")})


def colorizer_of(target_name, model, **options):
    target = targets.get(target_name, **OPTIONS.get(target_name, {}))
    return kcolor.Colorizer(models.build(model, target, **SMALL[model][0], **options), target)


@functools.cache
def untrained(target_name, model):
    """A network that no test changes: made once for all tests that only look at it."""
    return colorizer_of(target_name, model).network


def fits(target_name, model):
    return model != "mean_regressor" or targets.TARGETS[target_name].pooled


def mixed(target_name, model):
    """All pairs; on JAX, which compiles each for seconds, every target and every builder once."""
    return fits(target_name, model) and (
        keras.backend.backend() != "jax" or model == "unet" or target_name in ("lab", "mean_ab")
    )


def test_every_builder_that_takes_a_target_is_walked():
    assert set(SMALL) == set(models.NETWORKS)


@pytest.mark.parametrize(("target_name", "model"), TRAINED)
def test_learns_and_comes_back_from_a_file(target_name, model, blobs, tmp_path):
    if not fits(target_name, model):
        with pytest.raises(ValueError, match="Expected a pooled target"):
            colorizer_of(target_name, model)
        return
    colorizer = colorizer_of(target_name, model)
    colorizer.compile(keras.optimizers.Adam(0.01), metrics=["rmse"], run_eagerly=EAGER)
    history = colorizer.fit(blobs, blobs, batch_size=8, epochs=3, verbose=0).history
    assert min(history["loss"][1:]) < history["loss"][0]
    assert np.isfinite(history["rmse"]).all()

    odd = blobs[:2, :19, :27]
    result = colorizer.colorize(odd)
    assert result.shape == odd.shape
    assert result.std() > 0
    colorizer.save(tmp_path / "x.keras")
    assert np.array_equal(kcolor.load(tmp_path / "x.keras").colorize(odd), result)


@pytest.mark.parametrize(("target_name", "model"), [one for one in PAIRS if fits(*one.values)])
def test_any_size_that_its_strides_allow(target_name, model):
    stride = SMALL[model][1]
    target = targets.get(target_name, **OPTIONS.get(target_name, {}))
    network = untrained(target_name, model)
    assert network.input_shape == (None, None, None, 1)
    for height, width in [(stride, stride), (2 * stride, 3 * stride)]:
        raw = network(np.full((2, height, width, 1), 0.5, "float32"))
        assert tuple(raw.shape) == ((2, target.channels) if target.pooled else (2, height, width, target.channels))
        assert "float32" in str(raw.dtype)
    fixed = models.build(model, target, **SMALL[model][0], size=(2 * stride, 3 * stride))
    assert fixed.input_shape == (None, 2 * stride, 3 * stride, 1)
    if stride > 1:
        with pytest.raises(ValueError, match=f"multiples of {stride}"):
            network(np.zeros((1, stride, stride + 1, 1), "float32"))


@pytest.mark.parametrize(("target_name", "model"), [one for one in PAIRS if fits(*one.values)])
def test_layers_have_names_of_their_own(target_name, model):
    names = [layer.name for layer in untrained(target_name, model).layers]
    assert len(set(names)) == len(names)
    assert names[0] == "luma"
    assert names[-1] == "raw"
    again = [layer.name for layer in colorizer_of(target_name, model).network.layers]
    assert again == names  # no counters in them: weights find their layers again


@pytest.mark.parametrize(("target_name", "model"), [one for one in MIXED if mixed(*one.values)])
def test_mixed_precision_stays_finite(target_name, model, blobs, policy):
    """Half of the pairs in float16, half in bfloat16: two steps of training on photos with black and white in them."""
    number = sorted(targets.TARGETS).index(target_name) + sorted(models.NETWORKS).index(model)
    policy(POLICIES[number % 2])
    blobs[0, :16] = 0
    blobs[1, :16] = 255
    colorizer = colorizer_of(target_name, model)
    colorizer.compile(keras.optimizers.Adam(1e-3), run_eagerly=EAGER)
    history = colorizer.fit(blobs, batch_size=4, epochs=1, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert all(np.isfinite(ops.convert_to_numpy(weight)).all() for weight in colorizer.weights)
    assert "float32" in str(colorizer.forward_pass.raw(blobs / np.float32(255)).dtype)
    assert np.isfinite(ops.convert_to_numpy(colorizer(blobs))).all()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
@pytest.mark.parametrize("model", slow_but(SMALL))
def test_sizes_unknown_while_the_graph_is_made(model, blobs):
    import tensorflow as tf

    raw = colorizer_of("mean_ab" if model == "mean_regressor" else "lab", model).forward_pass.raw
    graph = tf.function(raw, input_signature=[tf.TensorSpec([None, None, None, 3], tf.float32)])
    for photos in (blobs[:2, :19, :27] / np.float32(255), blobs[:2] / np.float32(255)):
        assert ops.convert_to_numpy(graph(photos)) == pytest.approx(ops.convert_to_numpy(raw(photos)), abs=1e-4)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
@pytest.mark.parametrize("target_name", slow_but(targets.TARGETS, "bins"))
def test_targets_encode_and_decode_in_tf_data(target_name, blobs):
    import tensorflow as tf

    target = targets.get(target_name, **OPTIONS.get(target_name, {}))
    rgb = blobs.astype("float32") / 255
    data = tf.data.Dataset.from_generator(
        lambda: iter([rgb]), output_signature=tf.TensorSpec([None, None, None, 3], tf.float32)
    )
    luma, raw, back = next(iter(data.map(lambda p: (target.luma(p), target.encode(p), target.decode(target.encode(p), p)))))
    assert luma.numpy() == pytest.approx(ops.convert_to_numpy(target.luma(rgb)), abs=1e-5)
    assert raw.numpy() == pytest.approx(ops.convert_to_numpy(target.encode(rgb)), abs=1e-4)
    assert back.numpy() == pytest.approx(ops.convert_to_numpy(target.decode(target.encode(rgb), rgb)), abs=1e-4)
