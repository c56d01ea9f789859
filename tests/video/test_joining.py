"""Segments joined: timestamps, sound, chapters, texts, rotation; nothing encoded again."""

import contextlib
import dataclasses
import io
from fractions import Fraction

import numpy as np
import pytest
from helpers.films import av, copied, decoded, packets, panned, write
from PIL import Image

from kcolor.video.codecs import CODECS
from kcolor.video.encoding import SegmentFile
from kcolor.video.film import open_film
from kcolor.video.joining import decoding_stamps, join
from kcolor.video.layout import nearest_layout
from kcolor.video.plan import Segment, look_through
from kcolor.video.reading import frames

# Variable: some frames are shown twice as long as others.
STAMPS = list(np.cumsum([0] + [2, 1, 1, 3, 2] * 9))
BASE = Fraction(1, 60)


def about(container, stream):
    container.metadata["title"] = "Arrival of a train"
    stream.metadata["language"] = "fra"
    stream.set_display_rotation(90)
    container.set_chapters([{"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": "One"}}])


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "a.mp4"
    write(path, panned(1, 46), stamps=STAMPS, time_base=BASE, sound=True, setup=about)
    return open_film(path)


def joined(source, folder, name, suffix, **changes):
    plan = look_through(source)
    plan = dataclasses.replace(plan, segments=(Segment(0, 20, 0), Segment(20, 31, 0), Segment(31, 46, 0)))
    codec, shown = CODECS[name], decoded(source.path)
    layout = nearest_layout(source.layout, codec.layouts)
    for number, segment in enumerate(plan.segments):
        file = SegmentFile(folder / f"{number}.mkv", source, layout, codec)
        for _, (luma, cb, cr) in shown[segment.first : segment.last]:
            file.write(luma, (cb, cr)) if layout.name == source.layout.name else file.write(
                luma, (np.full(layout.chroma_size(*source.size), layout.neutral, layout.dtype),) * 2
            )
        file.close()
    out = folder / f"out{suffix}"
    left_out = join([folder / f"{n}.mkv" for n in range(3)], plan, source, codec, out, suffix, **changes)
    return out, left_out, plan


@pytest.mark.parametrize(
    ("name", "suffix"), [("h264", ".mp4"), ("h264", ".mkv"), ("hevc", ".mov"), ("prores", ".mov"), ("av1", ".mkv")]
)
def test_every_timestamp_is_that_of_the_film(source, tmp_path, name, suffix):
    out, left_out, plan = joined(source, tmp_path, name, suffix)
    before, after = decoded(source.path), decoded(out)
    # Matroska counts milliseconds, and from 0: all tracks begin later by what the sound begins before 0.
    tolerance, start = (0.00101, after[0][0]) if suffix == ".mkv" else (1e-9, 0)
    np.testing.assert_allclose([time - start for time, _ in after], [time for time, _ in before], atol=tolerance)
    assert left_out == []
    end = float((int(plan.pts[-1]) + plan.last_duration) * source.time_base)
    assert end == pytest.approx(STAMPS[-1] / 60 + 1 / 60, abs=0.04)


def test_sound_is_copied_byte_for_byte(source, tmp_path):
    out, _, _ = joined(source, tmp_path, "h264", ".mp4")
    assert packets(out, "audio") == packets(source.path, "audio")
    assert len(packets(out, "audio")) > 20


def test_chapters_texts_and_rotation_are_copied(source, tmp_path):
    for suffix in (".mp4", ".mkv"):
        out, _, _ = joined(source, tmp_path, "h264", suffix)
        with av.open(str(out)) as container:
            assert container.metadata.get("title", container.metadata.get("TITLE")) == "Arrival of a train"
            assert [chapter["metadata"].get("title") for chapter in container.chapters()] == ["One"]
            assert container.streams.video[0].language == "fra"
        assert open_film(out).rotation == source.rotation == 90


def test_after_the_end_of_a_preview_nothing_is_copied(source, tmp_path):
    out, _, _ = joined(source, tmp_path, "h264", ".mp4", until=0.5)
    assert max(time for time, _ in packets(out, "audio")) < 0.5


def test_a_preview_of_a_film_that_does_not_begin_at_0_has_its_sound(tmp_path):
    def setup(container, stream):
        container.options["output_ts_offset"] = "5"

    late = open_film(write(tmp_path / "late.ts", panned(1, 46), sound=True, setup=setup))
    out, left_out, plan = joined(late, tmp_path, "h264", ".mkv", until=0.5)
    start = float(plan.pts[0] * late.time_base)
    assert start >= 5
    copied = [data for _, data in packets(out, "audio")]
    assert len(copied) == sum(time < start + 0.5 for time, _ in packets(late.path, "audio"))
    assert copied
    assert left_out == []


def test_segments_that_are_not_complete_are_said(source, tmp_path):
    out, _, plan = joined(source, tmp_path, "h264", ".mp4")
    parts = [tmp_path / f"{n}.mkv" for n in (0, 0, 2)]
    with pytest.raises(ValueError, match=r"Expected a segment that is complete. 0.mkv is not"):
        join(parts, plan, source, CODECS["h264"], out, ".mp4")


def test_packets_are_decoded_in_time():
    rng = np.random.default_rng(0)
    pts = np.cumsum(rng.integers(1, 9, 40))
    order = np.concatenate([np.array([0, 3, 1, 2, 4, 7, 6, 5]) + 8 * n for n in range(5)])
    dts = decoding_stamps(pts, order)
    assert (np.diff(dts) > 0).all()
    assert (dts <= pts[order]).all()
    assert decoding_stamps(pts, np.arange(40)).tolist() == pts.tolist()


def test_what_a_kind_of_file_cannot_hold_is_left_out_and_said(tmp_path):
    plain = write(tmp_path / "plain.mp4", panned(1, 46), sound=True)
    attached = copied(plain, tmp_path / "a.mkv", attach=[("font.ttf", "application/x-truetype-font", b"x" * 1000)])
    out, left_out, _ = joined(open_film(attached), tmp_path, "h264", ".mp4")
    assert left_out == ["track 2 (attachment): a file that is attached, which .mp4 does not hold"]
    out, left_out, _ = joined(open_film(attached), tmp_path, "h264", ".mkv")
    assert left_out == []
    with av.open(str(out)) as container:
        assert container.streams[2].data == b"x" * 1000


def test_sound_that_no_mp4_holds_does_not_end_the_run(tmp_path):
    path = tmp_path / "old.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        track = container.add_stream("pcm_s16le", rate=8000)
        for number in range(46):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
            sound = av.AudioFrame.from_ndarray(np.zeros((1, 320), "int16"), "s16", "mono")
            sound.sample_rate, sound.pts = 8000, 320 * number
            container.mux(track.encode(sound))
        container.mux(stream.encode())
    film = open_film(path)
    for suffix in (".mp4", ".mkv", ".mov"):
        out, left_out, _ = joined(film, tmp_path, "h264", suffix)
        with av.open(str(out)) as container:
            assert len(container.streams.audio) == 1 - len(left_out)


def test_sound_whose_time_jumps_back_goes_on(tmp_path):
    """As in two streams that were put together: cat a.ts b.ts."""
    one = write(tmp_path / "a.ts", panned(1, 25), sound=True)
    path = tmp_path / "both.ts"
    path.write_bytes(one.read_bytes() * 2)
    film = open_film(path)
    plan = look_through(film)
    film_frames = len(plan.pts)
    assert film_frames > 40
    codec, layout = CODECS["h264"], nearest_layout(film.layout, CODECS["h264"].layouts)
    file = SegmentFile(tmp_path / "0.mkv", film, layout, codec)
    for _, (luma, cb, cr) in shown(film):
        file.write(luma, (cb, cr))
    file.close()
    plan = dataclasses.replace(plan, segments=(Segment(0, film_frames, 0),))
    for suffix in (".mkv", ".mp4"):
        assert join([tmp_path / "0.mkv"], plan, film, codec, tmp_path / f"out{suffix}", suffix) == []
        times = [time for time, _ in packets(tmp_path / f"out{suffix}", "audio")]
        assert times == sorted(times)
        assert len(times) > 60


def test_lines_of_subtitles_that_begin_together_stay_together(tmp_path):
    times = [200, 200, 1200, 1200]
    text = "".join(
        f"{i}\n00:00:0{time // 1000},{time % 1000:03} --> 00:00:02,000\nline {i}\n\n" for i, time in enumerate(times, start=1)
    )
    (tmp_path / "lines.srt").write_text(text)
    plain = write(tmp_path / "plain.mkv", panned(1, 25))
    paths = [(str(plain), "r"), (str(tmp_path / "lines.srt"), "r"), (str(tmp_path / "a.mkv"), "w")]
    with contextlib.ExitStack() as files:
        old, lines, new = (files.enter_context(av.open(*given)) for given in paths)
        tracks = [new.add_stream_from_template(one.streams[0]) for one in (old, lines)]
        for one, track in zip((old, lines), tracks, strict=True):
            for packet in one.demux():
                if packet.size:
                    packet.stream = track
                    new.mux(packet)
    film = open_film(tmp_path / "a.mkv")
    plan = look_through(film)
    plan = dataclasses.replace(plan, segments=(Segment(0, len(plan.pts), 0),))
    codec, layout = CODECS["h264"], nearest_layout(film.layout, CODECS["h264"].layouts)
    file = SegmentFile(tmp_path / "0.mkv", film, layout, codec)
    for _, (luma, cb, cr) in shown(film):
        file.write(luma, (cb, cr))
    file.close()
    assert join([tmp_path / "0.mkv"], plan, film, codec, tmp_path / "out.mkv", ".mkv") == []
    with av.open(str(tmp_path / "out.mkv")) as result:
        texts = result.demux(result.streams.subtitles[0])
        assert [round(packet.pts * packet.time_base * 1000) for packet in texts if packet.size] == times


def shown(film):
    return [(frame.pts, [frame.luma.copy(), *frame.chroma]) for frame in frames(film)]


def test_a_cover_comes_along(tmp_path):
    plain = write(tmp_path / "plain.mp4", panned(1, 46), sound=True)
    path, content = tmp_path / "cover.mp4", io.BytesIO()
    Image.new("RGB", (20, 30), (200, 30, 30)).save(content, "JPEG")
    with av.open(str(plain)) as old, av.open(str(path), "w") as new:
        tracks = {track.index: new.add_stream_from_template(track) for track in old.streams}
        cover = new.add_stream("mjpeg")
        cover.width, cover.height, cover.pix_fmt = 20, 30, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        packets_of_film = [packet for packet in old.demux() if packet.size]
        for packet in packets_of_film:
            packet.stream = tracks[packet.stream_index]
            new.mux_one(packet)
        packet = av.Packet(content.getvalue())
        packet.pts = packet.dts = 0
        packet.stream = cover
        new.mux_one(packet)
    film = open_film(path)
    for suffix in (".mp4", ".mkv"):
        out, left_out, _ = joined(film, tmp_path, "h264", suffix)
        assert left_out == []
        with av.open(str(out)) as container:
            found = [bytes(packet) for packet in container.demux() if packet.stream.codec_context.name == "mjpeg"]
        assert content.getvalue() in found
