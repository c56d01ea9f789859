"""Planes of colour: what a and b become, and that players have nothing to clip."""

import numpy as np
import pytest
from keras import ops

from kcolor.color import rgb_to_lab
from kcolor.video.chroma_planes import ChromaPainter, difference_table
from kcolor.video.layout import layout_of
from kcolor.video.pixels import rgb_of


def painted(a, b, level=0.5, name="yuv444p", matrix=1, full=1):
    layout = layout_of(name, matrix, full, 480)
    painter = ChromaPainter(layout, (8, 8))
    fitted = np.broadcast_to(np.float32([0, 0, a, b]), (4, 4, 4)).copy()
    luma = np.full((8, 8), round(layout.black + level * (layout.white - layout.black)), layout.dtype)
    planes = painter(fitted, np.full(painter.size, level, "float32"))
    return layout, luma, planes


@pytest.mark.parametrize(("name", "matrix", "full"), [("yuv444p", 1, 1), ("yuvj420p", 6, 2), ("yuv420p10le", 9, 1)])
def test_colours_are_those_that_were_asked_for(name, matrix, full):
    layout, luma, planes = painted(25, -20, name=name, matrix=matrix, full=full)
    lab = ops.convert_to_numpy(rgb_to_lab(rgb_of(luma, planes, layout).astype("float32") / 255))[4, 4]
    np.testing.assert_allclose(lab[1:], [25, -20], atol=2.5)
    assert planes[0].dtype == layout.dtype


def test_no_colour_is_neutral():
    layout, _, planes = painted(0, 0)
    assert {int(value) for plane in planes for value in np.unique(plane)} == {layout.neutral}
    assert ChromaPainter(layout, (8, 8)).neutral()[0].tolist() == [[128] * 8] * 8


@pytest.mark.parametrize("level", [0.02, 0.5, 0.97])
def test_impossible_colours_become_possible_ones(level):
    _, luma, (cb, cr) = painted(90, 90, level)
    y = (luma.astype(float) - 16) / 219
    r, b = y + 1.5748 * (cr - 128.0) / 224, y + 1.8556 * (cb - 128.0) / 224
    g = (y - 0.2126 * r - 0.0722 * b) / 0.7152
    assert min(channel.min() for channel in (r, g, b)) > -0.01
    assert max(channel.max() for channel in (r, g, b)) < 1.01


def test_full_range_does_not_overflow():
    _, _, planes = painted(-60, -100, 0.4, "yuvj444p", 6, 2)
    assert planes[0].max() <= 255
    assert planes[0].min() > 128


def test_the_table_has_a_row_for_each_level_and_a():
    assert difference_table("bt601").shape == (256 * 65, 65, 2)
    assert not difference_table("bt601")[128 * 65 + 32, 32].round(4).any()
