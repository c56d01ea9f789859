"""Batches for Keras's `fit` where there is no TensorFlow: what `pipeline` gives, in the same order, without tf.data."""

import itertools

# Of a generator Keras makes one epoch, and of a `PyDataset` epochs of a known length; an adapter may have as many as it likes,
# of any length. Keras takes one that it is given, but shows the class nowhere else.
from keras.src.trainers.data_adapters import data_adapter, data_adapter_utils


class Feed(data_adapter.DataAdapter):
    """Epochs of batches; each time it is gone through is one, and it has no end of them.

    An epoch counts from its third batch on, or at its end: Keras looks at one batch, on a GPU at two, before it begins.

    Args:
        batches: a function of the number of an epoch that gives its batches.
        first_epoch: the number of the first one.
        limit: so many batches of each; None for all.
    """

    batch_size = None
    num_batches = None
    has_partial_batch = None
    partial_batch_size = None

    def __init__(self, batches, first_epoch: int = 0, limit: int | None = None):
        self._batches, self._epoch, self._limit = batches, first_epoch, limit

    def __iter__(self):
        epoch = self._epoch
        for step, batch in enumerate(itertools.islice(self._batches(epoch), self._limit)):
            if step == 2:
                self._epoch = epoch + 1
            yield batch
        self._epoch = epoch + 1

    def take(self, count: int) -> "Feed":
        """The same, with at most so many batches an epoch."""
        return Feed(self._batches, self._epoch, count)

    def get_numpy_iterator(self):
        return iter(self)

    def get_jax_iterator(self):
        return data_adapter_utils.get_jax_iterator(iter(self))

    def get_torch_dataloader(self):
        return data_adapter_utils.get_torch_dataloader(iter(self))
