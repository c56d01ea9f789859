"""Hints for films: colours of places, each in a frame. Checked here, without Keras and FFmpeg.

The file is that of a photo's hints (see `kcolor.hints.read`), and each hint also says in which frame its place is:
``"frame": 120``, counted from 0, or ``"time": "00:00:05"``. Either may be said once for all hints, beside ``"hints"``.
"""

import dataclasses
import itertools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from kcolor.hints.files import PhotoHints, photo_hints, read_json
from kcolor.hints.hint import AnyHint, Placement, place
from kcolor.utils.types import PathLike

_WHEN = ("frame", "time")
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)")


@dataclasses.dataclass(frozen=True)
class FilmHint:
    """A hint, and when its place is where it says.

    Args:
        hint: `kcolor.hints.Hint`, `Stroke` or `Everywhere`.
        frame: Integer. Number of the frame, from 0; or None.
        seconds: Float. Time of the frame instead, from the film's beginning.
        number: Integer. Place among all hints, from 1, for messages.
    """

    hint: AnyHint
    frame: int | None
    seconds: float | None
    number: int


@dataclasses.dataclass(frozen=True)
class FilmHints:
    """The hints of a film.

    Args:
        hints: Tuple of `FilmHint`.
        size: Pair (width, height) of the upright film that they were made for, or None.
        source: String. Where they come from, for messages.
    """

    hints: tuple[FilmHint, ...] = ()
    size: tuple[int, int] | None = None
    source: str = "hints"

    def by_frame(self, times: Sequence[float] | np.ndarray) -> dict[int, list[FilmHint]]:
        """Returns the hints by the numbers of their frames, which rise.

        Args:
            times: Seconds of the film's frames, which rise.

        Raises:
            ValueError: If there is no such frame.
        """
        frames: dict[int, list[FilmHint]] = {}
        for one in self.hints:
            frames.setdefault(self._frame(one, times), []).append(one)
        return dict(sorted(frames.items()))

    def check_places(self, height: int, width: int) -> None:
        """Raises ValueError if a hint lies outside the picture, or is for a film of another size: no frame is needed for that.

        Args:
            height: Integer. Rows of the upright film.
            width: Integer. Columns of the upright film.
        """
        PhotoHints((), self.size, self.source).placed(height, width)
        for one in self.hints:
            try:
                place([one.hint], height, width, first=one.number)
            except ValueError as error:
                raise ValueError(f"{self.source}: {error}") from None

    def placed(
        self, times: Sequence[float] | np.ndarray, height: int, width: int, cuts: Sequence[int] = ()
    ) -> dict[int, Placement]:
        """Places the hints in the frames of a film.

        Args:
            times: Seconds of the film's frames, which rise.
            height: Integer. Rows of the upright film.
            width: Integer. Columns of the upright film.
            cuts: Numbers of the frames that scenes begin with, which rise.

        Returns:
            Dict from numbers of frames to `Placement`s.

        Raises:
            ValueError: If there is no such frame, or a hint lies outside the picture, or is for a film of another size; or if
                a scene gets two colours for the whole picture.
        """
        self.check_places(height, width)  # here a hint still has its number among all
        found = {}
        for frame, those in self.by_frame(times).items():
            hints = tuple(one.hint for one in those)
            placement = PhotoHints(hints, None, f"{self.source}: frame {frame}").placed(height, width)
            numbers = [one.number for one in those]
            patches = [dataclasses.replace(patch, number=numbers[patch.number - 1]) for patch in placement.patches]
            found[frame] = dataclasses.replace(placement, patches=tuple(patches))
        whole = [frame for frame, placement in found.items() if placement.everywhere is not None]
        for one, other in itertools.pairwise(whole):
            if not any(one < cut <= other for cut in cuts):
                raise ValueError(
                    f"{self.source}: expected one colour for the whole picture in a scene. Received: one in frame {one}, and "
                    f"one in frame {other} of the same scene. Remove one of them"
                )
        return found

    def _frame(self, one, times):
        if one.seconds is not None:
            if one.seconds > times[-1]:
                raise ValueError(
                    f"{self.source}: hint {one.number}: expected a time up to {clock(times[-1])}, when the last frame begins. "
                    f"Received: {clock(one.seconds)}"
                )
            return int(np.searchsorted(times, one.seconds + 1e-6, side="right")) - 1
        if one.frame >= len(times):
            most = len(times) - 1
            raise ValueError(f"{self.source}: hint {one.number}: expected a frame from 0 to {most}. Received: {one.frame}")
        return one.frame


def read(path: PathLike) -> FilmHints:
    """Reads a file of hints for a film.

    >>> from kcolor.video import film_hints
    >>> _ = (tmp_path / "coat.json").write_text('{"hints": [{"frame": 120, "x": 320, "y": 200, "color": "#7a5c3e"}]}')
    >>> [(one.frame, one.hint.color) for one in film_hints.read(tmp_path / "coat.json").hints]
    [(120, '#7a5c3e')]

    Args:
        path: Path of a JSON file.

    Raises:
        ValueError: If anything in the file is wrong, with the place of the mistake.
        OSError: If there is no such file.
    """
    return film_hints(read_json(path), str(path))


def film_hints(content: Any, source: str = "hints") -> FilmHints:
    """Returns the hints of a film from what a file has of them.

    Args:
        content: Dict with ``"hints"``, and perhaps ``"size"``, ``"frame"`` and ``"time"``; or the list of hints alone.
        source: String. Where it comes from, for messages.

    Raises:
        ValueError: If anything in it is wrong.
    """
    whole = {"hints": content} if isinstance(content, list) else content
    if not isinstance(whole, dict) or not isinstance(whole.get("hints"), list):
        raise ValueError(f'{source}: expected {{"hints": [...]}}. Received: {str(content)[:80]}')
    usual = {name: whole[name] for name in _WHEN if name in whole}
    plain = [{name: value for name, value in _dict(one).items() if name not in _WHEN} or one for one in whole["hints"]]
    photo = photo_hints({**{name: whole[name] for name in whole if name not in _WHEN}, "hints": plain}, source)
    found = []
    for number, (hint, one) in enumerate(zip(photo, whole["hints"], strict=True), 1):
        own = {name: one[name] for name in _WHEN if name in one}
        frame, seconds = _when(own or usual, f"{source}: hint {number}")
        found.append(FilmHint(hint, frame, seconds, number))
    return FilmHints(tuple(found), photo.size, source)


def _dict(one):
    return one if isinstance(one, dict) else {}


def _when(said, where):
    """Number of the frame, or its seconds."""
    if len(said) != 1:
        raise ValueError(f'{where}: expected "frame" or "time", one of the two. Received: {", ".join(said) or "neither"}')
    if "time" in said:
        return None, seconds_of(said["time"], where)
    frame = said["frame"]
    if isinstance(frame, bool) or not isinstance(frame, int) or frame < 0:
        raise ValueError(f'{where}: expected "frame" as a number of a frame, from 0. Received: {frame!r}')
    return frame, None


def seconds_of(time: Any, where: str = "time") -> float:
    """Returns the seconds of a time.

    >>> from kcolor.video.film_hints import seconds_of
    >>> seconds_of("00:01:02.5"), seconds_of("1:02"), seconds_of(7.25)
    (62.5, 62.0, 7.25)

    Args:
        time: ``"HH:MM:SS"``, ``"MM:SS"``, ``"SS"``, or a number of seconds.
        where: String. Where it was said, for messages.

    Raises:
        ValueError: If it is none of these.
    """
    if isinstance(time, (int, float)) and not isinstance(time, bool) and 0 <= time < float("inf"):
        return float(time)
    parts = _CLOCK.fullmatch(time.strip()) if isinstance(time, str) else None
    if parts is None:
        raise ValueError(f'{where}: expected "time" as "HH:MM:SS" or as seconds. Received: {time!r}')
    hours, minutes, seconds = (float(part or 0) for part in parts.groups())
    return 3600 * hours + 60 * minutes + seconds


def clock(seconds: float) -> str:
    """Returns seconds as a time.

    >>> from kcolor.video.film_hints import clock
    >>> clock(3723.5)
    '01:02:03.500'
    """
    whole, thousandths = divmod(round(1000 * seconds), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"
