"""Both augmentations: range, seeds, options, the layers, and tf.data."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import augment

EVERYTHING = {"horizontal_flip": True, "vertical_flip": True, "rotation": 30.0, "crop": 0.3, "scale": 0.2}
EVERY_AGE = {"noise": 0.2, "fading": 0.6, "blur": 2.0, "grain": 0.3, "film": 0.7, "contrast": 1.0}
EVERY_AGE |= {"halation": 0.7, "vignette": 0.7, "scratches": 0.7, "jpeg": 0.3}
FUNCTIONS = [(augment.geometry, EVERYTHING), (augment.age, EVERY_AGE)]
LAYERS = [(augment.Geometry, EVERYTHING), (augment.Age, EVERY_AGE)]
COMPILED = [LAYERS[0], pytest.param(*LAYERS[1], marks=pytest.mark.slow)]  # it takes XLA ten seconds

# Keras 3.15 converts torch tensors in a way that NumPy 2 calls deprecated.
tensorflow_only = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data runs TensorFlow ops only")


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_nothing_switched_on_changes_nothing():
    photos = pictures(4, 9, 11, 3)
    np.testing.assert_array_equal(numpy(augment.geometry(photos, 1, horizontal_flip=False)), photos)
    np.testing.assert_array_equal(numpy(augment.age(photos, 1)), photos)


# range, type, seeds, options


@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_everything_stays_in_range_and_float32(function, options, dtype):
    for seed, photos in enumerate([pictures(4, 9, 11, 3), np.zeros((4, 9, 11, 3)), np.ones((4, 9, 11, 3))]):
        result = function(photos.astype(dtype), seed, **options)
        assert keras.backend.standardize_dtype(result.dtype) == "float32"
        assert result.shape == (4, 9, 11, 3)
        assert numpy(result).min() >= 0.0
        assert numpy(result).max() <= 1.0  # and NaN is neither


@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_the_seed_decides(function, options):
    photos = pictures(4, 9, 11, 3)
    first = numpy(function(photos, 5, **options))
    np.testing.assert_array_equal(numpy(function(photos, 5, **options)), first)
    np.testing.assert_array_equal(numpy(function(photos, np.array([5, 0], "int32"), **options)), first)
    np.testing.assert_array_equal(numpy(function(photos, keras.random.SeedGenerator(5), **options)), first)
    for other in (6, np.array([5, 1], "int32")):
        assert np.abs(numpy(function(photos, other, **options)) - first).mean() > 0.01


@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_each_picture_of_a_batch_has_its_own_draws(function, options):
    photos = np.repeat(pictures(1, 9, 11, 3), 4, axis=0)
    result = numpy(function(photos, 5, **options))
    for i, j in itertools.combinations(range(4), 2):
        assert np.abs(result[i] - result[j]).mean() > 0.005


@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_switching_an_option_on_leaves_the_draws_of_the_others(function, options):
    # A late draw of either function, alone and beside all others at a strength that cannot be seen.
    name = {"geometry": "scale", "age": "noise"}[function.__name__]
    off = {} if function is augment.age else {"horizontal_flip": False}
    faint = {key: 1e-9 for key, value in options.items() if isinstance(value, float)}
    photos = pictures(4, 9, 11, 3)
    alone = numpy(function(photos, 5, **off, **{name: options[name]}))
    np.testing.assert_allclose(numpy(function(photos, 5, **off, **faint | {name: options[name]})), alone, atol=1e-5)


def test_geometry_and_age_may_share_a_seed():
    photos = np.full((64, 32, 32, 3), 0.5, "float32")
    photos[:, 0, 0] = 0.6
    flipped = numpy(augment.geometry(photos, 7))[:, 0, -1, 0] > 0.55
    deviations = numpy(augment.age(photos, 7, noise=0.1))[..., 0].std(axis=(1, 2))
    assert abs(deviations[flipped].mean() - deviations[~flipped].mean()) < 0.02  # a common draw: 0.05


@pytest.mark.parametrize("function", [augment.geometry, augment.age])
def test_bad_photos_are_refused(function):
    with pytest.raises(ValueError, match=r"shape \(batch, height, width, .*Received shape: \(4, 4, 3\)"):
        function(pictures(4, 4, 3), 1)
    with pytest.raises(ValueError, match=r"floats in \[0, 1\].*Received dtype: uint8"):
        function(np.zeros((1, 4, 4, 3), "uint8"), 1)


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (augment.geometry, {"horizontal_flip": 1}, "Expected `horizontal_flip` as True or False. Received: 1"),
        (augment.geometry, {"vertical_flip": None}, "Expected `vertical_flip` as True or False. Received: None"),
        (augment.geometry, {"rotation": 181}, r"Expected `rotation` as a number in \[0, 180\]. Received: 181"),
        (augment.geometry, {"crop": 1.0}, r"Expected `crop` as a number in \[0, 0.9\]. Received: 1.0"),
        (augment.geometry, {"scale": -0.1}, r"Expected `scale` as a number in \[0, 0.9\]. Received: -0.1"),
        (augment.age, {"noise": 25}, r"Expected `noise` as a number in \[0, 1\]. Received: 25"),
        (augment.age, {"fading": float("nan")}, r"Expected `fading` as a number in \[0, 1\]. Received: nan"),
        (augment.age, {"blur": (0, 1)}, r"Expected `blur` as a number in \[0, 32\]. Received: \(0, 1\)"),
        (augment.age, {"grain": True}, r"Expected `grain` as a number in \[0, 1\]. Received: True"),
    ],
)
def test_bad_options_are_refused_by_function_and_layer(function, options, message):
    with pytest.raises(ValueError, match=message):
        function(pictures(1, 4, 4, 3), 1, **options)
    with pytest.raises(ValueError, match=message):
        augment.get(function.__name__, **options)


# the layers


@pytest.mark.parametrize(("layer", "options"), LAYERS)
def test_a_layer_is_its_function_and_moves_on(layer, options):
    photos = pictures(4, 9, 11, 3)
    built = layer(**options, seed=5)
    function = getattr(augment, layer.__name__.lower())
    first, second = numpy(built(photos, training=True)), numpy(built(photos, training=True))
    np.testing.assert_array_equal(first, numpy(function(photos, 5, **options)))
    np.testing.assert_array_equal(second, numpy(function(photos, np.array([5, 1]), **options)))
    assert np.abs(first - second).mean() > 0.01


@pytest.mark.parametrize(("layer", "options"), LAYERS)
def test_a_layer_is_the_identity_without_training(layer, options):
    photos = pictures(4, 9, 11, 3)
    for result in (layer(**options)(photos), layer(**options)(photos, training=False)):
        np.testing.assert_array_equal(numpy(result), photos)


@pytest.mark.parametrize(("layer", "options"), LAYERS)
def test_a_layer_can_be_saved(layer, options):
    saved = keras.saving.serialize_keras_object(layer(**options, seed=5, name="one"))
    assert saved["registered_name"] == f"kcolor>{layer.__name__}"
    again = keras.saving.deserialize_keras_object(saved)
    assert type(again) is layer
    assert again.get_config() == options | {"seed": 5, "name": "one"}
    photos = pictures(4, 9, 11, 3)
    expected = numpy(layer(**options, seed=5)(photos, training=True))
    np.testing.assert_array_equal(numpy(again(photos, training=True)), expected)


@pytest.mark.parametrize(("layer", "options"), LAYERS)
def test_half_precision_does_not_reach_the_pictures(layer, options):
    photos = pictures(4, 9, 11, 3)
    expected = numpy(layer(**options, seed=5)(photos, training=True))
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        built = layer(**options, seed=5)
        result = built(photos, training=True)
        symbolic = built(keras.Input((None, None, 3)))
    finally:
        keras.config.set_dtype_policy(policy)
    assert keras.backend.standardize_dtype(result.dtype) == symbolic.dtype == "float32"
    assert symbolic.shape == (None, None, None, 3)
    np.testing.assert_array_equal(numpy(result), expected)


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "options"), COMPILED)
def test_a_layer_in_a_compiled_model_that_trains(layer, options):
    built = layer(**options, seed=5)
    seen = keras.layers.Conv2D(1, 1, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((9, 11, 3)), built, seen])
    # XLA on TensorFlow and JAX; torch.compile would take half a minute.
    model.compile(keras.optimizers.SGD(0.0), "mse", jit_compile=keras.backend.backend() != "torch")
    photos = pictures(4, 9, 11, 3)
    losses = [model.train_on_batch(photos, np.zeros((4, 9, 11, 1), "float32")) for _ in range(2)]
    expected = [np.mean(numpy(seen(built.function(photos, np.array([5, step]), **options))) ** 2) for step in range(2)]
    np.testing.assert_allclose(losses, expected, rtol=1e-4)
    np.testing.assert_array_equal(numpy(built.seed_generator.state), [5, 2])


def test_layers_by_name():
    assert list(augment.AUGMENTATIONS.items()) == [("geometry", augment.Geometry), ("age", augment.Age)]
    assert augment.get("age", noise=0.1, seed=3).get_config()["noise"] == 0.1
    assert isinstance(augment.get("geometry"), augment.Geometry)
    with pytest.raises(ValueError, match=r"Expected one of \['age', 'geometry'\]. Received: 'mixup'"):
        augment.get("mixup")


# tf.data


@tensorflow_only
@pytest.mark.parametrize(("function", "options"), [FUNCTIONS[0], pytest.param(*FUNCTIONS[1], marks=pytest.mark.slow)])
@pytest.mark.parametrize("sizes", [pytest.param((9, 11), marks=pytest.mark.slow), (None, None)])
def test_tf_data_gives_what_the_device_gives(function, options, sizes):
    tf = pytest.importorskip("tensorflow")
    batches = pictures(3, 2, 9, 11, 3)
    data = tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=tf.TensorSpec((None, *sizes, 3)))
    seeds = tf.data.Dataset.counter().map(lambda step: tf.stack([1, step]))
    data = tf.data.Dataset.zip(data, seeds).map(lambda p, s: function(p, s, **options), num_parallel_calls=2)
    layer = augment.get(function.__name__, **options, seed=1)
    results = list(data)
    assert len(results) == 3
    for step, (result, photos) in enumerate(zip(results, batches, strict=True)):
        np.testing.assert_allclose(result, function(photos, np.array([1, step]), **options), atol=1e-5)
        np.testing.assert_allclose(result, layer(photos, training=True), atol=1e-5)


@tensorflow_only
@pytest.mark.slow
@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_xla_gives_what_eager_gives(function, options):
    tf = pytest.importorskip("tensorflow")
    photos = pictures(4, 9, 11, 3)
    compiled = tf.function(lambda p, s: function(p, s, **options), jit_compile=True)
    seed = np.array([3, 4])
    np.testing.assert_allclose(compiled(photos, seed).numpy(), function(photos, seed, **options).numpy(), atol=1e-4)


@tensorflow_only
@pytest.mark.parametrize(("layer", "options"), COMPILED)
def test_a_layer_in_tf_data(layer, options):
    tf = pytest.importorskip("tensorflow")
    photos = pictures(3, 9, 11, 3)
    in_data, on_device = layer(**options, seed=5), layer(**options, seed=5)
    data = tf.data.Dataset.from_tensor_slices(photos).batch(1).map(lambda p: in_data(p, training=True))
    results = [result.numpy() for result in data]
    assert len(results) == 3
    for result, photo in zip(results, photos, strict=True):
        np.testing.assert_allclose(result, on_device(photo[None], training=True).numpy(), atol=1e-5)
