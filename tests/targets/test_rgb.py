"""RGB, differences and quotients: by hand."""

import numpy as np
import pytest
from keras import ops

from kcolor import targets


def numpy(x):
    return ops.convert_to_numpy(x)


def test_differences_are_negative_half_of_the_time():
    green = np.float32([[[[0, 1, 0]]]])
    assert numpy(targets.get("difference").encode(green))[0, 0, 0] == pytest.approx([-0.587, 0.413, -0.587], abs=1e-6)


def test_quotients_by_hand():
    colors = np.float32([[[[0, 0, 0], [0.5, 0.5, 0.5], [0, 0, 1]]]])
    quotient = numpy(targets.get("quotient").encode(colors))[0, 0]
    assert quotient[0] == pytest.approx([1, 1, 1])
    assert quotient[1] == pytest.approx([1, 1, 1], abs=1e-6)
    assert quotient[2][2] == pytest.approx((1 + 1 / 255) / (0.114 + 1 / 255), rel=1e-5)


def test_an_autoencoders_rgb_is_not_touched(rng):
    target = targets.get("rgb", keep_lightness=False)
    raw, photo = rng.uniform(size=(2, 1, 4, 4, 3)).astype("float32")
    assert numpy(target.decode(raw, photo)) == pytest.approx(raw)
