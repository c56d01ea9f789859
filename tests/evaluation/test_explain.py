"""What a colorizer thought of a photo."""

import numpy as np
import pytest
from helpers.colorizers import small
from keras import ops

import kcolor
from kcolor.evaluation.explain import TEMPERATURES, Explanation, explain


@pytest.fixture(scope="module")
def colorizer():
    return kcolor.Colorizer("unet", kcolor.targets.Bins(grid=6), filters=(4, 8), size=16)


def test_the_shares_are_those_of_the_place(colorizer):
    photo = np.zeros((16, 32, 3), "uint8")
    photo[:, 16:] = 255
    left, right, whole = (explain(colorizer, photo, *where, radius=0.3).shares for where in ((4, 8), (27, 8), ()))
    raw = colorizer.forward_pass.raw(photo[None] / np.float32(255))
    shares = ops.convert_to_numpy(ops.softmax(raw, axis=-1))[0]
    np.testing.assert_allclose(left, shares[8, 4], rtol=1e-4)
    np.testing.assert_allclose(right, shares[8, 27], rtol=1e-4)
    np.testing.assert_allclose(whole, shares.mean(axis=(0, 1)), rtol=1e-4)


def test_equal_shares_are_as_many_colours_as_there_are_bins(colorizer):
    head = [layer for layer in colorizer.network.layers if layer.weights][-1]
    before = head.get_weights()
    head.set_weights([np.zeros_like(weights) for weights in before])
    try:
        np.testing.assert_allclose(explain(colorizer, np.full((20, 30), 128, "uint8")).unsure, 36, rtol=1e-4)
    finally:
        head.set_weights(before)


def test_pictures_are_those_of_colorize(colorizer):
    photo = np.random.default_rng(0).integers(0, 256, (24, 30, 3), "uint8")
    found = explain(colorizer, photo)
    assert isinstance(found, Explanation)
    assert list(found.by_temperature) == list(TEMPERATURES)
    for temperature in (0.0, 1.0):
        expected = colorizer.colorize(photo, temperature=temperature)
        assert np.abs(found.by_temperature[temperature].astype(int) - expected).max() <= 1
    assert np.abs(found.by_size[8].astype(int) - colorizer.colorize(photo, size=8)).max() <= 1
    assert np.abs(found.colored.astype(int) - colorizer.colorize(photo)).max() <= 1
    assert found.own_size == 16


def test_a_large_photo_is_drawn_small_and_a_place_is_counted_in_its_own_pixels(colorizer):
    found = explain(colorizer, np.zeros((400, 1600), "uint8"), 1199.5, 99.5)
    assert found.photo.shape == (160, 640, 3)
    assert found.place == pytest.approx((0.75, 0.25), abs=0.01)


def test_what_cannot_be_explained_is_refused(colorizer):
    photo = np.zeros((16, 16), "uint8")
    with pytest.raises(ValueError, match="whose target is bins"):
        explain(small("lab"), photo)
    with pytest.raises(ValueError, match="both x and y"):
        explain(colorizer, photo, 3)
    with pytest.raises(ValueError, match="inside the photo"):
        explain(colorizer, photo, 30, 3)
