"""Colours of a reference photograph."""

import numpy as np
import pytest
from helpers.colorizers import numpy, small

from kcolor import Colorizer, color
from kcolor.colorizer.reference import Reference
from kcolor.hints import Hint


@pytest.fixture(scope="module")
def colorizer():
    return small(size=48)


def ab(picture):
    return numpy(color.rgb_to_lab(picture / np.float32(255)))[..., 1:]


def test_a_photo_is_matched_with_itself(samples, colorizer):
    photo, inference = samples["hats"][:96, :128], colorizer.inference()
    found = Reference(inference, photo).matches(inference.predict(photo[None], features=True))
    assert len(found) >= 5  # of random features; how many depends on the backend's random numbers
    assert all(match.here == match.there and match.likeness > 0.999 for match in found)


def test_colours_come_from_the_reference(samples, colorizer):
    photo = samples["hats"][:96, :128]
    plain, referred = colorizer.colorize(photo), colorizer.colorize(photo, reference=photo)
    miss = [np.linalg.norm(ab(picture) - ab(photo), axis=-1).mean() for picture in (plain, referred)]
    assert miss[1] < 0.95 * miss[0]
    (listed,) = colorizer.colorize([photo], reference=photo)
    assert np.array_equal(listed, referred)
    assert np.array_equal(colorizer.colorize(photo[None], reference=photo)[0], referred)


def test_hints_come_before_guesses(samples, colorizer):
    photo = samples["hats"][:96, :128]
    painted = colorizer.colorize(photo, hints=[Hint(40, 30, (30, -20), radius=4)], reference=photo)
    assert np.linalg.norm(ab(painted)[26:35, 36:45].mean(axis=(0, 1)) - (30, -20)) < 2.0


def test_a_network_without_feature_maps_is_refused(samples):
    with pytest.raises(ValueError, match="network with feature maps"):
        Colorizer("mean_regressor", "mean_ab").colorize(samples["hats"][:32, :32], reference=samples["hats"][:32, :32])


def test_the_reference_is_looked_at_once_for_many_photos(samples, colorizer, monkeypatch):
    seen = []
    monkeypatch.setattr("kcolor.colorizer.inference.Reference", lambda *given: seen.append(given) or Reference(*given))
    photo, other = samples["hats"][:48, :64], samples["hats"][48:96, :64].copy()
    for _ in range(3):
        colorizer.colorize(photo, reference=other)
    colorizer.colorize([photo, other], reference=other, saturation=0.5)
    assert len(seen) == 1
