"""Segments: the light in them is the film's, to the bit where nothing is lost."""

import dataclasses

import numpy as np
import pytest
from helpers.films import av, decoded, panned, write

from kcolor.video.codecs import CODECS
from kcolor.video.encoding import SegmentFile, own_chroma
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
