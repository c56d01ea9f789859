import itertools

import keras
import numpy as np
import pytest
from keras import ops
from scipy import ndimage

from kcolor import augment
from kcolor.augment import effects
from kcolor.augment.warp import warp

EVERYTHING = {"horizontal_flip": True, "vertical_flip": True, "rotation": 30.0, "crop": 0.3, "scale": 0.2}
EVERY_AGE = {"noise": 0.2, "fading": 0.6, "blur": 2.0, "grain": 0.3}
FUNCTIONS = [(augment.geometry, EVERYTHING), (augment.age, EVERY_AGE)]
LAYERS = [(augment.Geometry, EVERYTHING), (augment.Age, EVERY_AGE)]

# Keras 3.15 converts torch tensors in a way that NumPy 2 calls deprecated.
tensorflow_only = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data runs TensorFlow ops only")


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype="float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def places(batch, height=33, width=33):
    """Pictures that say where each pixel was: row and column from the middle, in halves of the height and width."""
    rows, columns = np.mgrid[:height, :width].astype("float32")
    field = np.stack([(rows - (height - 1) / 2) / height, (columns - (width - 1) / 2) / width], axis=-1)
    return np.repeat(field[None] + 0.5, batch, axis=0)


def moved(seed=1, batch=64, **options):
    """A function that says where what is now at a place was before: both (row, column) in pixels from the middle."""
    field = (numpy(augment.geometry(places(batch), seed, horizontal_flip=False, **options)) - 0.5) * 33
    return lambda row, column: field[:, 16 + row, 16 + column]


# geometry


def test_flips_are_exact_independent_and_happen_half_of_the_time():
    photos = pictures(400, 2, 3, 1)
    result = numpy(augment.geometry(photos, 11, vertical_flip=True))
    kinds = [photos, photos[:, :, ::-1], photos[:, ::-1], photos[:, ::-1, ::-1]]
    shares = [np.mean([np.array_equal(r, k) for r, k in zip(result, kind, strict=True)]) for kind in kinds]
    assert sum(shares) == 1.0
    np.testing.assert_allclose(shares, 0.25, atol=0.08)


@pytest.mark.parametrize(("options", "flip"), [({}, 2), ({"horizontal_flip": False, "vertical_flip": True}, 1)])
def test_a_flip_is_along_its_own_axis(options, flip):
    photos = pictures(400, 2, 3, 1)
    result = numpy(augment.geometry(photos, 2, **options))
    flipped = np.flip(photos, flip)
    went = np.array([np.array_equal(r, f) for r, f in zip(result, flipped, strict=True)])
    np.testing.assert_array_equal(result, np.where(went[:, None, None, None], flipped, photos))
    assert 0.42 < went.mean() < 0.58


def test_nothing_switched_on_changes_nothing():
    photos = pictures(4, 9, 11, 3)
    np.testing.assert_array_equal(numpy(augment.geometry(photos, 1, horizontal_flip=False)), photos)
    np.testing.assert_array_equal(numpy(augment.age(photos, 1)), photos)


def test_warp_with_the_whole_window_is_exact():
    photos = pictures(6, 20, 31, 2)
    result = warp(photos, np.zeros(6), np.ones((6, 2)), np.zeros((6, 2)))
    np.testing.assert_array_equal(numpy(result), photos)


def test_warp_turns_anticlockwise():
    photos = pictures(64, 33, 33, 2)
    result = numpy(warp(photos, [90, 180] * 32, np.ones((64, 2)), np.zeros((64, 2))))
    np.testing.assert_allclose(result[::2], np.rot90(photos[::2], axes=(1, 2)), atol=1e-5)
    np.testing.assert_allclose(result[1::2], photos[1::2, ::-1, ::-1], atol=1e-5)


def test_warp_shows_the_lower_left_quarter():
    # A window of half the size: output column x is at (x + 0.5) / 2 - 0.5 of the 4 columns, row y two further down.
    photo = np.add.outer(10.0 * np.arange(4), np.arange(4)).astype("float32")[None, ..., None]
    result = numpy(warp(photo, [0], [[0.5, 0.5]], [[0.25, -0.25]]))[0, ..., 0]
    np.testing.assert_allclose(result[1], 22.5 + np.array([0.0, 0.25, 0.75, 1.25]), atol=1e-5)  # -0.25 is mirrored
    np.testing.assert_allclose(result[:, 1], 0.25 + np.array([17.5, 22.5, 27.5, 30.0]), atol=1e-5)


def test_warp_agrees_with_keras():
    rng = np.random.default_rng(5)
    photos = pictures(6, 20, 31, 2)
    angle, window = rng.uniform(-180, 180, 6), rng.uniform(0.3, 3.0, (6, 2))
    shift = rng.uniform(-1, 1, (6, 2))
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    matrix = np.stack([cos * window[:, 1], -sin * window[:, 0], sin * window[:, 1], cos * window[:, 0]], axis=-1)
    centre = np.array([15.0, 9.5])
    offset = centre + shift[:, ::-1] * [31, 20] - np.einsum("bij,j->bi", matrix.reshape(-1, 2, 2), centre)
    transform = np.stack([*matrix[:, :2].T, offset[:, 0], *matrix[:, 2:].T, offset[:, 1], 0 * cos, 0 * cos], axis=-1)
    expected = ops.image.affine_transform(photos, transform.astype("float32"), "bilinear", "reflect")
    np.testing.assert_allclose(numpy(warp(photos, angle, window, shift)), numpy(expected), atol=1e-4)


def test_rotation_keeps_the_middle_and_turns_by_its_own_angle_each_picture():
    at = moved(rotation=30.0)
    np.testing.assert_allclose(at(0, 0), 0.0, atol=1e-4)
    right, down = at(0, 8), at(8, 0)
    angles = np.rad2deg(np.arctan2(right[:, 0], right[:, 1]))
    assert np.all(np.abs(angles) <= 30.001)
    assert angles.min() < -20
    assert angles.max() > 20
    assert len(np.unique(angles.round(3))) > 55
    np.testing.assert_allclose(np.hypot(*right.T), 8.0, atol=1e-3)
    np.testing.assert_allclose(down, np.stack([right[:, 1], -right[:, 0]], axis=-1), atol=1e-3)


def test_scale_zooms_both_ways_alike_about_the_middle():
    at = moved(scale=0.25)
    np.testing.assert_allclose(at(0, 0), 0.0, atol=1e-4)
    zoom = 8 / at(0, 8)[:, 1]
    np.testing.assert_allclose(8 / at(8, 0)[:, 0], zoom, rtol=1e-4)
    assert 0.75 < zoom.min() < 0.8
    assert 1.2 < zoom.max() < 1.25


def test_crop_keeps_orientation_and_stays_inside():
    at = moved(crop=0.4)
    near, far = at(-15, -15), at(15, 15)
    kept = (far - near) / 30
    assert np.all((kept > 0.599) & (kept < 1.001))  # rows stay rows, none is mirrored
    assert np.all(kept.min(axis=0) < 0.65)
    assert np.all(kept.max(axis=0) > 0.95)
    assert abs(np.corrcoef(kept.T)[0, 1]) < 0.5  # height and width by their own draws
    np.testing.assert_allclose(at(0, 15)[:, 0], at(0, -15)[:, 0], atol=1e-4)  # and are not turned
    reach = 16.5 * kept
    middle = (near + far) / 2
    assert np.all(np.abs(middle) + reach < 16.51)  # the window never leaves the picture
    assert np.all(np.abs(middle).max(axis=0) > 2)


def test_channels_move_together():
    photos = pictures(64, 33, 33, 1)
    result = numpy(augment.geometry(np.concatenate([photos, photos / 2], axis=-1), 4, **EVERYTHING))
    np.testing.assert_allclose(result[..., 1], result[..., 0] / 2, atol=1e-6)
    assert np.abs(result[..., :1] - photos).mean(axis=(1, 2, 3)).min() > 0.1  # all have moved


# age


def test_noise_is_white_and_as_strong_as_asked():
    result = numpy(augment.age(np.full((64, 32, 32, 3), 0.5, "float32"), 3, noise=0.1))[..., 0] - 0.5
    deviations = result.std(axis=(1, 2))
    assert 0.09 < deviations.max() < 0.105
    assert 0.04 < deviations.mean() < 0.06
    strong = result[deviations > 0.05]
    assert abs(strong.mean()) < 0.002
    assert abs(np.corrcoef(strong[:, 1:].ravel(), strong[:, :-1].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(strong[0].ravel(), strong[1].ravel())[0, 1]) < 0.15  # each picture its own


def test_grain_is_coarse_and_strongest_in_the_midtones():
    levels = np.array([0.0, 0.1, 0.5, 1.0] * 16, "float32")
    photos = ops.convert_to_tensor(levels[:, None, None, None].repeat(32, 1).repeat(32, 2).repeat(3, 3))
    field = np.random.default_rng(0).normal(size=(64, 38, 38, 1)).astype("float32")
    result = effects.grain(photos, ops.full((64, 1, 1, 1), 0.2), ops.convert_to_tensor(field))
    change = numpy(result)[..., 0] - levels[:, None, None]
    for level in levels[:4]:
        np.testing.assert_allclose(change[levels == level].std(), 0.2 * 4 * level * (1 - level), rtol=0.05, atol=1e-6)
    middle = change[levels == 0.5]
    # White noise under a Gaussian of sigma 1 correlates as exp(-1 / 4) = 0.78 with its neighbour.
    np.testing.assert_allclose(np.corrcoef(middle[:, 1:].ravel(), middle[:, :-1].ravel())[0, 1], 0.78, atol=0.03)
    np.testing.assert_allclose(np.corrcoef(middle[..., 1:].ravel(), middle[..., :-1].ravel())[0, 1], 0.78, atol=0.03)
    for rim in (middle[:, 0], middle[:, -1], middle[..., 0], middle[..., -1]):
        np.testing.assert_allclose(rim.std(), 0.2, rtol=0.2)


def test_grain_of_age_is_as_strong_as_asked():
    result = numpy(augment.age(np.full((64, 32, 32, 3), 0.5, "float32"), 3, grain=0.1))[..., 0] - 0.5
    deviations = result.std(axis=(1, 2))
    assert 0.085 < deviations.max() < 0.115
    assert 0.04 < deviations.mean() < 0.06


def test_fade_by_hand():
    result = effects.fade(ops.convert_to_tensor([0.0, 0.5, 1.0]), 0.4, 0.25)
    np.testing.assert_allclose(numpy(result), [0.1, 0.4, 0.7], atol=1e-6)


def test_fading_lifts_blacks_and_dims_whites():
    photos = np.zeros((64, 1, 2, 3), "float32")
    photos[:, :, 1] = 1.0
    black, white = np.moveaxis(numpy(augment.age(photos, 5, fading=0.5))[:, 0, :, 0], 1, 0)
    share = 1 - (white - black)
    assert share.min() < 0.05
    assert 0.45 < share.max() <= 0.5
    level = (black / share)[share > 0.01]
    assert 0.249 < level.min() < 0.35
    assert 0.65 < level.max() < 0.751


def test_blur_is_a_gaussian_by_picture_also_where_it_is_wider_than_the_picture():
    photos = pictures(4, 3, 5, 3)
    sigmas = [0.0, 0.5, 1.0, 2.0]
    result = numpy(effects.blur(ops.convert_to_tensor(photos), ops.reshape(sigmas, (4, 1, 1, 1)), radius=6))
    np.testing.assert_array_equal(result[0], photos[0])
    for picture, photo, sigma in zip(result[1:], photos[1:], sigmas[1:], strict=True):
        expected = ndimage.gaussian_filter(photo, sigma, mode="reflect", axes=(0, 1), radius=6)
        np.testing.assert_allclose(picture, expected, atol=1e-5)


def test_blur_of_age_keeps_the_mean_and_lies_below_what_was_asked():
    photos = pictures(64, 32, 32, 3)
    result = numpy(augment.age(photos, 6, blur=1.5))
    np.testing.assert_allclose(result.mean(axis=(1, 2)), photos.mean(axis=(1, 2)), atol=1e-5)
    most = ndimage.gaussian_filter(photos, 1.5, mode="reflect", axes=(1, 2), radius=5).std(axis=(1, 2, 3))
    share = result.std(axis=(1, 2, 3)) / photos.std(axis=(1, 2, 3))
    assert np.all(result.std(axis=(1, 2, 3)) > 0.99 * most)
    assert share.max() > 0.95  # some are hardly blurred
    assert share.min() < 0.3  # and some very much


def test_grey_stays_grey():
    gray = np.repeat(pictures(4, 9, 11, 1), 3, axis=-1)
    result = numpy(augment.age(gray, 8, **EVERY_AGE))
    np.testing.assert_allclose(result[..., 1:], result[..., :1].repeat(2, axis=-1), atol=1e-7)
    assert np.abs(result - gray).mean() > 0.01


# both: range, type, seeds, options


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
    # The first and last of `DRAWS` for either function, alone and beside all others at a strength that cannot be seen.
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


def test_every_quantity_has_a_draw_of_its_own():
    assert len(set(augment.DRAWS)) == len(augment.DRAWS)
    assert len({tuple(numpy(seed.value)) for seed in augment._seeds(5)}) == 3
    at = moved(rotation=30.0, crop=0.3, scale=0.2)
    right, down = at(0, 8) - at(0, 0), at(8, 0) - at(0, 0)
    angle, wide, tall = np.arctan2(right[:, 0], right[:, 1]), np.hypot(*right.T), np.hypot(*down.T)
    zoom = np.maximum(wide, tall)  # mostly of the scale
    apart = np.abs(np.corrcoef([angle, zoom, *at(0, 0).T]))
    assert np.all(apart[~np.eye(4, dtype=bool)] < 0.45)


@pytest.mark.parametrize("function", [augment.geometry, augment.age])
def test_bad_photos_are_refused(function):
    with pytest.raises(ValueError, match=r"shape \(batch, height, width, .*Received shape: \(4, 4, 3\)"):
        function(pictures(4, 4, 3), 1)
    with pytest.raises(ValueError, match=r"floats in \[0, 1\].*Received dtype: uint8"):
        function(np.zeros((1, 4, 4, 3), "uint8"), 1)


def test_age_refuses_what_is_not_rgb():
    with pytest.raises(ValueError, match=r"\(batch, height, width, 3\).*Received shape: \(1, 4, 4, 1\)"):
        augment.age(pictures(1, 4, 4, 1), 1, noise=0.1)


@pytest.mark.parametrize("seed", [None, 1.5, True, "1", np.array([1, 2, 3]), np.array([1.0, 2.0])])
def test_bad_seeds_are_refused(seed):
    with pytest.raises(ValueError, match=r"Expected `seed` as an int.*Received: "):
        augment.geometry(pictures(1, 4, 4, 3), seed)


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


@pytest.mark.parametrize(("layer", "options"), LAYERS)
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
@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
@pytest.mark.parametrize("sizes", [(9, 11), (None, None)])
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
@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_xla_gives_what_eager_gives(function, options):
    tf = pytest.importorskip("tensorflow")
    photos = pictures(4, 9, 11, 3)
    compiled = tf.function(lambda p, s: function(p, s, **options), jit_compile=True)
    seed = np.array([3, 4])
    np.testing.assert_allclose(compiled(photos, seed).numpy(), function(photos, seed, **options).numpy(), atol=1e-4)


@tensorflow_only
@pytest.mark.parametrize(("layer", "options"), LAYERS)
def test_a_layer_in_tf_data(layer, options):
    tf = pytest.importorskip("tensorflow")
    photos = pictures(3, 9, 11, 3)
    in_data, on_device = layer(**options, seed=5), layer(**options, seed=5)
    data = tf.data.Dataset.from_tensor_slices(photos).batch(1).map(lambda p: in_data(p, training=True))
    results = [result.numpy() for result in data]
    assert len(results) == 3
    for result, photo in zip(results, photos, strict=True):
        np.testing.assert_allclose(result, on_device(photo[None], training=True).numpy(), atol=1e-5)
