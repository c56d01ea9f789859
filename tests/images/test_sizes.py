"""Sizes as people give them: a number, a pair, or none."""

import pytest

from kcolor.images.sizes import check_size


@pytest.mark.parametrize(("size", "expected"), [(8, (8, 8)), ((20, 30), (20, 30)), ([20, 30], (20, 30))])
def test_sizes_become_height_and_width(size, expected):
    assert check_size(size) == check_size(size, optional=True) == expected


@pytest.mark.parametrize("size", [None, (None, None), [None, None]])
def test_any_size_is_allowed_only_where_it_is_asked_for(size):
    assert check_size(size, optional=True) == (None, None)
    with pytest.raises(ValueError, match=r"Expected `size` as a number of pixels or \(height, width\). Received: .*None"):
        check_size(size)


@pytest.mark.parametrize("size", [0, -3, 2.5, "64", (8,), (8, 8, 3), (8, 0), (8, None), (None, 8), (8.0, 8)])
def test_what_is_no_size(size):
    for optional, said in ((False, "a number of pixels"), (True, "None, a number")):
        with pytest.raises(ValueError, match=f"Expected `size` as {said} or .height, width.. Received: "):
            check_size(size, optional)
