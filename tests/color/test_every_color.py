"""Every colour there is, there and back."""

import numpy as np
import pytest
from keras import ops

from kcolor import color


@pytest.mark.slow
@pytest.mark.parametrize("gamut", ["clip", "nearest"])
@pytest.mark.parametrize(
    ("there", "back"), [(color.rgb_to_lab, color.lab_to_rgb), (color.rgb_to_ycbcr, color.ycbcr_to_rgb)], ids=["lab", "ycbcr"]
)
def test_all_sixteen_million_colours_come_back(there, back, gamut):
    green, blue = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    for red in range(0, 256, 8):
        reds = np.arange(red, red + 8)[:, None, None]
        rgb = np.stack(np.broadcast_arrays(reds, green, blue), axis=-1).astype("float32") / 255
        assert np.array_equal(np.round(ops.convert_to_numpy(back(there(rgb), gamut=gamut)) * 255), np.round(rgb * 255))
