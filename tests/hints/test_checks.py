"""Numbers of hints are checked."""

import numpy as np
import pytest

from kcolor.hints.checks import check_place, check_radius


def test_numbers_of_any_kind_are_numbers():
    check_place(np.float32(3), np.int64(4), relative=False)
    check_place(0, 1, relative=True)
    check_radius(np.float32(0), relative=False)
    check_radius(None, relative=True)


@pytest.mark.parametrize(("x", "y", "relative"), [(True, 0, False), ("1", 0, False), (np.inf, 0, False), (0, 1.01, True)])
def test_wrong_places_are_refused(x, y, relative):
    with pytest.raises(ValueError, match="Expected x and y"):
        check_place(x, y, relative)


@pytest.mark.parametrize(("radius", "relative"), [(-1, False), (np.nan, False), (2, True), ("3", False)])
def test_wrong_radii_are_refused(radius, relative):
    with pytest.raises(ValueError, match="Expected the radius"):
        check_radius(radius, relative)
