"""Batches of pictures for Keras's `fit`: a `tf.data.Dataset`, or a `keras_feed.Feed` where TensorFlow is not installed."""

import importlib.util
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from kcolor.data.cache import cached
from kcolor.data.loader import chunks, one_epoch
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.data.reading import Reading
from kcolor.images.sizes import SizeLike, check_size
from kcolor.utils.processors import cpus
from kcolor.utils.types import PathLike

if TYPE_CHECKING:  # targets stand above this package
    from kcolor.targets import ColorTarget

# A `tf.data.Dataset`, or a `keras_feed.Feed` without TensorFlow. Either type's name would take its framework to say.
Dataset: TypeAlias = Any


def batches(
    pictures: Pictures,
    batch_size: int,
    size: SizeLike,
    *,
    crop: str = "center",
    zoom: float = 1.0,
    copies: str | int | None = None,
    skip_gray: bool = False,
    shuffle: bool = False,
    seed: int = 0,
    first_epoch: int = 0,
    drop_remainder: bool = False,
    cache: PathLike | None = None,
    max_broken: float = 0.05,
    counts: ReadCounts | None = None,
    part: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Dataset:
    """Returns batches of pictures of one size. One pass over them is one epoch, and there may be any number of passes.

    The order of an epoch, and what is cut out of each picture, depend on `seed` and on the epoch's number alone. So a
    training that stopped after three epochs continues with ``first_epoch=3`` as if it had never stopped. (On JAX and PyTorch,
    Keras takes a first batch to build a network that is not built: build yours before, or that counts as an epoch.) Memory
    does not grow with the number of pictures.

    >>> toys = kcolor.data.pictures("shapes", "train", count=20)
    >>> batches = kcolor.data.batches(toys, 8, 32, shuffle=True, drop_remainder=True)
    >>> [np.asarray(batch).shape for batch in batches]
    [(8, 32, 32, 3), (8, 32, 32, 3)]

    Args:
        pictures: Pictures to read, as `kcolor.data.pictures` returns them.
        batch_size: Integer. Number of pictures in a batch.
        size: Integer or (height, width). Size of every picture, in pixels.
        crop: One of `CROPS`. How a picture is brought to that size, see `each`.
        zoom: Number of 1 or more. With ``crop="random"``, a cut-out may be this many times smaller than the largest one.
        copies: Name in `COPIES`, or an integer. Each epoch has several fixed variants of each picture.
        skip_gray: Whether to leave out grey pictures.
        shuffle: Whether the order is random, and another one every epoch.
        seed: Integer. Decides the order and the random crops.
        first_epoch: Integer. Number of the first epoch.
        drop_remainder: Whether to leave out the last pictures of an epoch if they do not fill a batch.
        cache: Folder to keep decoded pictures in, which makes later epochs and later runs faster. None keeps nothing.
        max_broken: Number in [0, 1]. Broken pictures are left out; a larger share of them is an error.
        counts: Counts what was left out. If TensorFlow raises a long error, `counts.error` is the short one behind it.
        part: Function that returns the part of a batch that is wanted, where several machines share each. None wants all.

    Returns:
        `tf.data.Dataset` of uint8 ``(batch_size, height, width, 3)``, RGB. Where TensorFlow is not installed, a
        `kcolor.data.keras_feed.Feed` of the same arrays, which `fit` takes as well.

    Raises:
        ValueError: For a wrong argument, at once; for too many broken pictures, while the batches are read.
    """
    if not isinstance(batch_size, int) or batch_size < 1:
        raise ValueError(f"Expected `batch_size` of 1 or more. Received: {batch_size!r}")
    reading = Reading(
        pictures=pictures,
        size=check_size(size),
        crop=crop,
        zoom=zoom,
        copies=copies,
        skip_gray=skip_gray,
        seed=seed,
        max_broken=max_broken,
        counts=ReadCounts() if counts is None else counts,
    )
    if drop_remainder and len(pictures) * reading.folds < batch_size:
        raise ValueError(
            f"Expected enough pictures for one batch of {batch_size}, with `drop_remainder`. Received: {pictures.description}"
        )
    if cache is not None:
        reading = cached(reading, cache)
    return _dataset(reading, batch_size, seed if shuffle else None, first_epoch, drop_remainder, part)


def encoded(dataset: Dataset, target: "ColorTarget") -> Dataset:
    """Returns pairs for `fit`: what the network sees of each batch, and what it should output.

    A `kcolor.Colorizer` computes both on the device, from batches as they are. This is for networks of your own: tf.data's
    threads compute the pairs on the CPU.

    >>> batches = kcolor.data.batches(kcolor.data.pictures("shapes", count=8), 4, 32)
    >>> if keras.backend.backend() == "tensorflow":
    ...     luma, chroma = next(iter(kcolor.data.encoded(batches, kcolor.targets.get("lab"))))
    ...     assert (luma.shape, chroma.shape) == ((4, 32, 32, 1), (4, 32, 32, 2))

    Args:
        dataset: `tf.data.Dataset` of uint8 RGB, as `batches` returns it.
        target: A `kcolor.targets.ColorTarget`.

    Returns:
        `tf.data.Dataset` of pairs, in the same order: ``target.luma`` and ``target.encode`` of each batch.

    Raises:
        ValueError: If Keras's backend is not TensorFlow.
    """
    import keras

    from kcolor.images import arrays

    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            "Expected the TensorFlow backend: targets compute with Keras, here inside tf.data. Received: "
            f"{keras.backend.backend()}. Leave the batches as they are, and let the colorizer encode them"
        )

    import tensorflow as tf

    @tf.function(jit_compile=True)  # one loop over the pixels instead of one for each operation: three times as fast
    def encode(batch):
        rgb = arrays.to_float(batch)
        return target.luma(rgb), target.encode(rgb)

    return without_autotuning(dataset.map(encode, num_parallel_calls=cpus(), deterministic=True).prefetch(2))


def without_autotuning(dataset: Dataset) -> Dataset:
    """Returns the same `tf.data.Dataset` without the thread that tunes it.

    There is nothing to tune here. And at its end, every epoch would wait until that thread wakes: it looks after 10 ms, 20,
    40, …, so an epoch of 6 seconds would take 10.

    Args:
        dataset: A `tf.data.Dataset`.

    Returns:
        `tf.data.Dataset` of the same elements.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def _dataset(reading, batch_size, seed, first_epoch, drop_remainder, part):
    """Wraps `one_epoch` for `fit`. Its own threads read ahead, so the training only has to ask for the next batch."""

    def batches_of(epoch: int) -> Iterator[np.ndarray]:
        for batch in chunks(one_epoch(reading, seed, epoch), batch_size):
            if len(batch) == batch_size or not drop_remainder:
                wanted = np.stack(batch) if part is None else part(np.stack(batch))
                if len(wanted):
                    yield wanted

    if importlib.util.find_spec("tensorflow") is None:
        from kcolor.data.keras_feed import Feed

        return Feed(batches_of, first_epoch)

    import tensorflow as tf

    epochs = itertools.count(first_epoch)
    known = drop_remainder and part is None
    signature = tf.TensorSpec((batch_size if known else None, *reading.size, 3), tf.uint8)
    dataset = tf.data.Dataset.from_generator(lambda: batches_of(next(epochs)), output_signature=signature)
    return without_autotuning(dataset.prefetch(2))
