"""Decodes a film, frame after frame, from its beginning or from a later one."""

import collections
import contextlib
import dataclasses
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from kcolor.images.decoding import BrokenPicture, decode
from kcolor.video.film import Film, picture_track
from kcolor.video.pixels import planes_of

_BEFORE = 2.0  # seconds: so much earlier decoding begins, for frames that lean on those before them


@dataclasses.dataclass(frozen=True, eq=False)
class Frame:
    """A frame as it was decoded.

    Args:
        pts: Integer. Its timestamp, in the film's unit; None if it has none.
        luma: Its light, an array of the film's layout.
        chroma: Its two planes of colour, or None.
        duration: Integer. How long it is shown, in the same unit; 0 if the file does not say.
    """

    pts: int | None
    luma: np.ndarray
    chroma: tuple[np.ndarray, np.ndarray] | None
    duration: int = 0


class Damage:
    """Counts what of a film could not be decoded.

    >>> from kcolor.video.reading import Damage
    >>> damage = Damage()
    >>> damage.packets, damage.ended_early, damage.hidden
    (0, False, 0)
    """

    def __init__(self) -> None:
        self.packets, self.ended_early = 0, False
        self.hidden = 0  # frames that the file says are not to be shown, as one that was cut without encoding it anew


def frames(film: Film, start: int | None = None, deinterlace: bool = False, damage: Damage | None = None) -> Iterator[Frame]:
    """Yields a film's frames. What cannot be decoded is left out.

    Args:
        film: `Film`.
        start: Integer. Timestamp of the first frame that is wanted: earlier ones are left out. None for all.
        deinterlace: Boolean. Whether to make whole pictures of frames that are two half pictures each.
        damage: `Damage`, to count what could not be decoded.

    Raises:
        ValueError: If a still picture has another size than the first one.
    """
    damage = damage or Damage()
    if film.stills:
        yield from _pictures(film, start or 0, damage)
        return
    decoded = _decoded(film, start, damage)
    if deinterlace:
        decoded = _deinterlaced(decoded, film)
    height, width = film.size
    for frame in decoded:
        if start is not None and (frame.pts is None or frame.pts < start):
            continue
        if not film.native or (frame.height, frame.width) != film.size or frame.format.name != film.layout.name:
            frame = _reformatted(frame, film, height, width)
        luma, *chroma = planes_of(frame, film.layout)
        yield Frame(frame.pts, luma, (chroma[0], chroma[1]) if chroma else None, getattr(frame, "duration", 0) or 0)


def _decoded(film, start, damage) -> Iterator[av.VideoFrame]:
    with av.open(str(film.path)) as container:
        track = picture_track(container)
        assert track is not None
        track.thread_type = "AUTO"
        if start is not None:
            container.seek(max(0, start - round(_BEFORE / film.time_base)), stream=track)
        try:
            for packet in container.demux(track):
                damage.hidden += packet.is_discard
                try:
                    yield from packet.decode()
                except av.error.InvalidDataError:
                    damage.packets += 1
        except av.error.FFmpegError:  # of the file, not of a frame: there is no way on from here
            damage.ended_early = True


def _deinterlaced(decoded, film) -> Iterator[av.VideoFrame]:
    """Runs FFmpeg's bwdif: one whole picture for each frame, with that frame's timestamp."""
    graph = None
    stamps: collections.deque[tuple[int | None, int]] = collections.deque()
    for frame in decoded:
        if graph is None:
            graph = _graph(frame, film.time_base)
        stamps.append((frame.pts, getattr(frame, "duration", 0)))
        graph.push(frame)
        yield from _pulled(graph, stamps)
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph, stamps)


def _graph(frame, time_base):
    graph = av.filter.Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=time_base)
    nodes = [source, graph.add("bwdif", "mode=send_frame:deint=all"), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    return graph


def _pulled(graph, stamps):
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pts, frame.duration = stamps.popleft()
        yield frame


def _reformatted(frame, film, height, width):
    """A frame in the film's own layout and size: RGB, or a film whose frames change."""
    matrix = {"bt601": "ITU601", "bt709": "ITU709", "bt2020": "ITU601"}[film.layout.matrix]
    changed = frame.reformat(
        width,
        height,
        film.layout.name,
        dst_colorspace=matrix,
        dst_color_range="JPEG" if film.layout.full_range else "MPEG",
    )
    changed.pts = frame.pts
    return changed


def _pictures(film, start, damage) -> Iterator[Frame]:
    for number, path in enumerate(film.stills):
        if number < start:
            continue
        try:
            image = decode(path, str(path))
        except BrokenPicture:
            damage.packets += 1
            continue
        if image.size[::-1] != film.size:
            (height, width), first = film.size, film.stills[0].name
            raise ValueError(
                f"Expected still pictures of one size, {width} × {height} pixels as {first} has. Received: {path.name} "
                f"of {image.width} × {image.height}. Bring them to one size, or colour them one by one: `kcolor colorize`"
            )
        luma, *chroma = (np.asarray(channel) for channel in image.convert("YCbCr").split())
        yield Frame(number, luma, (chroma[0], chroma[1]), 1)


def read_until(film: Film) -> float:
    """Returns the second at which the last of what is in a film's file ends, whichever track that is of.

    Args:
        film: `Film`.
    """
    end = 0.0
    with av.open(str(film.path)) as container, contextlib.suppress(av.error.FFmpegError):
        for packet in container.demux():
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end


def seconds(pts: int, time_base: Fraction) -> float:
    """Returns a timestamp in seconds."""
    return float(pts * time_base)
