"""Segments: the light in them is the film's, to the bit where nothing is lost."""

import dataclasses

import numpy as np
import pytest
from helpers.films import av, decoded, panned, write

from kcolor.video.codecs import CODECS
from kcolor.video.encoding import SegmentFile, check_encoder, layout_to_write, marks_fields, own_chroma
from kcolor.video.film import open_film
from kcolor.video.layout import layout_of, nearest_layout


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "a.mkv"
    return open_film(write(path, panned(frames=5), "ffv1", "yuv420p", matrix=1))


def written(film, path, name, **changes):
    codec, shown = CODECS[name], decoded(film.path)
    film = dataclasses.replace(film, **changes)
    layout = nearest_layout(film.layout, codec.layouts)
    file = SegmentFile(path, film, layout, codec)
    for _, (luma, *_) in shown:
        rows, columns = layout.chroma_size(*film.size)
        plane = np.full((rows, columns), 100 << (layout.depth - 8), layout.dtype)
        file.write(luma, (plane, plane))
    file.close()
    return layout, len(shown)


def test_light_is_written_as_it_was(film, tmp_path):
    written(film, tmp_path / "s.mkv", "ffv1")
    for (_, before), (_, after) in zip(decoded(film.path), decoded(tmp_path / "s.mkv"), strict=True):
        np.testing.assert_array_equal(before[0], after[0])
        assert set(np.unique(after[1])) == {100}


@pytest.mark.parametrize("name", ["h264", "hevc", "av1", "prores"])
def test_other_codecs_take_it_too_and_carry_range_and_matrix(film, tmp_path, name):
    layout, count = written(film, tmp_path / "s.mkv", name)
    with av.open(str(tmp_path / "s.mkv")) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == count
    assert (frames[0].format.name, frames[0].colorspace) == (layout.name, 1)
    assert frames[0].color_range == 1


def test_interlaced_film_is_marked_so(film, tmp_path):
    written(film, tmp_path / "s.mkv", "h264", interlaced=True, field_order="tff")
    with av.open(str(tmp_path / "s.mkv")) as container:
        assert next(container.decode(video=0)).interlaced_frame


def test_own_colours_fit_the_layout_that_is_written():
    read, wanted = layout_of("yuv444p", 6, 1, 480), layout_of("yuv420p10le", 6, 1, 480)
    planes = own_chroma((np.full((6, 8), 90, "uint8"), np.full((6, 8), 140, "uint8")), read, wanted, (6, 8))
    assert [(plane.shape, int(plane[0, 0])) for plane in planes] == [((3, 4), 360), ((3, 4), 560)]
    gray = own_chroma(None, read, wanted, (6, 8))
    assert (gray[0] == 512).all()
    full = layout_of("yuvj444p", 6, 2, 480), layout_of("yuv444p10le", 6, 2, 480)
    assert int(own_chroma((np.full((2, 2), 128, "uint8"),) * 2, *full, (2, 2))[0][0, 0]) == 512


@pytest.mark.parametrize(
    ("name", "size", "layout"),
    [("h264", (49, 65), "yuv444p"), ("h264", (49, 64), "yuv422p"), ("hevc", (49, 65), "yuv444p"), ("av1", (49, 65), "yuv420p")],
)
def test_odd_sizes_are_written_in_more_detail_where_a_codec_takes_whole_blocks_alone(tmp_path, name, size, layout):
    film = open_film(write(tmp_path / "odd.mkv", panned(1, 4, size=size), codec="ffv1"))
    written = layout_to_write(film, CODECS[name])
    assert written.name == layout
    check_encoder(film, CODECS[name])
    file = SegmentFile(tmp_path / "out.mkv", film, written, CODECS[name])
    plane = np.full(written.chroma_size(*size), written.neutral, written.dtype)
    for _, (luma, *_) in decoded(film.path):
        file.write(luma, (plane, plane))
    file.close()
    assert len(decoded(tmp_path / "out.mkv")) == 4


def test_a_size_that_a_codec_does_not_take_is_said(tmp_path):
    film = open_film(write(tmp_path / "tiny.mkv", panned(1, 2, size=(2, 2)), codec="ffv1"))
    for name in ("hevc", "av1"):
        with pytest.raises(ValueError, match="(?s)2 × 2 pixels.*ffv1 takes all sizes"):
            check_encoder(film, CODECS[name])
    check_encoder(film, CODECS["ffv1"])


def test_only_some_files_say_that_frames_are_half_pictures(tmp_path):
    film = dataclasses.replace(open_film(write(tmp_path / "a.mp4", panned(1, 2))), interlaced=True)
    layout = layout_to_write(film, CODECS["h264"])
    assert marks_fields(film, layout, CODECS["h264"])
    assert not marks_fields(dataclasses.replace(film, size=(486, 720)), layout, CODECS["h264"])
    assert not marks_fields(film, layout, CODECS["hevc"])
