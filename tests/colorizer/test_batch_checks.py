"""Training data: what is refused before it makes a wrong picture, and how a batch is packed."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor.colorizer.batch_checks import check_data, check_shape, is_array, training_pair


def test_pairs():
    photo, truth, weight = np.zeros((2, 4, 6, 3), "uint8"), np.ones((2, 4, 6, 3), "uint8"), np.ones(2)
    assert training_pair(photo)[0]["photo"] is photo
    pair, nothing, given = training_pair((photo, truth, weight))
    assert pair["truth"] is truth
    assert nothing is None
    assert given is weight
    with pytest.raises(ValueError, match=r"of one shape. Received: \(2, 4, 6, 3\) and \(2, 4, 5, 3\)"):
        training_pair((photo, truth[:, :, :5]))
    with pytest.raises(ValueError, match="each truth batch of shape"):
        training_pair((photo, truth[..., 0]))


def test_shapes():
    check_shape(np.zeros((2, 4, 6, 3)), "photo")
    for wrong in (np.zeros((4, 6, 3)), np.zeros((2, 4, 6, 1)), "picture"):
        with pytest.raises(ValueError, match=r"each photo batch of shape \(batch, height, width, 3\)"):
            check_shape(wrong, "photo")


def test_arrays_of_numpy_and_of_the_backend():
    assert is_array(np.zeros(3))
    assert is_array(ops.zeros(3))
    assert not is_array([1, 2, 3])


class Batches(keras.utils.PyDataset):
    """A data set as Keras users write them."""

    def __init__(self, batch):
        super().__init__()
        self.batch, self.seen = batch, 0

    def __len__(self):
        return 2

    def __getitem__(self, index):
        self.seen += 1
        return self.batch


def test_looks_at_arrays_and_at_the_first_batch_of_data_sets():
    good, bright = np.zeros((2, 4, 4, 3), "float32"), np.full((2, 4, 4, 3), 99.0)
    check_data(good, None)
    check_data(Batches(good))
    check_data(Batches((good, good, np.ones(2))))
    for wrong in (bright, Batches(bright), Batches((good, bright))):
        with pytest.raises(ValueError, match="0..255"):
            check_data(wrong)
    with pytest.raises(ValueError, match="as one array or a data set.*a list"):
        check_data([good, good])


def test_takes_nothing_from_an_iterator():
    iterator = iter([np.full((2, 4, 4, 3), 99.0)])
    check_data(iterator)
    assert next(iterator).max() == 99


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
def test_does_not_start_a_data_set_that_says_it_is_uint8():
    import tensorflow as tf

    started = []

    def batches():
        started.append(True)
        yield np.full((2, 4, 4, 3), 99, "float32")

    data = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec([None, None, None, 3], tf.float32))
    check_data(data.map(lambda p: tf.cast(p, tf.uint8)))
    assert started == []
    with pytest.raises(ValueError, match="0..255"):
        check_data(data)
    assert started == [True]
