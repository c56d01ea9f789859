"""What is said of a film while it is coloured, and when it is done."""

import dataclasses
import pathlib

from kcolor.utils.console import duration
from kcolor.utils.text import counted


@dataclasses.dataclass(frozen=True)
class VideoProgress:
    """How far a film is.

    Args:
        film: Path of the film.
        step: String. "looking" (for scenes), "following" (hints), "colouring" or "joining".
        frames: Integer. Frames that are done.
        total: Integer. Frames of the film; 0 while that is not known.
        scene: Integer. Number of the scene, from 1.
        scenes: Integer. How many there are.
        pace: Float. Frames a second, 0 at the start.

    >>> from pathlib import Path
    >>> from kcolor.video.outcome import VideoProgress
    >>> print(VideoProgress(Path("a.mp4"), "colouring", 1200, 3000, 4, 9, 12.5))
    1,200 of 3,000 frames  scene 4 of 9  12.5 frames/s  2:24 left
    """

    film: pathlib.Path
    step: str
    frames: int = 0
    total: int = 0
    scene: int = 0
    scenes: int = 0
    pace: float = 0.0

    def __str__(self) -> str:
        """Returns a line for people."""
        if self.step == "looking":
            return f"looking for scenes: {self.frames:,} frames"
        if self.step == "following":
            return f"following hints: {self.frames:,} of {self.total:,} frames"
        if self.step == "joining":
            return "joining"
        parts = [f"{self.frames:,} of {self.total:,} frames", f"scene {self.scene:,} of {self.scenes:,}"]
        if self.pace:
            left = duration((self.total - self.frames) / self.pace)
            parts += [f"{self.pace:.1f} frames/s", f"{left} left"]
        return "  ".join(parts)


@dataclasses.dataclass(frozen=True)
class VideoOutcome:
    """What became of a film.

    >>> from pathlib import Path
    >>> from kcolor.video.outcome import VideoOutcome
    >>> print(VideoOutcome(Path("a.mp4"), "done", Path("out/a.mp4"), frames=3000, scenes=9))
    out/a.mp4: 3,000 frames, 9 scenes
    >>> print(VideoOutcome(Path("b.mp4"), "in color", reason="it is in colour already"))
    b.mp4 left alone: it is in colour already

    Args:
        film: Path of the film.
        status: String. "done", "damaged" (what could be read of it is coloured), "skipped" (its result was there already) or
            "in color" (nothing was made of it).
        result: Path of the coloured film, or None if there is none.
        reason: String. Why there is no result, or what is missing in it.
        frames: Integer. Frames of the result.
        scenes: Integer. Scenes of the result.
        looks: Integer. How often the network looked at a frame, in this run.
        seconds: Float. How long this run took.
        notes: Tuple of strings. What else is to be said: tracks that could not be copied, interlaced frames.
    """

    film: pathlib.Path
    status: str
    result: pathlib.Path | None = None
    reason: str | None = None
    frames: int = 0
    scenes: int = 0
    looks: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Returns a line for people."""
        if self.status == "skipped":
            return f"{self.result} is there already"
        if self.status == "in color":
            return f"{self.film} left alone: {self.reason}"
        line = f"{self.result}: {counted(self.frames, 'frame')}, {counted(self.scenes, 'scene')}"
        return line + (f", but {self.reason}" if self.reason else "")
