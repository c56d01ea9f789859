"""What the augmentations share: seeds, random numbers, checks, and the layer around a function."""

import math

import keras
import numpy as np
from keras import backend, ops

# What is random, in the order in which it is drawn.
DRAWS = ("horizontal_flip", "vertical_flip", "rotation", "crop_height", "crop_width", "place_down", "place_right", "scale")
DRAWS += ("blur", "grain", "fading", "fading_level", "noise")

# The largest value that makes sense for each strength; all start at 0, which is off.
LIMITS = {"rotation": 180, "crop": 0.9, "scale": 0.9, "noise": 1, "fading": 1, "blur": 32, "grain": 1}


class Augmentation(keras.layers.Layer):
    """What the layers share: a function of photos and a seed, its options, the seeds, and nothing but float32."""

    def __init__(self, function, options, seed, name):
        super().__init__(name=name, dtype="float32")  # the policy would cast pictures to half precision
        check_options(**options)
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


class _Drawn(keras.random.SeedGenerator):
    """A seed that has been drawn already, in the guise that `keras.random` takes on all backends: a tensor only JAX takes."""

    def __init__(self, value):  # without super(), which would make a variable
        self.value = ops.cast(value, "uint32" if backend.backend() == "jax" else "int64")

    def next(self, ordered=True):
        return self.value


def three_seeds(seed):
    """Three seeds out of one: for `draw_numbers`, for the grain, for the noise."""
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


def draw_numbers(seed, batch):
    """For each name of `DRAWS` one number per picture, uniform in (0, 1), shape ``(batch,)``."""
    return dict(zip(DRAWS, _uniform(seed, len(DRAWS), batch), strict=True))


def normal_noise(seed, batch, height, width):
    radius, turn = _uniform(seed, 2, batch * height * width)
    field = ops.sqrt(-2 * ops.log(radius)) * ops.cos(2 * math.pi * turn)
    return ops.reshape(field, (batch, height, width, 1))


def _uniform(seed, rows, count):
    # As one long row: XLA takes seconds to compile random integers of rank 4.
    integers = keras.random.randint((rows * count,), 0, 2**23, dtype="int32", seed=seed)
    return ops.unstack(ops.reshape((ops.cast(integers, "float32") + 0.5) / 2**23, (rows, count)), rows)


def as_floats(photos, channels=None):
    photos = ops.convert_to_tensor(photos)
    shape, dtype = tuple(photos.shape), backend.standardize_dtype(photos.dtype)
    if len(shape) != 4 or channels not in (None, shape[-1]):
        raise ValueError(f"Expected photos of shape (batch, height, width, {channels or 'channels'}). Received shape: {shape}")
    if not backend.is_float_dtype(dtype):
        raise ValueError(f"Expected photos as floats in [0, 1] (kcolor.photos.to_float makes them). Received dtype: {dtype}")
    return ops.cast(photos, "float32")


def check_options(**options):
    for name, value in options.items():
        if name not in LIMITS:
            if not isinstance(value, bool):
                raise ValueError(f"Expected `{name}` as True or False. Received: {value!r}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LIMITS[name]:
            raise ValueError(f"Expected `{name}` as a number in [0, {LIMITS[name]}]. Received: {value!r}")
