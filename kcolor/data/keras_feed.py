"""Batches for Keras's `fit` without TensorFlow: the same as `batches` gives, in the same order, without tf.data."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

# Private, because no public class fits. Keras makes one epoch of a generator, and epochs of a length known in advance of a
# `PyDataset`; ours begin anew as often as Keras likes, and how long one is depends on how many pictures turn out to be grey or
# broken. Keras accepts an adapter in place of data, but shows its class nowhere else. tests/data/test_keras_feed.py notices
# if that changes.
from keras.src.trainers.data_adapters import data_adapter, data_adapter_utils


class Feed(data_adapter.DataAdapter):
    """Epochs of batches. Each pass over it is one epoch, and there may be any number of passes.

    An epoch counts from its third batch on, or at its end: before it trains, Keras looks at one batch, on a GPU at two.

    >>> from kcolor.data.keras_feed import Feed
    >>> feed = Feed(lambda epoch: iter([np.full(2, epoch)] * 3))
    >>> [[int(batch[0]) for batch in feed] for _ in range(2)]
    [[0, 0, 0], [1, 1, 1]]

    Args:
        batches: Function of an epoch's number that returns an iterator over its batches.
        first_epoch: Integer. Number of the first epoch.
        limit: Integer. Largest number of batches in an epoch; None takes all.
    """

    batch_size = None
    num_batches = None
    has_partial_batch = None
    partial_batch_size = None

    def __init__(self, batches: Callable[[int], Iterator[Any]], first_epoch: int = 0, limit: int | None = None):
        self._batches, self._epoch, self._limit = batches, first_epoch, limit

    def __iter__(self) -> Iterator[Any]:
        """Begins an epoch, and yields its batches."""
        epoch = self._epoch
        for step, batch in enumerate(itertools.islice(self._batches(epoch), self._limit)):
            if step == 2:
                self._epoch = epoch + 1
            yield batch
        self._epoch = epoch + 1

    def take(self, count: int) -> "Feed":
        """Returns the same epochs with at most `count` batches each."""
        return Feed(self._batches, self._epoch, count)

    def get_numpy_iterator(self) -> Iterator[Any]:
        """Returns one epoch; Keras calls it where the backend takes arrays."""
        return iter(self)

    def get_jax_iterator(self) -> Iterator[Any]:
        """Returns one epoch; Keras calls it on the JAX backend."""
        return data_adapter_utils.get_jax_iterator(iter(self))

    def get_torch_dataloader(self) -> Any:
        """Returns one epoch as a `torch.utils.data.DataLoader`; Keras calls it on the PyTorch backend."""
        return data_adapter_utils.get_torch_dataloader(iter(self))
