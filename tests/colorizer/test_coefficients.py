"""What photos are painted with."""

import numpy as np
from helpers.colorizers import numpy, painter
from keras import ops

from kcolor.colorizer.coefficients import coefficients_of, fitted_coefficients, no_larger_than, painted


def test_coefficients_are_of_the_chroma_or_smaller(rng):
    forward = painter(output_stride=2).forward_pass
    chroma = ops.convert_to_tensor(rng.normal(size=(1, 8, 10, 2)), "float32")
    luma = ops.convert_to_tensor(rng.uniform(size=(1, 8, 10, 1)), "float32")
    for size, expected in (((80, 100), (8, 10)), ((8, 10), (8, 10)), ((4, 5), (4, 5))):
        assert coefficients_of(forward, chroma, luma, size).shape == (1, *expected, 4)
        assert fitted_coefficients(forward, chroma, luma, size).shape == (1, 8, 10, 4)
    assert no_larger_than((4, 20), chroma).shape == (1, 4, 20, 2)
    small = numpy(fitted_coefficients(forward, chroma, luma, (4, 5)))
    assert np.array_equal(small[..., 2:], numpy(chroma))
    assert not small[..., :2].any()


def test_a_picture_is_painted_from_a_raw_output(samples):
    colorizer, rgb = painter(), samples["hats"][None, :16, :24] / np.float32(255)
    forward = colorizer.forward_pass
    picture = numpy(painted(forward, forward.raw(rgb), rgb, rgb))
    assert np.array_equal(picture, numpy(colorizer(rgb)))
