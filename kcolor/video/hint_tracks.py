"""Where hints go: the places of a scene that they were set on, followed through all of its frames.

A place moves along the dense motion between neighbouring frames, forth and back from the frame that its hint is in. It is given
up where it leaves the picture, where no motion around it is sure, and where its light is another one: something else is there.
"""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from kcolor.hints.colors import Color
from kcolor.hints.hint import Patch, Placement
from kcolor.video import flow
from kcolor.video.plan import Scene

_STEP = 4  # pixels: motion is kept for blocks of this size
_ASTRAY = 1.5  # pixels by which the way there and back may miss: more in flat places, and where something comes in front
_AROUND, _FEW = 9, 0.1  # blocks around on a side, and the least share of them whose motion is sure
_OTHER = 24.0  # levels, of `kcolor.video.flow.comparable`, by which the light of a place may change
_BACK = 3000  # frames: so far back in time a hint is followed at most (60 MB of motion)


@dataclasses.dataclass(frozen=True, eq=False)
class Track:
    """The hints of a scene.

    Args:
        first: Integer. Number of the scene's first frame.
        patches: Tuple of `Patch`, as they are in the frames that their hints are in.
        shifts: Floats ``(frames, patches, 2)``: by which shares of width and height each has moved; NaN where it is lost.
        everywhere: The mean colour of the whole scene, or None.
    """

    first: int
    patches: tuple[Patch, ...]
    shifts: np.ndarray
    everywhere: Color | None = None

    def at(self, number: int) -> Placement:
        """Returns where the hints are in a frame."""
        shifts = self.shifts[number - self.first].tolist()
        moved = [_moved(patch, *shift) for patch, shift in zip(self.patches, shifts, strict=True)]
        return Placement(tuple(patch for patch in moved if patch is not None), self.everywhere)

    def lost(self) -> Iterator[tuple[int, int, int]]:
        """Yields each hint that was not followed through all of the scene: its number, first frame, and last frame."""
        for number in sorted({patch.number for patch in self.patches if patch.exact}):
            mine = [patch.exact and patch.number == number for patch in self.patches]  # guesses have numbers of their own
            seen = np.flatnonzero(np.isfinite(self.shifts[:, mine, 0]).any(axis=1))
            if len(seen) < len(self.shifts):
                yield number, self.first + int(seen[0]), self.first + int(seen[-1])


class Tracks:
    """The hints of a film.

    Args:
        tracks: Iterable of `Track`, one for each scene with hints.
    """

    def __init__(self, tracks: Iterable[Track] = ()):
        self.tracks = tuple(tracks)

    def at(self, number: int) -> Placement | None:
        """Returns the hints of a frame, None if its scene has none."""
        for track in self.tracks:
            if 0 <= number - track.first < len(track.shifts):
                return track.at(number) or None
        return None

    def save(self, path: pathlib.Path) -> None:
        """Writes this to a file."""
        about = [[one.first, one.everywhere, [dataclasses.asdict(patch) for patch in one.patches]] for one in self.tracks]
        with open(path, "wb") as file:
            np.savez(file, *(one.shifts for one in self.tracks), about=np.array(json.dumps(about)))

    @classmethod
    def load(cls, path: pathlib.Path) -> "Tracks":
        """Returns what `save` wrote."""
        with np.load(path) as file:
            about = json.loads(str(file["about"]))
            shifts = [file[f"arr_{number}"] for number in range(len(about))]
        return cls(
            Track(first, tuple(_patch(**patch) for patch in patches), shift, _color(everywhere))
            for (first, everywhere, patches), shift in zip(about, shifts, strict=True)
        )


def follow(
    scene: Scene,
    placements: Mapping[int, Placement],
    compared: Callable[[int], np.ndarray],
    progress: Callable[[int], object] | None = None,
) -> Track:
    """Follows hints through a scene.

    Args:
        scene: `Scene`.
        placements: Dict from numbers of its frames to the `Placement`s there.
        compared: Function from a number to that frame's light, upright, as `kcolor.video.flow.comparable` returns it. It is
            called with rising numbers.
        progress: Function that is called with the number of each frame.
    """
    starts = [(frame, patch) for frame, placement in sorted(placements.items()) for patch in placement.patches]
    everywhere = next((one.everywhere for one in placements.values() if one.everywhere is not None), None)
    length = scene.last - scene.first
    places = np.full((length, len(starts), 2), np.nan, "float32")
    for number, (frame, patch) in enumerate(starts):
        places[frame - scene.first, number] = _middle(patch)
    if starts:
        _fill(places, [frame - scene.first for frame, _ in starts], lambda n: compared(scene.first + n), progress)
    middles = np.array([_middle(patch) for _, patch in starts], "float32").reshape(-1, 2)
    return Track(scene.first, tuple(patch for _, patch in starts), places - middles, everywhere)


def _fill(places, starts, compared, progress):
    """Fills in the places of frames before and after those that hints are in."""
    finders, back = [flow.make_finder() for _ in range(2)], {}
    after = compared(0)
    levels = np.full(len(starts), np.nan, "float32")
    with ThreadPoolExecutor(2, "following") as pool:
        for number in range(len(places)):
            before, after = after, compared(min(number + 1, len(places) - 1))
            light = _light(before)
            begin = [i for i, start in enumerate(starts) if start == number]
            levels[begin] = _at(light, places[number, begin])
            for earlier in sorted(back, reverse=True) if begin else ():
                motion, light_then = back[earlier]
                places[earlier, begin] = _stepped(places[earlier + 1, begin], motion.astype("float32"))
                _give_up(places[earlier], begin, light_then, levels)
            known = [i for i, start in enumerate(starts) if start < number]
            _give_up(places[number], known, light, levels)
            if number == len(places) - 1:
                break
            pairs = [(before, after), (after, before)]
            there, here = pool.map(lambda way: flow.motion(way[0], *way[1]), zip(finders, pairs, strict=True))
            known += begin
            places[number + 1, known] = _stepped(places[number, known], _blocks(there, here))
            if any(start - _BACK <= number < start for start in starts):
                back[number] = _blocks(here, there).astype("float16"), light
            back.pop(number - _BACK, None)  # no later hint goes back so far
            if progress is not None:
                progress(number)


def _give_up(places, which, light, levels):
    """Gives up those places that are much lighter or darker than they were: something else is there now."""
    found = _at(light, places[which])
    places[which] = np.where((np.abs(found - levels[which]) > _OTHER)[:, None], np.float32(np.nan), places[which])


def _light(compared):
    """Light in blocks, each with those around it."""
    size = tuple(max(1, side // _STEP) for side in compared.shape[::-1])
    return cv2.blur(cv2.resize(compared, size, interpolation=cv2.INTER_AREA), (3, 3))


def _blocks(there, here):
    """Motion in blocks, as shares of width and height; that of the blocks around where the way back leads elsewhere."""
    height, width = there.shape[:2]
    size = (max(1, width // _STEP), max(1, height // _STEP))
    motion = cv2.resize(there, size, interpolation=cv2.INTER_AREA) / np.float32([width, height])
    missed = np.linalg.norm(flow.joined(there, here), axis=-1)
    sure = (cv2.resize(missed, size, interpolation=cv2.INTER_AREA) <= _ASTRAY).astype("float32")
    weight = cv2.blur(sure, (_AROUND, _AROUND))
    around = cv2.blur(sure[..., None] * motion, (_AROUND, _AROUND)) / np.maximum(weight, 1e-6)[..., None]
    around[weight < _FEW] = np.nan
    return np.where(sure[..., None] > 0, motion, around)


def _at(blocks, places):
    """What blocks have at places; NaN for those that are lost."""
    inside = np.isfinite(places).all(axis=-1)
    shares = np.where(inside[:, None], places, 0)
    row, column = (np.minimum((shares[:, 1 - i] * side).astype(int), side - 1) for i, side in enumerate(blocks.shape[:2]))
    found = blocks[row, column].astype("float32")
    found[~inside] = np.nan
    return found


def _stepped(places, motion):
    """Places in the next frame; those that are lost, or outside of it, are NaN."""
    moved = places + _at(motion, places)
    outside = ~((moved >= 0) & (moved < 1)).all(axis=-1)
    return np.where(outside[:, None], np.float32(np.nan), moved)


def _middle(patch):
    top, left, bottom, right = patch.box
    return (left + right) / 2, (top + bottom) / 2


def _moved(patch, right, down):
    """The patch elsewhere, cut at the picture's edges; None if it is lost."""
    if right != right:  # NaN
        return None
    top, left, bottom, end = patch.box
    box = tuple(min(max(one + by, 0.0), 1.0) for one, by in ((top, down), (left, right), (bottom, down), (end, right)))
    return dataclasses.replace(patch, box=box)


def _patch(box, color, number, exact, radius=0.0):
    return Patch(tuple(box), _color(color), number, exact, radius)


def _color(color):
    return tuple(color) if isinstance(color, list) else color
