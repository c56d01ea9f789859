"""Codecs, and the files that hold them."""

from pathlib import Path

import pytest

from kcolor.video.codecs import CODECS, SUFFIXES, Codec, check_suffix, find, suffix_for


def test_every_codec_is_in_this_ffmpeg():
    av = pytest.importorskip("av", reason="needs PyAV: pip install '.[video]'")
    assert [codec.encoder for codec in CODECS.values() if codec.encoder not in av.codecs_available] == []


def test_unknown_codecs_are_named_with_the_known_ones():
    with pytest.raises(ValueError, match="one of av1, ffv1, h264"):
        find("xvid")
    assert isinstance(find("h264"), Codec)


def test_the_result_is_a_file_of_the_films_kind_if_that_holds_the_codec():
    films = [Path("a.mp4"), Path("a.avi")]
    found = [suffix_for(CODECS[name], film) for name in ("h264", "prores", "png") for film in films]
    assert found == [".mp4", ".mkv", ".mov", ".mov", "", ""]


def test_files_that_do_not_hold_a_codec_are_refused():
    check_suffix(CODECS["av1"], Path("a.webm"))
    with pytest.raises(ValueError, match=r"ending in .mkv, .mp4, .m4v, .mov for h264"):
        check_suffix(CODECS["h264"], Path("a.webm"))
    with pytest.raises(ValueError, match="as a folder for png"):
        check_suffix(CODECS["png"], Path("a.mp4"))
    assert set(SUFFIXES) >= {suffix for codec in CODECS.values() for suffix in codec.suffixes if suffix}
