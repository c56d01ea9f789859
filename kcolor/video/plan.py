"""Looks through a film once: its timestamps, its scenes, and the segments in which it is coloured."""

import collections
import dataclasses
import pathlib
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kcolor.video import scenes
from kcolor.video.film import Film
from kcolor.video.reading import Damage, Frame, frames, read_until

SEGMENT = 200  # frames of a segment, about: what is lost at most if a run is killed
_CUT_OFF = 1.0  # seconds: what is missing at most of a file that is whole
_DARKEST, _LIGHTEST = 5, 95  # percentiles over a scene's frames: its tone, which a fade does not change


@dataclasses.dataclass(frozen=True)
class Scene:
    """Frames between two cuts.

    Args:
        first: Integer. Number of its first frame.
        last: Integer. Number of the frame after its last.
        color: Boolean. Whether it is in colour already.
        low: Float. The light that is its black.
        high: Float. The light that is its white.
    """

    first: int
    last: int
    color: bool
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Segment:
    """Frames that are coloured and written together.

    Args:
        first: Integer. Number of its first frame.
        last: Integer. Number of the frame after its last.
        check: Integer. Checksum of its first frame's light: whether decoding from there finds the same.
    """

    first: int
    last: int
    check: int


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """What is to be done with a film.

    Args:
        pts: Integers. The timestamps of its frames, which rise.
        last_duration: Integer. How long the last frame is shown.
        stamped: Boolean. Whether the file itself has all of these timestamps.
        scenes: Its scenes, without gaps.
        segments: Its segments, without gaps.
        damaged: Integer. How many packets could not be decoded.
        missing: Integer. How many frames the file says it has beyond those that could be read.
    """

    pts: np.ndarray
    last_duration: int
    stamped: bool
    scenes: tuple[Scene, ...]
    segments: tuple[Segment, ...]
    damaged: int = 0
    missing: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of the film could be read."""
        return not (self.damaged or self.missing)

    def for_all_scenes(self) -> "Plan":
        """Returns the same plan, by which scenes that are in colour are coloured, too."""
        return dataclasses.replace(self, scenes=tuple(dataclasses.replace(scene, color=False) for scene in self.scenes))

    def durations(self) -> np.ndarray:
        """Returns how long each frame is shown, in the film's unit of time."""
        return np.diff(self.pts, append=self.pts[-1] + self.last_duration)

    def save(self, path: pathlib.Path) -> None:
        """Writes this to a file."""
        names = ("scenes", "segments")
        tables: dict[str, Any] = {name: np.array([dataclasses.astuple(row) for row in getattr(self, name)]) for name in names}
        numbers = np.array([self.last_duration, self.stamped, self.damaged, self.missing])
        with open(path, "wb") as file:
            np.savez(file, pts=self.pts, numbers=numbers, **tables)

    @classmethod
    def load(cls, path: pathlib.Path) -> "Plan":
        """Returns what `save` wrote."""
        with np.load(path) as file:
            found = {name: file[name] for name in file}
        last, stamped, damaged, missing = (int(number) for number in found["numbers"])
        parts = tuple(Scene(int(a), int(b), bool(color), low, high) for a, b, color, low, high in found["scenes"].tolist())
        segments = tuple(Segment(*(int(number) for number in row)) for row in found["segments"].tolist())
        return cls(found["pts"], last, bool(stamped), parts, segments, damaged, missing)


def look_through(
    film: Film,
    seconds: float | None = None,
    deinterlace: bool = False,
    key_frames: int = 10,
    progress: Callable[[int], object] | None = None,
) -> Plan:
    """Decodes a film once and plans what is to be done with it.

    Args:
        film: `Film`.
        seconds: Float. How much of it is wanted; None for all.
        deinterlace: Boolean. As of `kcolor.video.reading.frames`.
        key_frames: Integer. From one key frame to the next: a long scene is parted at a key frame.
        progress: Function that is called with the number of frames so far.

    Returns:
        A `Plan`.

    Raises:
        ValueError: If no frame can be decoded.
    """
    damage, stamps, looks = Damage(), _Stamps(film), _Looks()
    checks: list[int] = []
    for number, frame in enumerate(frames(film, deinterlace=deinterlace, damage=damage)):
        if seconds is not None and stamps.pts and (stamps.next(frame) - stamps.pts[0]) * film.time_base >= seconds:
            break
        stamps.add(frame)
        looks.add(scenes.look_of(frame, film.layout))
        checks.append(check_of(frame))
        if progress is not None and number % 25 == 0:
            progress(number + 1)
    if not stamps.pts:
        raise ValueError(f"Expected a film. Not one frame of {film.path} can be decoded")
    found = looks.scenes()
    ends = segment_ends(found, key_frames)
    segments = [Segment(first, last, checks[first]) for first, last in zip([0, *ends[:-1]], ends, strict=True)]
    missing = 0 if seconds is not None else _missing(film, stamps, damage)
    return Plan(np.array(stamps.pts), stamps.last, stamps.stamped, tuple(found), tuple(segments), damage.packets, missing)


def check_of(frame: Frame) -> int:
    """Returns a checksum of a frame's light, of every fourth row."""
    return zlib.crc32(frame.luma[::4].tobytes())


def segment_ends(found: Sequence[Scene], key_frames: int, length: int = SEGMENT) -> list[int]:
    """Returns where segments end: with a scene, or within a long one at a key frame.

    >>> from kcolor.video.plan import Scene, segment_ends
    >>> segment_ends([Scene(0, 30, False, 0, 1), Scene(30, 500, False, 0, 1)], key_frames=10, length=100)
    [130, 230, 330, 430, 500]

    Args:
        found: The `Scene`s.
        key_frames: Integer. From one key frame to the next, counted from the first frame of a scene.
        length: Integer. Frames of a segment, about.
    """
    step = max(1, length // key_frames) * key_frames
    ends: list[int] = []
    for scene in found:
        begun = ends[-1] if ends else 0
        if scene.first - begun >= length:
            ends.append(scene.first)
        place = scene.first + step
        while scene.last - place > step // 2:
            ends.append(place)
            place += step
    if not ends or ends[-1] != found[-1].last:
        ends.append(found[-1].last)
    return ends


class _Stamps:
    """The timestamps of frames. Those that are missing or do not rise are made up."""

    def __init__(self, film: Film):
        self.pts: list[int] = []
        self.usual = max(1, round(1 / (film.rate * film.time_base)))
        self.last, self.stamped = self.usual, True

    def next(self, frame: Frame) -> int:
        expected = self.pts[-1] + self.last if self.pts else 0
        if frame.pts is None or (self.pts and frame.pts <= self.pts[-1]):
            return expected
        return frame.pts

    def add(self, frame: Frame) -> None:
        stamp = self.next(frame)
        self.stamped &= stamp == frame.pts
        self.pts.append(stamp)
        self.last = frame.duration or self.usual


class _Looks:
    """What frames look like, compared with those before them as they come."""

    def __init__(self) -> None:
        self.recent: collections.deque[scenes.Look] = collections.deque(maxlen=3)
        self.alike: list[float] = []
        self.new: list[bool] = []
        self.same: list[bool] = []
        self.color: list[bool] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, look: scenes.Look) -> None:
        before = list(self.recent)[::-1]
        self.alike.append(scenes.likeness(look, before[0])[0] if before else 1.0)
        self.new.append(bool(before) and scenes.differs(look, before[0]))
        self.same.append(not look.blank and any(scenes.likeness(look, old)[0] > 0.8 for old in before[1:]))
        self.color.append(look.color)
        self.low.append(look.low)
        self.high.append(look.high)
        self.recent.append(look)

    def scenes(self) -> list[Scene]:
        color = np.array(self.color)
        new = np.array(self.new) | scenes.sudden(np.array(self.alike))
        starts = scenes.cuts(new, new & np.array(self.same), color)
        low, high = np.array(self.low), np.array(self.high)
        found = []
        for first, last in zip(starts, [*starts[1:], len(color)], strict=True):
            tone = np.percentile(low[first:last], _DARKEST), np.percentile(high[first:last], _LIGHTEST)
            found.append(Scene(first, last, bool(color[first:last].mean() > 0.5), float(tone[0]), float(tone[1])))
        return found


def _missing(film, stamps, damage):
    """How many frames are not there that the file says it has."""
    count = len(stamps.pts)
    if film.stated_frames:
        if film.counts_gaps:
            span = (stamps.pts[-1] + stamps.last - stamps.pts[0]) * film.time_base
            count = max(count, round(span * film.rate))
        return max(0, film.stated_frames - count - damage.packets - damage.hidden)
    short = film.stated_end - float((stamps.pts[-1] + stamps.last) * film.time_base)
    if damage.ended_early:
        return max(1, round(short * float(film.rate)))
    # Without a number of frames the end is that of the longest track, which may be the sound. If no track reaches it, the
    # file is cut off.
    if short > _CUT_OFF and film.stated_end - read_until(film) > _CUT_OFF:
        return max(1, round(short * float(film.rate)))
    return 0
