"""System C's regressor of the mean colour."""

import pytest
from helpers.counting import conv, norm, weights

from kcolor import models


def test_c1():
    by_hand = conv(3, 1, 3) + norm(3) + 6 * (conv(3, 3, 3) + norm(3)) + (3 * 2 + 2)
    assert weights(models.build("mean_regressor", "mean_ab")) == by_hand == 584


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("mean_regressor", "lab"), "pooled target"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
