"""Lab in NumPy is that of `kcolor.color`."""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.video.numpy_lab import ab_of_rgb, rgb_of_lab


def test_it_is_the_lab_of_tensors(rng):
    rgb = rng.integers(0, 256, (50, 40, 3), dtype="uint8")
    lab = ops.convert_to_numpy(color.rgb_to_lab(rgb.astype("float32") / 255))
    np.testing.assert_allclose(ab_of_rgb(rgb), lab[..., 1:], atol=2e-3)
    back = np.stack(rgb_of_lab(*np.moveaxis(lab, -1, 0)), axis=-1)
    np.testing.assert_allclose(back, rgb / 255, atol=1e-4)


def test_impossible_colours_lie_outside():
    red, green, blue = rgb_of_lab(*np.float32([[60], [120], [-90]]))
    assert green < 0
    assert blue > 1
    assert red > green
