"""Frames as arrays."""

import numpy as np
from helpers.films import light

from kcolor.video.layout import layout_of
from kcolor.video.pixels import frame_of, planes_of, rgb_of, small_light
from kcolor.video.pixels import light as as_light


def test_planes_come_back_as_they_were_whatever_the_width():
    for name, kind in (("yuv420p", "uint8"), ("yuv422p10le", "uint16")):
        layout = layout_of(name, 1, 1, 480)
        rng = np.random.default_rng(0)
        luma = rng.integers(0, 200, (35, 53)).astype(kind)
        chroma = tuple(rng.integers(0, 200, layout.chroma_size(35, 53)).astype(kind) for _ in range(2))
        frame = frame_of(layout, luma, chroma)
        for plane, expected in zip(planes_of(frame, layout), (luma, *chroma), strict=True):
            np.testing.assert_array_equal(plane, expected)
        assert (frame.color_range, frame.colorspace) == (1, 1)
        for plane in frame.planes:  # what lies beyond the picture is known, too: encoders look there
            whole = np.frombuffer(plane, kind).reshape(plane.height, -1)
            assert (whole[:, plane.width :] == whole[:, plane.width - 1 : plane.width]).all()


def test_light_is_from_black_to_white():
    layout = layout_of("yuv420p", 6, 1, 480)
    np.testing.assert_allclose(as_light(np.array([[0, 16, 235, 255]], "uint8"), layout), [[0, 0, 1, 1]], atol=1e-6)
    assert small_light(np.full((8, 8), 235, "uint8"), layout, (2, 3)).shape == (2, 3)


def test_rgb_is_what_pillow_makes_of_the_same_planes():
    from PIL import Image

    layout = layout_of("yuvj444p", 6, 2, 480)
    luma, cb, cr = light(1, (20, 30)), light(2, (20, 30)), light(3, (20, 30))
    expected = Image.merge("YCbCr", [Image.fromarray(plane) for plane in (luma, cb, cr)]).convert("RGB")
    assert np.abs(rgb_of(luma, (cb, cr), layout).astype(int) - np.asarray(expected)).max() <= 1
    assert (rgb_of(luma, None, layout) == luma[..., None]).all()
