"""Random changes to training pictures: `geometry` moves the pixels, `age` makes photos look old.

Each is a pure function of pictures and a seed, and a Keras layer around it that draws its seeds itself and acts only with
``training=True``. All computation is in float32, whatever comes in and whatever the mixed-precision policy says.

**Seeds.** One seed goes in: an int, an integer tensor of shape ``(2,)``, or a `keras.random.SeedGenerator` (which moves on).
From it `keras.random.randint` draws a seed for the numbers that each picture gets, one for the grain and one for the noise;
the first gives a row of numbers, uniform and one per picture, for each name in `DRAWS`. So a seed always gives the same
pictures, switching one option on leaves the draws of the others alone, and `geometry` and `age` may share a seed. All numbers
are made from random integers: from one seed TensorFlow draws the same integers with and without XLA, but not the same floats.

**In tf.data** (TensorFlow backend) give the pure functions a seed per batch: that is reproducible in a parallel ``map`` too,
where a layer would take its seeds in whatever order the calls come, and gives what a layer with ``seed=1`` gives on the
device::

    seeds = tf.data.Dataset.counter().map(lambda step: tf.stack([1, step]))
    batches = tf.data.Dataset.zip(batches, seeds).map(lambda photos, seed: geometry(photos, seed, rotation=5.0))
"""

import math

import keras
import numpy as np
from keras import backend, ops

from kcolor import ageing, registry
from kcolor.warp import warp

# What is random, in the order in which it is drawn.
DRAWS = ("horizontal_flip", "vertical_flip", "rotation", "crop_height", "crop_width", "place_down", "place_right", "scale")
DRAWS += ("blur", "grain", "fading", "fading_level", "noise")

# The largest value that makes sense for each strength; all start at 0, which is off.
LIMITS = {"rotation": 180, "crop": 0.9, "scale": 0.9, "noise": 1, "fading": 1, "blur": 32, "grain": 1}


def geometry(photos, seed, *, horizontal_flip=True, vertical_flip=False, rotation=0.0, crop=0.0, scale=0.0):
    """Flips pictures, turns them, cuts them and zooms, each picture of the batch its own way.

    Flips are exact. All the rest is one bilinear resampling, so that nothing is blurred twice; what lies outside a picture is
    its mirror image. A photo and its truth move together if they are concatenated along the channels.

    Args:
        photos: floats, shape ``(batch, height, width, channels)``, any number of channels.
        seed: int, integer tensor of shape ``(2,)`` or `keras.random.SeedGenerator`.
        horizontal_flip: whether to swap left and right in half of the pictures.
        vertical_flip: whether to swap top and bottom in half of the pictures.
        rotation: degrees; turns by -rotation..rotation about the centre of what remains after the crop.
        crop: the largest share of each side's length to cut off, drawn for height and width independently; what is left, at
            a random place, is stretched to the full size.
        scale: zooms by a factor in 1 - scale..1 + scale, the same in height and width; above 1 things get larger, below 1
            smaller, with mirrored surroundings.

    Returns:
        float32 tensor of the same shape, in the range of `photos`.
    """
    _check(horizontal_flip=horizontal_flip, vertical_flip=vertical_flip, rotation=rotation, crop=crop, scale=scale)
    photos = _floats(photos)
    draws = _draws(_seeds(seed)[0], ops.shape(photos)[0])
    if horizontal_flip:
        photos = _flip(photos, draws["horizontal_flip"], axis=2)
    if vertical_flip:
        photos = _flip(photos, draws["vertical_flip"], axis=1)
    if not (rotation or crop or scale):
        return photos
    angle, zoom = rotation * (2 * draws["rotation"] - 1), 1 + scale * (2 * draws["scale"] - 1)
    cut = crop * ops.stack([draws["crop_height"], draws["crop_width"]], axis=-1)
    place = ops.stack([draws["place_down"], draws["place_right"]], axis=-1) - 0.5
    return warp(photos, angle, (1 - cut) / zoom[:, None], cut * place)


def age(photos, seed, *, noise=0.0, fading=0.0, blur=0.0, grain=0.0):
    """Makes photos look old: blurred by the lens, grainy from the film, faded as a print, noisy from the scanner.

    In this order, each with a strength that is uniform between 0 and the one given, picture by picture. Noise and grain are
    the same in the three channels, so a grey photo stays grey. A strength of 0 switches an effect off, at no cost. The
    effects themselves are in `kcolor.ageing`.

    Args:
        photos: RGB floats in [0, 1], shape ``(batch, height, width, 3)``.
        seed: int, integer tensor of shape ``(2,)`` or `keras.random.SeedGenerator`.
        noise: standard deviation of Gaussian noise, independent from pixel to pixel.
        fading: share of the contrast that is lost: ``x`` becomes ``(1 - fading) * x + fading * level``, with a level in
            0.25..0.75, so that blacks lift and whites dim.
        blur: sigma, in pixels, of a Gaussian, cut off at three times the largest sigma; edges are mirrored.
        grain: standard deviation in the midtones of noise in clumps about three pixels wide; it goes to nothing towards
            black and white, as ``4 * luma * (1 - luma)``.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    _check(noise=noise, fading=fading, blur=blur, grain=grain)
    photos = _floats(photos, channels=3)
    if not (noise or fading or blur or grain):
        return photos
    batch, height, width, _ = ops.shape(photos)
    seed, grain_seed, noise_seed = _seeds(seed)
    draws = {name: draw[:, None, None, None] for name, draw in _draws(seed, batch).items()}
    if blur:
        photos = ageing.blur(photos, blur * draws["blur"], radius=math.ceil(3 * blur))
    if grain:
        margin = 2 * ageing.GRAIN_RADIUS
        field = _normal(grain_seed, batch, height + margin, width + margin)
        photos = ageing.grain(photos, grain * draws["grain"], field)
    if fading:
        photos = ageing.fade(photos, fading * draws["fading"], 0.25 + 0.5 * draws["fading_level"])
    if noise:
        photos = photos + noise * draws["noise"] * _normal(noise_seed, batch, height, width)
    return ops.clip(photos, 0.0, 1.0)


class _Augmentation(keras.layers.Layer):
    """What the layers share: a function of photos and a seed, its options, the seeds, and nothing but float32."""

    def __init__(self, function, options, seed, name):
        super().__init__(name=name, dtype="float32")  # the policy would cast pictures to half precision
        _check(**options)
        self.function, self.options, self.seed = function, options, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, photos, training=False):
        return self.function(photos, self.seed_generator, **self.options) if training else photos

    def compute_output_shape(self, input_shape):
        return input_shape

    # Keras saves weights, not seeds: without this a run that goes on would repeat its first augmentations.
    def save_own_variables(self, store):
        store["seed"] = self.seed_generator.state

    def load_own_variables(self, store):
        self.seed_generator.state.assign(store["seed"])

    def get_config(self):
        return {**self.options, "seed": self.seed, "name": self.name}


@keras.saving.register_keras_serializable("kcolor")
class Geometry(_Augmentation):
    """`geometry` as a layer, active with ``training=True``; `seed` is an int or None, the rest as there."""

    def __init__(self, horizontal_flip=True, vertical_flip=False, rotation=0.0, crop=0.0, scale=0.0, seed=None, name=None):
        flips = {"horizontal_flip": horizontal_flip, "vertical_flip": vertical_flip}
        super().__init__(geometry, {**flips, "rotation": rotation, "crop": crop, "scale": scale}, seed, name)


@keras.saving.register_keras_serializable("kcolor")
class Age(_Augmentation):
    """`age` as a layer, active with ``training=True``; `seed` is an int or None, the rest as there."""

    def __init__(self, noise=0.0, fading=0.0, blur=0.0, grain=0.0, seed=None, name=None):
        super().__init__(age, {"noise": noise, "fading": fading, "blur": blur, "grain": grain}, seed, name)


AUGMENTATIONS = {"geometry": Geometry, "age": Age}


def get(name, **options):
    """The augmentation layer of that name, built with these options."""
    return registry.build(AUGMENTATIONS, "augmentation", name, **options)


def _flip(photos, chance, axis):
    return ops.where(chance[:, None, None, None] < 0.5, ops.flip(photos, axis=axis), photos)


class _Drawn(keras.random.SeedGenerator):
    """A seed that has been drawn already, in the guise that `keras.random` takes on all backends: a tensor only JAX takes."""

    def __init__(self, value):  # without super(), which would make a variable
        self.value = ops.cast(value, "uint32" if backend.backend() == "jax" else "int64")

    def next(self, ordered=True):
        return self.value


def _seeds(seed):
    """Three seeds out of one: for `_draws`, for the grain, for the noise."""
    if type(seed) is not int and not isinstance(seed, keras.random.SeedGenerator):
        tensor = ops.convert_to_tensor(seed) if ops.is_tensor(seed) or isinstance(seed, np.ndarray) else ops.zeros(())
        if tuple(tensor.shape) != (2,) or "int" not in backend.standardize_dtype(tensor.dtype):
            raise ValueError(
                "Expected `seed` as an int, an integer tensor of shape (2,) or a keras.random.SeedGenerator. "
                f"Received: {seed!r}"
            )
        seed = _Drawn(tensor)
    table = keras.random.randint((3, 2), 0, 2**31 - 1, dtype="int32", seed=seed)
    return [_Drawn(table[row]) for row in range(3)]


def _draws(seed, batch):
    """For each name of `DRAWS` one number per picture, uniform in (0, 1), shape ``(batch,)``."""
    return dict(zip(DRAWS, _uniform(seed, len(DRAWS), batch), strict=True))


def _normal(seed, batch, height, width):
    radius, turn = _uniform(seed, 2, batch * height * width)
    field = ops.sqrt(-2 * ops.log(radius)) * ops.cos(2 * math.pi * turn)
    return ops.reshape(field, (batch, height, width, 1))


def _uniform(seed, rows, count):
    # As one long row: XLA takes seconds to compile random integers of rank 4.
    integers = keras.random.randint((rows * count,), 0, 2**23, dtype="int32", seed=seed)
    return ops.unstack(ops.reshape((ops.cast(integers, "float32") + 0.5) / 2**23, (rows, count)), rows)


def _floats(photos, channels=None):
    photos = ops.convert_to_tensor(photos)
    shape, dtype = tuple(photos.shape), backend.standardize_dtype(photos.dtype)
    if len(shape) != 4 or channels not in (None, shape[-1]):
        raise ValueError(f"Expected photos of shape (batch, height, width, {channels or 'channels'}). Received shape: {shape}")
    if not backend.is_float_dtype(dtype):
        raise ValueError(f"Expected photos as floats in [0, 1] (kcolor.photos.to_float makes them). Received dtype: {dtype}")
    return ops.cast(photos, "float32")


def _check(**options):
    for name, value in options.items():
        if name not in LIMITS:
            if not isinstance(value, bool):
                raise ValueError(f"Expected `{name}` as True or False. Received: {value!r}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LIMITS[name]:
            raise ValueError(f"Expected `{name}` as a number in [0, {LIMITS[name]}]. Received: {value!r}")
