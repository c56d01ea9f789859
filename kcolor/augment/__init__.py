"""Random changes to training pictures: `geometry` moves the pixels, `age` makes photos look old.

Each of them is a pure function of pictures and a seed, and a Keras layer around it. The layer draws its seeds itself and acts
only with ``training=True``. All computation is in float32, whatever comes in and whatever the dtype policy is.

>>> photos = np.random.default_rng(0).random((2, 8, 8, 3), dtype="float32")
>>> layer = kcolor.augment.get("geometry", rotation=5.0, seed=1)
>>> layer(photos, training=True).shape == photos.shape
True

**Seeds.** A seed is an int, an integer tensor of shape ``(2,)``, or a `keras.random.SeedGenerator`, which moves on. From it
`keras.random.randint` draws four seeds: for the numbers of each picture, the grain, the noise and the scratches. The first
gives, for each name in `DRAWS`, one uniform number per picture. So a seed always gives the same pictures, switching one option
on does not change the draws of the others, and `geometry` and `age` may share a seed. All numbers are made from random
integers: from one seed TensorFlow draws the same integers with and without XLA, but not the same floats.

**In tf.data** (TensorFlow backend) give the pure functions a seed for each batch. That is reproducible in a parallel ``map``
too, where a layer would take its seeds in the order in which the calls happen to come. The pictures are those that a layer
with ``seed=1`` gives on the device::

    seeds = tf.data.Dataset.counter().map(lambda step: tf.stack([1, step]))
    batches = tf.data.Dataset.zip(batches, seeds).map(lambda photos, seed: geometry(photos, seed, rotation=5.0))
"""

from typing import Any

import keras

from kcolor.augment.ageing import Age, age
from kcolor.augment.base import DRAWS, LIMITS
from kcolor.augment.geometry import Geometry, geometry
from kcolor.utils import registry

__all__ = ["AUGMENTATIONS", "DRAWS", "LIMITS", "Age", "Geometry", "age", "geometry", "get"]

AUGMENTATIONS = {"geometry": Geometry, "age": Age}


def get(name: str, **options: Any) -> keras.layers.Layer:
    """Builds an augmentation layer by name.

    >>> kcolor.augment.get("age", noise=0.02, seed=3).get_config()["noise"]
    0.02

    Args:
        name: Key of `AUGMENTATIONS`.
        options: Arguments of that layer.

    Raises:
        ValueError: If there is no such layer or option.
    """
    return registry.build(AUGMENTATIONS, "augmentation", name, **options)
