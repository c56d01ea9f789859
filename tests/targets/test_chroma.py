"""Lab, its mean and YCbCr: by hand."""

import numpy as np
import pytest
from keras import ops

from kcolor import color, targets
from kcolor.targets.chroma import AbTarget


def numpy(x):
    return ops.convert_to_numpy(x)


def test_lab_by_hand():
    blue = np.float32([[[[0, 0, 1]]]])  # a 79.19, b -107.86
    assert numpy(targets.get("lab").encode(blue))[0, 0, 0] == pytest.approx([79.19 / 110, -107.86 / 110], abs=1e-4)
    assert numpy(targets.get("lab", unit=True).encode(blue))[0, 0, 0, 1] == pytest.approx((1 - 107.86 / 110) / 2, abs=1e-4)


def test_ycbcr_by_hand():
    red = np.float32([[[[1, 0, 0]]]])
    assert numpy(targets.get("ycbcr").encode(red))[0, 0, 0] == pytest.approx([2 * -0.299 / 1.772, 1.0], abs=1e-5)


def test_mean_ab_is_the_mean(samples):
    photo = samples["hats"][None].astype("float32") / 255
    mean = numpy(color.rgb_to_lab(photo))[..., 1:].mean(axis=(1, 2))
    assert numpy(targets.get("mean_ab").encode(photo)) * 110 == pytest.approx(mean, abs=1e-3)


def test_accepts_the_activations_of_system_c():
    assert targets.get("lab").activation == "tanh"
    assert targets.get("lab", unit=True).activation == "sigmoid"
    assert targets.get("lab", unit=True, activation="relu").activation == "relu"
    assert targets.get("lab", activation="linear").activation == "linear"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: targets.get("lab", scale=100), "at least 108"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bins_and_lab_keep_and_paint_lightness_alike(samples):
    photo = samples["hats"][None, :16, :24] / np.float32(255)
    lab, bins = targets.get("lab"), targets.get("bins", grid=6)
    assert isinstance(lab, AbTarget)
    assert isinstance(bins, AbTarget)
    for method in ("luma", "gray", "own_chroma"):
        assert np.array_equal(*(ops.convert_to_numpy(getattr(one, method)(photo)) for one in (lab, bins)))
    expected = ops.convert_to_numpy(color.rgb_to_lab(photo))[..., 1:]
    assert np.array_equal(ops.convert_to_numpy(lab.own_chroma(photo)), expected)
    assert ops.convert_to_numpy(targets.get("mean_ab").own_chroma(photo)).shape == (1, 1, 1, 2)
