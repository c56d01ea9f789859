"""Joins segments to a film without encoding them again: the film's own timestamps, sound, subtitles, chapters and texts."""

import contextlib
import heapq
import io
import pathlib
from collections.abc import Iterator, Sequence

import av
import numpy as np

from kcolor.video.codecs import Codec
from kcolor.video.film import Film, picture_track
from kcolor.video.plan import Plan

# Texts that are about the old file and not about the film.
_OF_THE_FILE = {"major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id", "duration"}
_STATISTICS = ("_", "BPS", "NUMBER_OF_", "DURATION")  # of the old tracks, by Matroska
_KINDS = ("audio", "subtitle", "video", "attachment")


def join(
    parts: Sequence[pathlib.Path],
    plan: Plan,
    film: Film,
    codec: Codec,
    out: pathlib.Path,
    form: str,
    until: float | None = None,
) -> list[str]:
    """Writes a film of its segments, and of all of the old film but its pictures.

    Args:
        parts: Paths of the segments' files.
        plan: `Plan` of the film.
        film: `Film`.
        codec: `Codec` of the segments.
        out: Path of the file to write.
        form: String. Ending of the file's name, which says the container.
        until: Float. Seconds from the film's first frame after which nothing more is copied; None for all.

    Returns:
        What could not be copied: a line for each track.
    """
    with av.open(str(parts[0])) as first, av.open(str(out), "w", format=_FORMATS[form]) as result:
        result.flags |= av.container.Flags.bitexact.value
        pictures = result.add_stream_from_template(first.streams.video[0], opaque=True)
        pictures.time_base = film.time_base
        if codec.tag and form != ".mkv":
            pictures.codec_context.codec_tag = codec.tag
        if film.rotation:
            pictures.set_display_rotation(film.rotation)
        own = _packets(parts, plan, pictures, film.time_base, first.streams.video[0].codec_context.extradata)
        if film.stills:
            _mux(result, own)
            return []
        with av.open(str(film.path)) as source:
            left_out, tracks = _copied_tracks(source, result, form)
            _copy_texts(source, result, picture_track(source), pictures)
            if until is None:
                result.set_chapters(source.chapters())
            else:
                until += float(plan.pts[0] * film.time_base)
            others = _others(source, tracks, until, strict=form not in (".mkv", ".webm"))
            _mux(result, heapq.merge(own, others, key=lambda pair: pair[0]))
    return left_out


_FORMATS = {".mkv": "matroska", ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".webm": "webm"}


def decoding_stamps(pts: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Returns when packets are to be decoded: timestamps that rise, and come no later than the packets are shown.

    >>> from kcolor.video.joining import decoding_stamps
    >>> shown = np.array([0, 30, 10, 20, 40])
    >>> decoding_stamps(np.sort(shown), np.argsort(np.argsort(shown))).tolist()
    [-10, 0, 10, 20, 30]

    Args:
        pts: Integers. Timestamps of the frames as they are shown.
        order: Integers. For each packet, as they are decoded, which frame it is.
    """
    behind = int(np.max(np.arange(len(order)) - order, initial=0))
    if behind == 0:
        return pts
    step = max(1, int(pts[1] - pts[0]))
    before = pts[0] - step * np.arange(behind, 0, -1)
    return np.concatenate([before, pts])[: len(pts)]


def _packets(parts, plan, stream, time_base, extradata) -> Iterator[tuple[float, av.Packet]]:
    """The segments' packets with the film's timestamps, each with the second at which it is decoded."""
    durations, orders = plan.durations(), []
    for part, segment in zip(parts, plan.segments, strict=True):
        with av.open(str(part)) as container:
            track = container.streams.video[0]
            if track.codec_context.extradata != extradata:
                raise ValueError(f"Expected segments that are encoded alike. {part.name} is not. Delete {part.parent}")
            stamps = np.array([packet.pts for packet in container.demux(track) if packet.size])
        if len(stamps) != segment.last - segment.first:
            raise ValueError(f"Expected a segment that is complete. {part.name} is not. Delete {part.parent}")
        orders.append(segment.first + np.argsort(np.argsort(stamps)))
    order = np.concatenate(orders)
    dts = decoding_stamps(plan.pts, order)
    numbers = iter(range(len(order)))
    for part in parts:
        with av.open(str(part)) as container:
            for packet in container.demux(container.streams.video[0]):
                if not packet.size:
                    continue
                place = next(numbers)
                packet.stream, packet.time_base = stream, time_base
                packet.pts, packet.dts = int(plan.pts[order[place]]), int(dts[place])
                packet.duration = int(durations[order[place]])
                yield float(dts[place] * time_base), packet


def _copied_tracks(source, result, form):
    """Tracks of the result for all tracks of the film but its pictures; and those for which there can be none."""
    pictures, tracks, left_out = picture_track(source), {}, []
    for track in source.streams:
        if track.index == pictures.index:
            continue
        if track.type == "data" and source.chapters():  # in MP4 the chapters' names are a track, too
            continue
        name = f"track {track.index} ({track.type})"
        try:
            if track.type not in _KINDS:
                raise ValueError("of a kind that is not copied")
            if track.type == "attachment" or (_is_cover(track) and form == ".mkv"):
                if form != ".mkv":
                    raise ValueError(f"a file that is attached, which {form} does not hold")
                result.add_attachment(*_attached(source, track))
                continue
            _check_fits(source.name, track, form)
            copy = result.add_stream_from_template(track, opaque=True)
        except (ValueError, av.error.FFmpegError) as error:
            left_out.append(f"{name}: {error}")
            continue
        copy.disposition = track.disposition
        copy.metadata.update(_about_the_film(track.metadata))
        tracks[track.index] = copy
    return left_out, tracks


def _is_cover(track):
    return bool(track.disposition & av.stream.Disposition.attached_pic)


def _attached(source, track):
    """The name, the type and the content of a file that is attached to a film."""
    if track.type == "attachment":
        return track.metadata.get("filename", "file"), track.mimetype, track.data
    kind = {"mjpeg": ("cover.jpg", "image/jpeg"), "png": ("cover.png", "image/png")}.get(track.codec_context.name)
    if kind is None:
        raise ValueError("a cover of a kind that is not copied")
    with av.open(source.name) as again:
        content = next((bytes(packet) for packet in again.demux(again.streams[track.index]) if packet.size), b"")
    return *kind, content


def _check_fits(path, track, form):
    """Raises ValueError unless a kind of file holds a track, which some say only when they are closed: tries its beginning."""
    scratch = av.open(io.BytesIO(), "w", format=_FORMATS[form])
    try:
        with av.open(path) as again:
            own = again.streams[track.index]
            copy = scratch.add_stream_from_template(own, opaque=True)
            packet = next((one for one in again.demux(own) if one.size and one.dts is not None), None)
            scratch.start_encoding()
            if packet is not None:
                packet.stream = copy
                scratch.mux_one(packet)
        scratch.close()
    except av.error.FFmpegError as error:
        with contextlib.suppress(av.error.FFmpegError):
            scratch.close()
        raise ValueError(f"{form} does not hold {track.codec_context.name if track.codec_context else 'it'}") from error


def _copy_texts(source, result, old, new):
    result.metadata.update(_about_the_film(source.metadata))
    new.metadata.update(_about_the_film(old.metadata))
    new.disposition = old.disposition


def _about_the_film(texts):
    return {key: text for key, text in texts.items() if key.lower() not in _OF_THE_FILE and not key.startswith(_STATISTICS)}


def _others(source, tracks, until, strict) -> Iterator[tuple[float, av.Packet]]:
    """The other tracks' packets, each with its second."""
    if not tracks:
        return
    wanted = [source.streams[index] for index in tracks]
    second, later = 0.0, _Later(strict)
    packets = source.demux(*wanted)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):  # a file that is cut off: what was read is copied
            return
        if packet.size and _is_cover(packet.stream):
            packet.pts = packet.dts = 0  # it is shown at no time
        if not packet.size or (packet.dts is None and packet.pts is None):
            continue
        later(packet)
        stamp = packet.dts if packet.dts is not None else packet.pts
        second = max(second, float(stamp * packet.time_base))
        if until is not None and second >= until:
            return
        packet.stream = tracks[packet.stream_index]
        yield second, packet


class _Later:
    """Moves packets of a track whose time jumps back, as in streams that were put together, behind those before them.

    Args:
        strict: Boolean. Whether the new file wants times of sound that rise: there two packets of one time come one tick
            apart. Lines of subtitles may begin together in every file.
    """

    def __init__(self, strict: bool) -> None:
        self._strict = strict
        self._last: dict[int, int] = {}
        self._moved: dict[int, int] = {}
        self._written: dict[int, int] = {}

    def __call__(self, packet: av.Packet) -> None:
        index, own = packet.stream_index, packet.dts
        if own is None:
            return
        last, moved = self._last.get(index), self._moved.get(index, 0)
        if last is not None and own + moved < last:
            moved = self._moved[index] = last + max(1, packet.duration or 1) - own
        self._last[index] = time = own + moved
        if self._strict and packet.stream.type != "subtitle":
            time = max(time, self._written.get(index, time - 1) + 1)
        self._written[index] = time
        if time != own:
            packet.dts = time
            packet.pts = None if packet.pts is None else packet.pts + time - own


def _mux(result: av.container.OutputContainer, packets: Iterator[tuple[float, av.Packet]]) -> None:
    for _, packet in packets:
        result.mux_one(packet)
