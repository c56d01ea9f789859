"""One photo, a batch, a list."""

import numpy as np
import pytest
from helpers.colorizers import painter

from kcolor.colorizer.many import color_photos


def test_photos_come_back_as_they_came(samples):
    inference, photo = painter().inference(), samples["hats"][:16, :24]
    one = color_photos(inference, photo)
    assert one.shape == photo.shape
    assert np.array_equal(color_photos(inference, photo[None].repeat(3, axis=0), batch_size=2), np.stack([one] * 3))
    assert [found.shape for found in color_photos(inference, [photo, photo[:8]])] == [(16, 24, 3), (8, 24, 3)]
    with pytest.raises(ValueError, match="at least one photo"):
        color_photos(inference, [])
