"""CIEDE2000 against the published reference pairs and scikit-image."""

import numpy as np
import pytest
import skimage
from helpers.gradients import gradient
from keras import ops

from kcolor import color, metrics

# Sharma, Wu, Dalal 2005, table 1: L, a, b, L, a, b, ΔE. Among them greys and hues on either side of opposite.
SHARMA = """
    50.0000   2.6772 -79.7751 50.0000   0.0000 -82.7485  2.0425
    50.0000   3.1571 -77.2803 50.0000   0.0000 -82.7485  2.8615
    50.0000   2.8361 -74.0200 50.0000   0.0000 -82.7485  3.4412
    50.0000  -1.3802 -84.2814 50.0000   0.0000 -82.7485  1.0000
    50.0000  -1.1848 -84.8006 50.0000   0.0000 -82.7485  1.0000
    50.0000  -0.9009 -85.5211 50.0000   0.0000 -82.7485  1.0000
    50.0000   0.0000   0.0000 50.0000  -1.0000   2.0000  2.3669
    50.0000  -1.0000   2.0000 50.0000   0.0000   0.0000  2.3669
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0009  7.1792
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0010  7.1792
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0011  7.2195
    50.0000   2.4900  -0.0010 50.0000  -2.4900   0.0012  7.2195
    50.0000  -0.0010   2.4900 50.0000   0.0009  -2.4900  4.8045
    50.0000  -0.0010   2.4900 50.0000   0.0010  -2.4900  4.8045
    50.0000  -0.0010   2.4900 50.0000   0.0011  -2.4900  4.7461
    50.0000   2.5000   0.0000 50.0000   0.0000  -2.5000  4.3065
    50.0000   2.5000   0.0000 73.0000  25.0000 -18.0000 27.1492
    50.0000   2.5000   0.0000 61.0000  -5.0000  29.0000 22.8977
    50.0000   2.5000   0.0000 56.0000 -27.0000  -3.0000 31.9030
    50.0000   2.5000   0.0000 58.0000  24.0000  15.0000 19.4535
    50.0000   2.5000   0.0000 50.0000   3.1736   0.5854  1.0000
    50.0000   2.5000   0.0000 50.0000   3.2972   0.0000  1.0000
    50.0000   2.5000   0.0000 50.0000   1.8634   0.5757  1.0000
    50.0000   2.5000   0.0000 50.0000   3.2592   0.3350  1.0000
    60.2574 -34.0099  36.2677 60.4626 -34.1751  39.4387  1.2644
    63.0109 -31.0961  -5.8663 62.8187 -29.7946  -4.0864  1.2630
    61.2901   3.7196  -5.3901 61.4292   2.2480  -4.9620  1.8731
    35.0831 -44.1164   3.7933 35.0232 -40.0716   1.5901  1.8645
    22.7233  20.0904 -46.6940 23.0331  14.9730 -42.5619  2.0373
    36.4612  47.8580  18.3852 36.2715  50.5065  21.2231  1.4146
    90.8027  -2.0831   1.4410 91.1528  -1.6435   0.0447  1.4441
    90.9257  -0.5406  -0.9208 88.6381  -0.8985  -0.7239  1.5381
     6.7747  -0.2908  -2.4247  5.8714  -0.0985  -2.2286  0.6377
     2.0776   0.0795  -1.1350  0.9033  -0.0636  -0.5514  0.9082
"""
SHARMA = np.loadtxt(SHARMA.splitlines(), "float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("order", [(slice(0, 3), slice(3, 6)), (slice(3, 6), slice(0, 3))])
def test_delta_e_2000_of_the_reference_pairs(order):
    first, second = (SHARMA[:, channels] for channels in order)
    np.testing.assert_allclose(numpy(metrics.delta_e_2000(first, second)), SHARMA[:, 6], atol=2e-4)


def test_delta_e_2000_is_that_of_scikit_image():
    rng = np.random.default_rng(2)
    first, second = rng.uniform((0, -90, -110), (100, 100, 95), (2, 3, 40, 32, 3)).astype("float32")
    second[1:] = first[1:] + rng.normal(0, 2, (2, 40, 32, 3))
    expected = skimage.color.deltaE_ciede2000(first.astype("float64"), second.astype("float64"))
    np.testing.assert_allclose(numpy(metrics.delta_e_2000(first, second)), expected, atol=1e-3)


def test_delta_e_2000_of_greys():
    grays = np.stack([np.linspace(0, 100, 34), np.zeros(34), np.zeros(34)], axis=-1).astype("float32")
    np.testing.assert_array_equal(numpy(metrics.delta_e_2000(grays, grays)), 0)
    difference = numpy(metrics.delta_e_2000(grays, grays[::-1].copy()))
    np.testing.assert_allclose(difference, skimage.color.deltaE_ciede2000(grays, grays[::-1]), atol=1e-3)
    np.testing.assert_allclose(difference[0], 100, atol=1e-4)  # black and white


def test_delta_e_2000_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"Expected Lab of shape .* Received shape: \(2, 4\)"):
        metrics.delta_e_2000(np.zeros((2, 4), "float32"), np.zeros((2, 3), "float32"))


def test_gradients_towards_another_colour_are_finite(rng):
    one, other = rng.uniform(10, 90, (2, 20, 3)).astype("float32")
    assert np.isfinite(gradient(lambda lab: metrics.delta_e_2000(lab, other), one)).all()


def test_gradients_are_finite_at_greys_and_at_equal_colours():
    """As a loss it would else be NaN from the first black pixel on."""
    colors = np.float32([[0, 0, 0], [50, 0, 0], [100, 0, 0], [50, 20, -30], [50, 20, 0], [50, 0, 20]])
    for truth in (colors, colors[::-1].copy(), colors + np.float32([0, 5, 0])):
        found = gradient(lambda lab, truth=truth: ops.sum(color.delta_e_2000(truth, lab)), colors)
        assert np.isfinite(found).all()
