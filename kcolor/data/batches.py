"""Pictures as batches for Keras's `fit`, by tf.data; where TensorFlow is not installed, by a `feed`."""

import importlib.util
import itertools

import numpy as np

from kcolor.data import cache as caches
from kcolor.data.loader import Reading, chunks, one_epoch
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.images.sizes import check_size
from kcolor.utils.processors import cpus


def batches(
    pictures: Pictures,
    batch_size: int,
    size,
    *,
    crop: str = "center",
    zoom: float = 1.0,
    copies: str | int | None = None,
    skip_gray: bool = False,
    shuffle: bool = False,
    seed: int = 0,
    first_epoch: int = 0,
    drop_remainder: bool = False,
    cache=None,
    max_broken: float = 0.05,
    counts: ReadCounts | None = None,
):
    """A set of batches. Each time it is gone through is one epoch; it has no end of them.

    The order of an epoch and what is cut out of each picture depend on `seed` and on the number of the epoch. So what begins
    at ``first_epoch=3`` goes on as what began at 0 did the fourth time. Memory does not grow with the number of pictures.

    Args:
        pictures: from `pictures`.
        batch_size: how many make a batch.
        size: int or (height, width).
        crop, zoom, copies, skip_gray: see `each`.
        shuffle: another order every epoch.
        seed: of the order and of random crops.
        first_epoch: the number of the first one.
        drop_remainder: leave out the last pictures if they make no full batch.
        cache: a folder to keep decoded pictures in, for faster epochs and later runs.
        max_broken: broken pictures are left out, and are an error from this share on.
        counts: counts what was left out; its `error` is what to show when TensorFlow raises.

    Returns:
        `tf.data.Dataset` of uint8 ``(batch_size, height, width, 3)``, RGB; a `kcolor.data.feed.Feed` of the same without
        TensorFlow.
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
        reading = caches.cached(reading, cache)
    return _dataset(reading, batch_size, seed if shuffle else None, first_epoch, drop_remainder)


def encoded(dataset, target):
    """What the network sees and what it should answer, computed by the threads of tf.data instead of on the device.

    Args:
        dataset: from `batches`.
        target: a `kcolor.targets.ColorTarget`.

    Returns:
        `tf.data.Dataset` of pairs: ``target.luma`` and ``target.encode`` of each batch, in the same order.
    """
    import keras

    from kcolor.images import arrays

    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"Expected the TensorFlow backend: targets compute with Keras, inside tf.data. Received: "
            f"{keras.backend.backend()}. Leave the batches as they are, and let the colorizer encode them"
        )

    import tensorflow as tf

    @tf.function(jit_compile=True)  # one loop over the pixels instead of one for each operation: three times as fast
    def encode(batch):
        rgb = arrays.to_float(batch)
        return target.luma(rgb), target.encode(rgb)

    return without_autotuning(dataset.map(encode, num_parallel_calls=cpus(), deterministic=True).prefetch(2))


def _dataset(reading, batch_size, seed, first_epoch, drop_remainder):
    """Something for `fit` around `one_epoch`: the reading is done by threads of ours, so who trains has only to call for it."""

    def one_after_another(epoch):
        for batch in chunks(one_epoch(reading, seed, epoch), batch_size):
            if len(batch) == batch_size or not drop_remainder:
                yield np.stack(batch)

    if importlib.util.find_spec("tensorflow") is None:
        from kcolor.data.keras_feed import Feed

        return Feed(one_after_another, first_epoch)

    import tensorflow as tf

    epochs = itertools.count(first_epoch)
    signature = tf.TensorSpec((batch_size if drop_remainder else None, *reading.size, 3), tf.uint8)
    every = tf.data.Dataset.from_generator(lambda: one_after_another(next(epochs)), output_signature=signature)
    return without_autotuning(every.prefetch(2))


def without_autotuning(dataset):
    """The same set, without the thread that tunes it. There is nothing to tune here, and at the end of every epoch one waits
    until that thread wakes: it looks after 10 ms, 20, 40, …, so an epoch of 6 seconds takes 10.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
