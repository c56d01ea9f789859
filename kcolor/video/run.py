"""Colours a film, segment by segment."""

import contextlib
import dataclasses
import pathlib
import time
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import av
import cv2
import keras
import numpy as np

import kcolor
from kcolor.hints.hint import MAX_PATCHES, Placement
from kcolor.utils.files import make_folder, replace_folder, sweep_leftovers, write_whole
from kcolor.video import flow
from kcolor.video.codecs import Codec
from kcolor.video.encoding import SegmentFile, check_encoder, layout_to_write, marks_fields, own_chroma
from kcolor.video.film import Film
from kcolor.video.film_hints import FilmHints
from kcolor.video.hint_notes import notes_of
from kcolor.video.hint_tracks import Tracks, follow
from kcolor.video.joining import join
from kcolor.video.journal import Journal, opened
from kcolor.video.key_colors import KeyColors
from kcolor.video.layout import Layout, nearest_layout
from kcolor.video.numbered import Numbered
from kcolor.video.outcome import VideoOutcome, VideoProgress
from kcolor.video.pixels import small_light
from kcolor.video.plan import Plan, look_through
from kcolor.video.steady import Colored, Manner, State, Steady, carrying_size
from kcolor.video.threads import Behind
from kcolor.video.unpacking import unpack

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_WAITING = 4  # coloured frames that wait to be written
# Of a colorizer, what changes how it colours.
_SETTINGS = ("size", "saturation", "tint", "stretch_tone", "smooth_grain", "agreement")


@dataclasses.dataclass(frozen=True)
class Job:
    """A film, and what is to be made of it.

    Args:
        film: `Film`.
        out: Path of the result.
        codec: `Codec`.
        crf: Integer. Quality, or None for the codec's own.
        manner: `Manner` of colouring.
        temperature: Float, as of `Colorizer.colorize`.
        saturation: Float. Factor on the chroma, but for that of hints.
        hints: `FilmHints`.
        reference: Photo in colour, uint8 ``(height, width, 3)``, whose colours are guesses for what looks like it; or None.
        preview: Float. Seconds to colour; None for all.
        deinterlace: Boolean. Whether to make whole pictures of half ones.
        recolor: Boolean. Whether to colour also what is in colour already.
    """

    film: Film
    out: pathlib.Path
    codec: Codec
    crf: int | None = None
    manner: Manner = dataclasses.field(default_factory=Manner)
    temperature: float | None = None
    saturation: float = 1.0
    hints: FilmHints = dataclasses.field(default_factory=FilmHints)
    reference: np.ndarray | None = None
    preview: float | None = None
    deinterlace: bool = False
    recolor: bool = False


def color_film(job: Job, colorizer: "Colorizer", progress: Callable[[VideoProgress], object] | None = None) -> VideoOutcome:
    """Colours a film. A run that was killed goes on where it was.

    Args:
        job: `Job`.
        colorizer: `kcolor.Colorizer`.
        progress: Function that is called with a `VideoProgress` now and then.

    Returns:
        A `VideoOutcome`.
    """
    began = time.monotonic()
    tell = progress or (lambda _: None)
    job.hints.check_places(*_upright_size(job.film))
    sweep_leftovers(make_folder(job.out.parent))
    folder = job.out.parent / f"{job.out.name}.parts"
    with one_thread(), opened(folder, _about(job, colorizer)) as journal:
        plan = journal.plan()
        if plan is None:
            check_encoder(job.film, job.codec, job.crf)
            plan = _planned(job, tell)
            journal.write_plan(plan)
        if all(scene.color for scene in plan.scenes):
            journal.remove()
            return VideoOutcome(job.film.path, "in color", reason="it is in colour already")
        colors = _key_colors(job, colorizer)
        tracks = journal.tracks()
        if tracks is None:
            tracks = _followed(job, plan, colors, tell)
            journal.write_tracks(tracks)
        looks = _color_segments(job, colors, tracks, plan, journal, tell)
        tell(VideoProgress(job.film.path, "joining", len(plan.pts), len(plan.pts)))
        left_out = _finish(job, plan, journal)
        journal.remove()
    return _outcome(job, plan, tracks, looks, time.monotonic() - began, left_out)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Lets OpenCV work on one thread: what it computes depends on their number, and a resumed run may have another one."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _planned(job, tell):
    def counted(number):
        tell(VideoProgress(job.film.path, "looking", number, job.film.stated_frames))

    plan = look_through(job.film, job.preview, job.deinterlace, job.manner.key_frames, counted)
    return plan.for_all_scenes() if job.recolor else plan


def _key_colors(job, colorizer):
    film = job.film
    size = carrying_size(film.size)
    return KeyColors(colorizer, film.layout, size, film.turns, job.temperature, job.saturation, job.reference)


def _upright_size(film):
    height, width = film.size
    return (width, height) if film.turns % 2 else (height, width)


def _followed(job, plan: Plan, colors: KeyColors, tell) -> Tracks:
    """Follows the hints of each scene, and what was matched with the reference in its first frame, through the scene."""
    film = job.film
    placed = job.hints.placed(_times(film, plan), *_upright_size(film), [scene.first for scene in plan.scenes])
    if not placed and job.reference is None:
        return Tracks()
    tracks, numbered = [], Numbered(film, plan, job.deinterlace)
    total = len(plan.pts)

    def compared(number):
        light = small_light(numbered(number).luma, film.layout, colors.size)
        return np.ascontiguousarray(np.rot90(flow.comparable(light), film.turns))

    try:
        for scene in plan.scenes:
            there = {frame: one for frame, one in placed.items() if scene.first <= frame < scene.last}
            if scene.color or (not there and job.reference is None):
                continue
            segment = next(one for one in plan.segments if scene.first < one.last)
            if not numbered.stands_between(segment.first, scene.first):
                numbered.begin(segment.first, segment.check)
            first = there.get(scene.first, Placement())
            matched = colors.guesses(numbered(scene.first).luma, scene)
            there[scene.first] = dataclasses.replace(first, patches=(*first.patches, *matched.patches)[:MAX_PATCHES])
            tracks.append(follow(scene, there, compared, lambda n: tell(VideoProgress(film.path, "following", n, total))))
    finally:
        numbered.close()
    return Tracks(tracks)


def _times(film, plan):
    return (plan.pts - plan.pts[0]) * float(film.time_base)


def _color_segments(job, colors: KeyColors, tracks: Tracks, plan: Plan, journal: Journal, tell) -> int:
    """Colours the segments that are not there yet; returns how often the network looked."""
    finished = journal.finished()
    if finished >= len(plan.segments):
        return 0
    written = layout_to_write(job.film, job.codec)
    film = job.film
    steady = Steady(colors, film.layout, written, film.size, job.manner, tracks)
    numbered = Numbered(job.film, plan, job.deinterlace)
    count = _Count(job, plan, plan.segments[finished].first, tell)
    state = journal.state_after(finished - 1)
    try:
        for number in range(finished, len(plan.segments)):
            segment = plan.segments[number]
            numbered.begin(segment.first, segment.check)
            # Closed before its source is: its thread reads ahead, also when writing has failed.
            with contextlib.closing(steady.segment(segment, plan.scenes, numbered, state)) as colored:
                state = _write(journal, number, colored, job, written, count)
    finally:
        numbered.close()
        steady.close()
    return colors.calls


def _write(journal, number, colored, job, written, count) -> State | None:
    kept: list[State] = []

    def write(half):
        file = SegmentFile(half, job.film, written, job.codec, job.crf)
        complete = False
        try:
            with Behind(lambda pair: file.write(*pair), _WAITING) as behind:
                for one in colored:
                    if isinstance(one, State):
                        kept.append(one)
                        continue
                    behind((one.frame.luma, _chroma(one, job.film, written)))
                    count(one.number)
            complete = True
        finally:
            file.close(complete)
        return kept[0] if kept else None

    journal.write_segment(number, write)
    return kept[0] if kept else None


def _chroma(one: Colored, film: Film, written: Layout):
    if one.chroma is not None:
        return one.chroma
    return own_chroma(one.frame.chroma, film.layout, written, film.size)


def _finish(job, plan, journal):
    parts = [journal.part(number) for number in range(len(plan.segments))]
    if job.codec.suffixes == ("",):
        replace_folder(job.out, lambda half: unpack(parts, plan, job.film, job.codec, half))
        return []
    left_out: list[str] = []

    def write(half):
        left_out.extend(join(parts, plan, job.film, job.codec, half, job.out.suffix.lower(), job.preview))

    write_whole(job.out, write)
    return left_out


def _about(job: Job, colorizer) -> dict[str, Any]:
    """What the result depends on: with anything else the parts that are there are of no use."""
    film = job.film
    files = film.stills or (film.path,)
    weights = zlib.crc32(repr(colorizer.target).encode())
    for weight in colorizer.get_weights():
        weights = zlib.crc32(np.ascontiguousarray(weight).tobytes(), weights)
    stamp = [[file.name, file.stat().st_size, file.stat().st_mtime_ns] for file in files]
    return {
        "film": zlib.crc32(repr(stamp).encode()),
        "colorizer": [weights, *(getattr(colorizer, name) for name in _SETTINGS)],
        "codec": dataclasses.asdict(job.codec),
        "options": [job.crf, job.temperature, job.saturation, job.preview, job.deinterlace, job.recolor],
        "manner": dataclasses.asdict(job.manner),
        "hints": [repr(job.hints.hints), job.hints.size],
        "reference": None if job.reference is None else zlib.crc32(np.ascontiguousarray(job.reference).tobytes()),
        "versions": [kcolor.__version__, av.__version__, cv2.__version__, keras.__version__, keras.backend.backend()],
    }


def _outcome(job, plan, tracks, looks, seconds, left_out):
    notes = [f"could not be copied: {one}" for one in left_out]
    notes += notes_of(job.hints.by_frame(_times(job.film, plan)), plan.scenes, tracks)
    written = layout_to_write(job.film, job.codec)
    if job.film.interlaced and not job.deinterlace:
        marked = marks_fields(job.film, written, job.codec)
        but = "" if marked else ", but its file cannot say so: players will show stripes where something moves"
        notes.append(f"it is interlaced, and was written so{but}. To make whole pictures of it: `deinterlace=True`")
    if job.codec.blocks and nearest_layout(job.film.layout, job.codec.layouts) != written:
        height, width = job.film.size
        notes.append(
            f"its size is odd ({width} × {height}), so its colour is written in more detail ({written.name}), which not every "
            "player shows"
        )
    reason = None
    if not plan.whole:
        lost = [f"{plan.damaged:,} of its packets could not be decoded"] if plan.damaged else []
        lost += [f"about {plan.missing:,} frames that it should have are missing"] if plan.missing else []
        reason = " and ".join(lost)
    return VideoOutcome(
        job.film.path,
        "done" if plan.whole else "damaged",
        job.out,
        reason,
        frames=len(plan.pts),
        scenes=len(plan.scenes),
        looks=looks,
        seconds=seconds,
        notes=tuple(notes),
    )


class _Count:
    """Tells how far the colouring is."""

    def __init__(self, job, plan, first, tell):
        self._path, self._plan, self._first, self._tell = job.film.path, plan, first, tell
        self._began, self._scene = time.monotonic(), 0

    def __call__(self, number):
        while self._plan.scenes[self._scene].last <= number:
            self._scene += 1
        done, total = number + 1, len(self._plan.pts)
        if done % 5 and done != total:
            return
        pace = (done - self._first) / max(1e-6, time.monotonic() - self._began)
        self._tell(VideoProgress(self._path, "colouring", done, total, self._scene + 1, len(self._plan.scenes), pace))
