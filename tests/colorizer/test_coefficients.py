"""What photos are painted with."""

import numpy as np
from helpers.colorizers import numpy, painter
from keras import ops

from kcolor.colorizer.coefficients import coefficients_of, painted


def test_luma_that_is_known_is_not_computed_again(rng):
    forward = painter(output_stride=2).forward_pass
    chroma = ops.convert_to_tensor(rng.normal(size=(1, 8, 8, 2)), "float32")
    seen = rng.uniform(size=(1, 8, 8, 3)).astype("float32")
    expected = coefficients_of(forward, chroma, seen, (16, 16))
    found = coefficients_of(forward, chroma, 0 * seen, (16, 16), forward.target.luma(seen))
    assert np.array_equal(numpy(found), numpy(expected))


def test_a_picture_is_painted_from_a_raw_output(samples):
    colorizer, rgb = painter(), samples["hats"][None, :16, :24] / np.float32(255)
    forward = colorizer.forward_pass
    picture = numpy(painted(forward, forward.raw(rgb), rgb, rgb))
    assert np.array_equal(picture, numpy(colorizer(rgb)))
