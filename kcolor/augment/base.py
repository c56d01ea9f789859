"""What all augmentations need: seeds, random numbers, checks, and the layer around a function."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import backend, ops

from kcolor.utils.types import Tensor

# The names of the random numbers of a picture, in the order in which they are drawn.
DRAWS = (
    *("horizontal_flip", "vertical_flip", "rotation", "crop_height", "crop_width", "place_down", "place_right", "scale"),
    *("blur", "grain", "fading", "fading_level", "noise"),
    *("film", "film_blue", "film_red", "contrast", "contrast_exposure", "contrast_curve"),
    *("halation", "halation_width", "vignette", "vignette_shape", "vignette_level", "scratches", "jpeg"),
)

# The largest value of each strength. The smallest is 0, which is off.
LIMITS = {"rotation": 180, "crop": 0.9, "scale": 0.9, "noise": 1, "fading": 1, "blur": 32, "grain": 1}
LIMITS |= dict.fromkeys(("film", "contrast", "halation", "vignette", "scratches", "jpeg"), 1)


class Augmentation(keras.layers.Layer):
    """The layer around an augmentation function. It computes in float32.

    Args:
        function: Function of photos, a seed and options.
        options: Dict of the options.
        seed: Integer, or None.
        name: Name of the layer, or None.
    """

    def __init__(self, function: Callable[..., Tensor], options: dict[str, Any], seed: int | None, name: str | None) -> None:
        super().__init__(name=name, dtype="float32")  # the policy would cast pictures to half precision
        check_options(**options)
        self.function, self.options, self.seed = function, options, seed
        self.seed_generator = keras.random.SeedGenerator(None if seed is None else _for_any_backend(seed))

    def call(self, photos: Tensor, training: bool = False) -> Tensor:
        """Returns the photos, changed if they are for training."""
        return self.function(photos, self.seed_generator, **self.options) if training else photos

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the photos, which does not change."""
        return input_shape

    # Keras saves weights, but no seeds. Without these a run that continues would repeat its first augmentations.
    def save_own_variables(self, store: dict) -> None:
        """Saves where the random numbers are."""
        store["seed"] = self.seed_generator.state

    def load_own_variables(self, store: dict) -> None:
        """Continues the random numbers from there."""
        self.seed_generator.state.assign(store["seed"])

    def get_config(self) -> dict:
        """Returns what the layer can be built from again."""
        return {**self.options, "seed": self.seed, "name": self.name}


class _Drawn(keras.random.SeedGenerator):
    """A seed that has been drawn already.

    `keras.random` draws its seeds from a `SeedGenerator`; only on JAX it takes a tensor as well. So this is a generator that
    always gives the same seed. It leaves out ``super().__init__()`` on purpose: that would make a variable, which cannot be
    done inside a graph, and the drawn seed is a tensor of that graph.
    """

    def __init__(self, value):
        self.value = ops.cast(value, "uint32" if backend.backend() == "jax" else "int64")

    def next(self, ordered=True):
        return self.value


def _for_any_backend(seed):
    """A seed as every backend takes it: neither negative nor of more than 31 bits."""
    return int(seed) % (1 << 31)


def split_seed(seed: int | Tensor | keras.random.SeedGenerator) -> list[keras.random.SeedGenerator]:
    """Draws four seeds from one: for `draw_numbers`, for the grain, for the noise and for the scratches.

    Args:
        seed: Integer, integer tensor of shape ``(2,)``, or a generator, which moves on by one.

    Raises:
        ValueError: If `seed` is anything else.
    """
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        seed = _for_any_backend(seed)
    if type(seed) is not int and not isinstance(seed, keras.random.SeedGenerator):
        tensor = ops.convert_to_tensor(seed) if ops.is_tensor(seed) or isinstance(seed, np.ndarray) else ops.zeros(())
        if tuple(tensor.shape) != (2,) or "int" not in backend.standardize_dtype(tensor.dtype):
            raise ValueError(
                "Expected `seed` as an int, an integer tensor of shape (2,) or a keras.random.SeedGenerator. "
                f"Received: {seed!r}"
            )
        seed = _Drawn(tensor)
    table = keras.random.randint((4, 2), 0, 2**31 - 1, dtype="int32", seed=seed)
    return [_Drawn(table[row]) for row in range(4)]


def draw_numbers(seed: keras.random.SeedGenerator, batch: int | Tensor) -> dict[str, Tensor]:
    """Draws one number per picture for each name of `DRAWS`.

    Args:
        seed: One of `split_seed`.
        batch: Number of pictures: an integer, or a tensor while a graph is made.

    Returns:
        Dict of float32 tensors ``(batch,)``, uniform in (0, 1).
    """
    return dict(zip(DRAWS, uniform(seed, len(DRAWS), batch), strict=True))


def normal_noise(seed: keras.random.SeedGenerator, batch: int, height: int, width: int) -> Tensor:
    """Draws white noise of mean 0 and standard deviation 1.

    Args:
        seed: One of `split_seed`.
        batch: Number of pictures. This and the sizes are integers, or tensors while a graph is made.
        height: Height of a picture in pixels.
        width: Width of a picture in pixels.

    Returns:
        float32 tensor ``(batch, height, width, 1)``.
    """
    radius, turn = uniform(seed, 2, batch * height * width)
    field = ops.sqrt(-2 * ops.log(radius)) * ops.cos(2 * math.pi * turn)
    return ops.reshape(field, (batch, height, width, 1))


def uniform(seed: keras.random.SeedGenerator, rows: int, count: int | Tensor) -> list[Tensor]:
    """Draws rows of numbers.

    Args:
        seed: One of `split_seed`.
        rows: Integer. The first rows stay the same if there are more of them.
        count: Numbers in a row: an integer, or a tensor while a graph is made.

    Returns:
        List of float32 tensors ``(count,)``, uniform in (0, 1).
    """
    # All in one long row: XLA takes seconds to compile random integers of rank 4.
    integers = keras.random.randint((rows * count,), 0, 2**23, dtype="int32", seed=seed)
    return ops.unstack(ops.reshape((ops.cast(integers, "float32") + 0.5) / 2**23, (rows, count)), rows)


def as_floats(photos: Tensor, channels: int | None = None) -> Tensor:
    """Returns a batch of pictures as a float32 tensor.

    Args:
        photos: Floats ``(batch, height, width, channels)``.
        channels: Integer, or None. How many channels there must be.

    Raises:
        ValueError: If the shape or the dtype is another one.
    """
    photos = ops.convert_to_tensor(photos)
    shape, dtype = tuple(photos.shape), backend.standardize_dtype(photos.dtype)
    if len(shape) != 4 or channels not in (None, shape[-1]):
        raise ValueError(f"Expected photos of shape (batch, height, width, {channels or 'channels'}). Received shape: {shape}")
    if not backend.is_float_dtype(dtype):
        raise ValueError(f"Expected photos as floats in [0, 1] (kcolor.photos.to_float makes them). Received dtype: {dtype}")
    return ops.cast(photos, "float32")


def check_options(**options: Any) -> None:
    """Raises ValueError unless every strength is a number within `LIMITS`, and every other option a bool.

    >>> check_options(rotation=5, horizontal_flip=True)

    Args:
        options: Options of an augmentation by name.
    """
    for name, value in options.items():
        if name not in LIMITS:
            if not isinstance(value, bool):
                raise ValueError(f"Expected `{name}` as True or False. Received: {value!r}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LIMITS[name]:
            raise ValueError(f"Expected `{name}` as a number in [0, {LIMITS[name]}]. Received: {value!r}")
