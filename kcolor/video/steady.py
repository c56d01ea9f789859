"""Colours the frames of a segment so that colours hold still."""

import contextlib
import dataclasses
import pathlib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np

from kcolor.video import carrying, flow
from kcolor.video.chroma_planes import ChromaPainter
from kcolor.video.coefficients import coefficients
from kcolor.video.hint_tracks import Tracks
from kcolor.video.key_colors import KeyColors
from kcolor.video.layout import Layout
from kcolor.video.pixels import small_light
from kcolor.video.plan import Scene, Segment
from kcolor.video.reading import Frame
from kcolor.video.threads import ahead

SHORTER_SIDE = 240  # pixels: the shorter side at which colours are carried
_REACH = 24  # a 24th of the shorter side: how far the function of lightness around a pixel looks
_NEW = 0.35  # share of a frame's own coefficients, where those of the frame before could be carried to it
_DARK = 0.4  # light of the lightest parts of a frame below which its colours become calmer
_STILL = 0.0015  # mean difference of light below which a frame is the one before, repeated


@dataclasses.dataclass(frozen=True, eq=False)
class Colored:
    """A frame with its planes of colour.

    Args:
        number: Integer. Which frame of the film.
        frame: `Frame` as it was decoded.
        chroma: The two planes of colour; None if the frame is in colour already and stays as it is.
    """

    number: int
    frame: Frame
    chroma: tuple[np.ndarray, np.ndarray] | None


@dataclasses.dataclass(frozen=True, eq=False)
class State:
    """What a segment hands to the next one in the middle of a scene.

    Args:
        key: `Key` of the next segment's first frame.
        smoothed: Floats ``(height, width, 4)``. Coefficients of the last frame.
        compared: uint8. Its light.
        number: Integer. Which frame that was.
    """

    key: carrying.Key
    smoothed: np.ndarray
    compared: np.ndarray
    number: int

    def save(self, path: pathlib.Path) -> None:
        """Writes this to a file."""
        arrays: dict[str, Any] = {"chroma": self.key.chroma, "looks": self.key.looks, "key_compared": self.key.compared}
        arrays |= {"smoothed": self.smoothed, "compared": self.compared, "number": self.number}
        with open(path, "wb") as file:
            np.savez(file, **arrays)

    @classmethod
    def load(cls, path: pathlib.Path) -> "State":
        """Returns what `save` wrote."""
        with np.load(path) as file:
            key = carrying.Key(file["chroma"], file["looks"], file["key_compared"])
            return cls(key, file["smoothed"], file["compared"], int(file["number"]))


@dataclasses.dataclass(frozen=True)
class Manner:
    """How frames are coloured.

    Args:
        key_frames: Integer. From one key frame to the next.
        smooth: Boolean. Whether the coefficients of painting are smoothed from frame to frame.
        ensemble: Boolean. Whether the network looks at the first frame of a scene several times, mirrored and larger.
    """

    key_frames: int = 10
    smooth: bool = True
    ensemble: bool = True


def carrying_size(size: tuple[int, int]) -> tuple[int, int]:
    """Returns the (height, width) at which the colours of a film of a size are carried.

    >>> from kcolor.video.steady import carrying_size
    >>> carrying_size((720, 1280)), carrying_size((48, 64))
    ((240, 427), (48, 64))

    Args:
        size: Pair of integers (height, width).
    """
    scale = min(1.0, SHORTER_SIDE / min(size))
    height, width = (max(1, round(side * scale)) for side in size)
    return height, width


def reach_of(size: tuple[int, int]) -> int:
    """Returns how many pixels, on every side, the function of lightness around a pixel looks at."""
    return max(1, min(size) // _REACH)


class Steady:
    """Colours segments of a film.

    Args:
        colors: `KeyColors`.
        read: Layout in which frames are read.
        written: Layout in which they are written.
        size: Pair of integers (height, width) of the film.
        manner: `Manner`.
        tracks: `Tracks` of hints, or None.
    """

    def __init__(
        self,
        colors: KeyColors,
        read: Layout,
        written: Layout,
        size: tuple[int, int],
        manner: Manner | None = None,
        tracks: Tracks | None = None,
    ):
        self.colors, self.read, self.manner, self.tracks = colors, read, manner or Manner(), tracks or Tracks()
        self.size = carrying_size(size)
        self.paint = ChromaPainter(written, size)
        self._reach = reach_of(self.size)
        self._finders = [flow.make_finder() for _ in range(3)]  # one for each thread
        self._pool = ThreadPoolExecutor(2, "motion")

    def segment(
        self, segment: Segment, scenes: tuple[Scene, ...], frame: Callable[[int], Frame], state: State | None
    ) -> Generator[Colored | State, None, None]:
        """Yields the frames of a segment, and at its end the state for the next one if that goes on with the scene.

        Args:
            segment: `Segment`.
            scenes: All `Scene`s of the film.
            frame: Function from a number to that frame. It is called with rising numbers, at most one beyond the segment.
            state: `State` that the segment before has yielded, if it has.
        """
        smoothed = (state.smoothed, state.compared, state.number) if state else None
        key = None
        with contextlib.closing(ahead(self._pieces(segment, scenes, frame, state), 1)) as pieces:
            for piece in pieces:
                if piece.begins:
                    smoothed = None
                for seen, (chroma, sure) in zip(piece.frames, piece.filled, strict=False):
                    smoothed = self._smoothed(seen, chroma, sure, smoothed)
                    yield Colored(seen.number, seen.frame, self._painted(seen, smoothed[0]))
                yield from piece.kept
                key = piece.key
        if key is not None and smoothed is not None:
            yield State(key, *smoothed)

    def _pieces(self, segment, scenes, frame, state):
        """Yields the frames of a segment from key frame to key frame, with colours that have been carried to them."""
        for scene in scenes:
            first, last = max(scene.first, segment.first), min(scene.last, segment.last)
            if first >= last:
                continue
            if scene.color:
                yield from (_Piece(kept=[Colored(number, frame(number), None)]) for number in range(first, last))
            else:
                yield from self._scene(scene, first, last, frame, state.key if state and first > scene.first else None)

    def _scene(self, scene, first, last, frame, key):
        """Yields the pieces of a scene from one number to another; the last has a key if the scene goes on."""
        step, whole = self.manner.key_frames, last == scene.last
        end = last - 1 if whole else last  # the last frame that is looked at, which may be the next segment's first
        places = list(range(first, end, step))
        if not places or places[-1] != end:
            places.append(end)
        frames = [_Seen(first, frame(first), self)]
        begins = key is None
        if key is None:
            key = carrying.new_key(self._look(frames[0], scene, self.manner.ensemble), frames[0].compared, frames[0].worth)
        for number, (start, stop) in enumerate(zip(places, places[1:] or [places[-1]], strict=False)):
            frames += [_Seen(n, frame(n), self) for n in range(start + 1, stop + 1)]
            final = whole and number >= len(places) - 2
            # A short rest at the end of a scene needs no look of its own.
            both = stop > start and not (final and stop - start < step // 2)
            filled, key = self._filled(key, frames, scene, both)
            if final and both:
                filled.append((key.chroma, np.ones(self.size, "float32")))
            yield _Piece(begins, frames, filled, key=None if whole else key)
            frames, begins = frames[-1:], False

    def _filled(self, key, frames, scene, both):
        compared = [seen.compared for seen in frames]
        back, forth = self._motions(list(zip(compared[1:], compared, strict=False)))
        for seen, motion in zip(frames[1:], back, strict=True):
            seen.back = motion
        between = carrying.Between(compared, back, forth)

        def look(number):
            return self._look(frames[number], scene)

        return carrying.fill(key, between, look, lambda number: frames[number].worth, both)

    def _motions(self, pairs):
        """Motion of all pairs, back on one thread and forth on another."""
        ways = [(self._finders[0], pairs), (self._finders[1], [(other, one) for one, other in pairs])]
        return list(self._pool.map(lambda way: [flow.motion(way[0], *pair) for pair in way[1]], ways))

    def _look(self, seen, scene, ensemble=False):
        return self.colors(seen.frame.luma, scene, ensemble, self.tracks.at(seen.number))

    def _smoothed(self, seen, chroma, sure, before):
        """Coefficients of a frame, its light and its number: what the next frame is smoothed with."""
        if before is not None and seen.repeats(before[1]):
            return before
        fitted = coefficients(chroma, seen.lightness, sure, self._reach)
        if before is not None and self.manner.smooth:
            is_next = seen.back is not None and before[2] == seen.number - 1
            motion = seen.back if is_next else flow.motion(self._finders[2], seen.compared, before[1])
            light = flow.carry(before[1].astype("float32"), motion)
            old = np.float32(1 - _NEW) * flow.confidence(seen.compared, light, flow.inside_of(motion))
            fitted = fitted + cv2.merge([old] * 4) * (flow.carry(before[0], motion) - fitted)
        return fitted, seen.compared, seen.number

    def _painted(self, seen, fitted):
        light = self.paint.light_of(seen.frame.luma, self.read)
        return self.paint(fitted, light, seen.calm)

    def close(self) -> None:
        """Ends its threads."""
        self._pool.shutdown(wait=True)


@dataclasses.dataclass(frozen=True, eq=False)
class _Piece:
    """Frames from one key frame to the next: those to paint, with their colours, or those in colour that are kept."""

    begins: bool = False
    frames: Sequence["_Seen"] = ()
    filled: Sequence[tuple[np.ndarray, np.ndarray]] = ()
    kept: Sequence[Colored] = ()
    key: carrying.Key | None = None


class _Seen:
    """A frame, and what of it is compared."""

    def __init__(self, number, frame, steady):
        self.number, self.frame, self.back = number, frame, None
        light = small_light(frame.luma, steady.read, steady.size)
        self.compared = flow.comparable(light)
        self.lightness = steady.paint.lightness(light)
        lightest = float(np.percentile(light[::4, ::4], 95))
        self.calm = min(1.0, lightest / _DARK)
        self.worth = max(0.05, self.calm**2)

    def repeats(self, compared):
        return bool(cv2.absdiff(self.compared, compared).mean() < _STILL * 255)
