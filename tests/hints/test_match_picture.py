"""The picture of matches."""

import numpy as np

from kcolor.hints.match_picture import match_picture
from kcolor.hints.matching import Match


def test_both_places_are_marked():
    photo, reference = np.zeros((60, 90, 3), "uint8"), np.full((120, 120, 3), 90, "uint8")
    picture = np.asarray(match_picture(photo, reference, [Match((0.5, 0.5), (0.25, 0.75), (0.0, 0.0), 0.9)], height=120))
    assert picture.shape == (120, 180 + 8 + 120, 3)
    assert picture[64, 86].tolist() == [255, 255, 255]
    assert picture[94, 188 + 26].tolist() == [255, 255, 255]
    assert picture[10, 10].tolist() == [0, 0, 0]
