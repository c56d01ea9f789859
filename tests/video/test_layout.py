"""Layouts of pixels: names, ranges, matrices, and the nearest one that an encoder takes."""

import numpy as np
import pytest

from kcolor.video.codecs import CODECS
from kcolor.video.layout import Layout, in_depth, layout_of, nearest_layout


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("yuv420p", (8, (2, 2), False)),
        ("yuvj422p", (8, (1, 2), True)),
        ("yuv444p10le", (10, (1, 1), False)),
        ("gray", (8, (0, 0), True)),
        ("gray10le", (10, (0, 0), True)),
    ],
)
def test_names_say_depth_size_and_range(name, expected):
    layout = layout_of(name, 2, 0, 480)
    assert (layout.depth, layout.steps, layout.full_range) == expected


def test_what_is_not_in_planes_has_no_layout():
    assert [layout_of(name, 2, 0, 480) for name in ("rgb24", "nv12", "yuv420p16le")] == [None] * 3


def test_tags_decide_and_without_them_the_height_does():
    assert [layout_of("yuv420p", tag, 2, 480).matrix for tag in (1, 6, 9)] == ["bt709", "bt601", "bt2020"]
    assert [layout_of("yuv420p", 2, 0, height).matrix for height in (576, 720)] == ["bt601", "bt709"]
    assert layout_of("yuv420p", 2, 2, 480).full_range
    assert not layout_of("gray", 2, 1, 480).full_range


def test_numbers_of_black_white_and_neutral():
    limited, full = Layout("yuv420p10le", 10, (2, 2), False, "bt601"), Layout("yuvj420p", 8, (2, 2), True, "bt601")
    assert (limited.black, limited.white, limited.neutral, limited.chroma_extent) == (64, 940, 512, 896)
    assert (full.black, full.white, full.neutral, full.chroma_extent) == (0, 255, 128, 255)
    assert full.dtype is np.uint8
    assert limited.dtype is np.uint16


@pytest.mark.parametrize(
    ("codec", "source", "expected"),
    [
        ("h264", "gray", "yuv420p"),
        ("h264", "yuv422p10le", "yuv422p10le"),
        ("h264", "yuv420p12le", "yuv420p10le"),
        ("h264", "yuv411p", "yuv422p"),
        ("av1", "yuv422p", "yuv420p"),
        ("prores", "yuv420p", "yuv422p10le"),
        ("ffv1", "yuv444p12le", "yuv444p12le"),
    ],
)
def test_the_nearest_layout_loses_least(codec, source, expected):
    layout = layout_of(source, 1, 0, 480)
    nearest = nearest_layout(layout, CODECS[codec].layouts)
    assert nearest.name == expected
    assert (nearest.full_range, nearest.matrix) == (layout.full_range, layout.matrix)


def test_more_bits_lose_nothing_and_fewer_are_rounded():
    eight, ten = (layout_of(name, 6, 1, 480) for name in ("yuv420p", "yuv420p10le"))
    luma = np.array([[16, 100, 235]], "uint8")
    assert in_depth(luma, eight, ten).tolist() == [[64, 400, 940]]
    assert in_depth(np.array([[64, 401, 402, 1023]], "uint16"), ten, eight).tolist() == [[16, 100, 101, 255]]
    full_eight, full_ten = (layout_of(name, 6, 2, 480) for name in ("yuv420p", "yuv420p10le"))
    assert in_depth(np.array([[0, 255]], "uint8"), full_eight, full_ten).tolist() == [[0, 1023]]
