"""Colours as people write them."""

import numpy as np
import pytest

from kcolor.hints.colors import check_color, rgb_or_ab


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#7a5c3e", (122 / 255, 92 / 255, 62 / 255)),
        ("#fff", (1.0, 1.0, 1.0)),
        ("rebeccapurple", (0.4, 0.2, 0.6)),
        ((255, 0, 51), (1.0, 0.0, 0.2)),
        (np.uint8([255, 0, 51]), (1.0, 0.0, 0.2)),
        ((20, -30.5), (20.0, -30.5)),
        ([0, 0], (0.0, 0.0)),
    ],
)
def test_colours_are_read(color, expected):
    assert rgb_or_ab(color) == pytest.approx(expected)


@pytest.mark.parametrize(
    "color", ["blurple", "#12345", "#12345678", (0.2, 0.3, 0.4), (1, 2, 300), (1, 2, 3, 4), 7, None, (200, 0)]
)
def test_what_is_no_colour_is_refused(color):
    with pytest.raises(ValueError, match="Expected a colour as"):
        check_color(color)
