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

from kcolor.augment.ageing import Age, age
from kcolor.augment.base import DRAWS, LIMITS
from kcolor.augment.geometry import Geometry, geometry
from kcolor.utils import registry

__all__ = ["AUGMENTATIONS", "DRAWS", "LIMITS", "Age", "Geometry", "age", "geometry", "get"]

AUGMENTATIONS = {"geometry": Geometry, "age": Age}


def get(name, **options):
    """The augmentation layer of that name, built with these options."""
    return registry.build(AUGMENTATIONS, "augmentation", name, **options)
