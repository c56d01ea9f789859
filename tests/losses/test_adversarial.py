"""The adversarial losses, by hand."""

import math

import numpy as np
import pytest
from keras import ops

from kcolor import losses


def number(x):
    return float(ops.convert_to_numpy(x))


def test_adversarial_by_hand():
    ones, zeros = np.ones((1, 2), "float32"), np.zeros((1, 2), "float32")
    logits = np.float32([[2.0, -1.0]])
    sigmoid = [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(1))]
    bce, smooth = losses.Adversarial(), losses.Adversarial(label_smoothing=0.1)
    assert number(bce(ones, logits)) == pytest.approx(-sum(math.log(s) for s in sigmoid) / 2, rel=1e-5)
    assert number(bce(zeros, logits)) == pytest.approx(-sum(math.log(1 - s) for s in sigmoid) / 2, rel=1e-5)
    soft = -sum(0.9 * math.log(s) + 0.1 * math.log(1 - s) for s in sigmoid) / 2
    assert number(smooth(ones, logits)) == pytest.approx(soft, rel=1e-5)
    assert number(smooth(zeros, logits)) == pytest.approx(number(bce(zeros, logits)))
    squares = losses.Adversarial("least_squares")
    assert number(squares(ones, logits)) == pytest.approx((1 + 4) / 2)
    assert number(squares(zeros, logits)) == pytest.approx((4 + 1) / 2)
    assert number(losses.Adversarial("least_squares", label_smoothing=0.2)(ones, logits)) == pytest.approx((1.44 + 3.24) / 2)


def test_adversarial_does_not_overflow():
    assert number(losses.Adversarial()(np.ones((1, 1)), np.float32([[-1000.0]]))) == pytest.approx(1000)
