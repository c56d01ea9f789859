"""What became of a photo."""

import dataclasses
import os
import pathlib


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one photo.

    >>> from pathlib import Path
    >>> print(Outcome(Path("a.jpg"), "done", Path("out/a.jpg"), number=3, total=12))
    3 of 12  out/a.jpg
    >>> print(Outcome(Path("b.jpg"), "failed", reason="the file is empty", number=4, total=12))
    4 of 12  b.jpg failed: the file is empty
    >>> print(Outcome(Path("c.jpg"), "in color", reason="it is in colour already", number=5, total=12))
    5 of 12  c.jpg left alone: it is in colour already
    >>> print(Outcome(Path("d.jpg"), "done", Path("out/d.jpg"), sideways=True, number=6, total=12))
    6 of 12  out/d.jpg (d.jpg seems to lie on its side)

    Args:
        photo: Path of the photo; on a cluster its address, a string. So is the result.
        status: String. "done", "skipped" (its result was there already), "in color" (the photo itself is in colour, so
            nothing was made of it) or "failed".
        result: Path of the result, or None if there is none.
        reason: String. Why there is no result, if there is none.
        seconds: Float. How long colouring took, without reading and writing.
        sideways: Boolean. Whether the photo seems to lie on its side: turned upright, it would get better colours.
        notes: Tuple of strings. What is to be said of the result: colours of hints that do not exist at their places, EXIF that
            could not be kept, a file of several pictures.
        number: Integer. Place among the outcomes of this call, from 1.
        total: Integer. How many photos this call has.
    """

    photo: pathlib.Path | str
    status: str
    result: pathlib.Path | str | None = None
    reason: str | None = None
    seconds: float = 0.0
    sideways: bool = False
    notes: tuple[str, ...] = ()
    number: int = 0
    total: int = 0

    def __str__(self) -> str:
        """Returns a line for people."""
        what = {
            "done": f"{self.result} ({os.path.basename(self.photo)} seems to lie on its side)"
            if self.sideways
            else str(self.result),
            "skipped": f"{self.result} is there already",
            "in color": f"{self.photo} left alone: {self.reason}",
            "failed": f"{self.photo} failed: {self.reason}",
        }
        return f"{self.number:,} of {self.total:,}  {what[self.status]}"
