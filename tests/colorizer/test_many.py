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


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_at_least_one_photo(samples, size):
    with pytest.raises(ValueError, match=f"Expected `batch_size` as 1 or more. Received: {size}"):
        color_photos(painter(size=16).inference(), samples, batch_size=size)
