"""Cross entropy over bins: by hand, its gradients, and against Keras's."""

import math

import keras
import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops

from kcolor import losses


def number(x):
    return float(ops.convert_to_numpy(x))


def test_cross_entropy_of_hard_bins_by_hand():
    logits = np.log(np.float32([[[[0.7, 0.2, 0.1]], [[0.1, 0.1, 0.8]]]]))
    truth = np.int32([[[[0]], [[1]]]])
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(-(math.log(0.7) + math.log(0.1)) / 2, rel=1e-5)


def test_weighted_cross_entropy_by_hand():
    logits = np.log(np.float32([[[[0.7, 0.2, 0.1]], [[0.1, 0.1, 0.8]]]]))
    truth = np.int32([[[[0]], [[1]]]])
    weighted = losses.BinCrossEntropy(weights=[0.5, 3.0, 1.0])
    assert number(weighted(truth, logits)) == pytest.approx(-(0.5 * math.log(0.7) + 3 * math.log(0.1)) / 2, rel=1e-5)


def test_cross_entropy_of_soft_bins_by_hand():
    logits = np.log(np.float32([[0.7, 0.2, 0.1]]))
    truth = np.log(np.float32([[0.25, 0.75, 1e-13]]))
    expected = -(0.25 * math.log(0.7) + 0.75 * math.log(0.2))
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(expected, rel=1e-5)
    assert number(losses.BinCrossEntropy([1, 4, 9])(truth, logits)) == pytest.approx(4 * expected, rel=1e-5)


def test_cross_entropy_of_the_few_bins_that_have_a_share_by_hand():
    logits = np.log(np.float32([[0.7, 0.2, 0.1]]))
    truth = {"index": np.int32([[1, 0]]), "share": np.float32([[0.75, 0.25]])}
    expected = -(0.25 * math.log(0.7) + 0.75 * math.log(0.2))
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(expected, rel=1e-5)
    assert number(losses.BinCrossEntropy([1, 4, 9])(truth, logits)) == pytest.approx(4 * expected, rel=1e-5)


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5]])
def test_gradients_of_the_cross_entropy_by_hand(weights):
    """Hard truth and soft, in both ways of writing it: weight · (softmax - share)."""
    logits = np.float32([[1.0, -2.0, 0.5], [0.0, 30.0, -30.0]])
    softmax = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax /= softmax.sum(axis=1, keepdims=True)
    few = {"index": np.int32([[2, 0], [0, 1]]), "share": np.float32([[0.6, 0.4], [1, 0]])}
    dense = np.float32([[0.4, 0, 0.6], [1, 0, 0]])
    hard = np.float32([[0, 0, 1], [1, 0, 0]])
    weight = np.ones((2, 1)) if weights is None else np.float32([[0.5], [1.0]])
    for truth, share in [
        (np.int32([[2], [0]]), hard),
        (few, dense),
        (np.log(np.maximum(dense, 1e-13)), dense),
    ]:
        slope = gradient(lambda x, truth=truth: losses.bin_cross_entropy(truth, x * 1.0, weights), logits)
        assert slope == pytest.approx(weight * (softmax - share), abs=1e-5)


def test_cross_entropy_is_keras_s(rng):
    logits = rng.normal(size=(2, 4, 4, 7)).astype("float32")
    truth = rng.integers(0, 7, (2, 4, 4, 1))
    reference = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert number(losses.BinCrossEntropy()(truth, logits)) == pytest.approx(number(reference(truth, logits)), rel=1e-5)


def test_cross_entropy_of_huge_half_precision_logits_is_finite():
    logits = np.float16([[60000, -60000]])
    assert number(losses.BinCrossEntropy()(np.int32([[1]]), logits)) == pytest.approx(120000, rel=0.01)
