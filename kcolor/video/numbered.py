"""A film's frames by number: one after the other, from any of them on."""

from collections.abc import Generator

from kcolor.video.film import Film
from kcolor.video.plan import Plan, check_of
from kcolor.video.reading import Frame, frames
from kcolor.video.threads import ahead

_AHEAD = 6  # frames that are decoded before they are wanted


class Numbered:
    """The frames of a film, by number.

    Args:
        film: `Film`.
        plan: Its `Plan`.
        deinterlace: Boolean. As of `kcolor.video.reading.frames`.
    """

    def __init__(self, film: Film, plan: Plan, deinterlace: bool = False):
        self._film, self._plan, self._deinterlace = film, plan, deinterlace
        self._source: Generator[Frame, None, None] | None = None
        self._last: Frame | None = None
        self._next = 0

    def begin(self, number: int, check: int) -> None:
        """Goes to a frame. It is looked for in the file; if what is decoded there is another one, all before it are decoded.

        Args:
            number: Integer. Which frame.
            check: Integer. Its checksum, as of `kcolor.video.plan.check_of`.
        """
        if self._last is not None and self._next - 1 <= number <= self._next:
            return
        self.close()
        if number and self._plan.stamped and not self._deinterlace:
            start = int(self._plan.pts[number])
            self._open(start, number)
            if self._is_at(number, start, check):
                return
            self.close()
        self._open(None, 0)

    def stands_between(self, first: int, number: int) -> bool:
        """Returns whether the source has come past one frame, and not yet past another: it can walk on from there.

        Args:
            first: Integer. Number of a frame.
            number: Integer. Number of a later one.
        """
        return self._last is not None and first < self._next <= number + 1

    def __call__(self, number: int) -> Frame:
        """Returns a frame. Numbers rise; the last one may be asked for again.

        Raises:
            ValueError: If the film ends before it.
        """
        if self._source is None:
            self._open(None, 0)
        if number == self._next - 1 and self._last is not None:
            return self._last
        found = self._last
        while self._next <= number:
            assert self._source is not None
            found = self._last = next(self._source, None)
            if found is None:
                raise ValueError(
                    f"Expected frame {number + 1:,} of {self._film.path}. It ends before: its disk is gone, or it has changed"
                )
            self._next += 1
        assert found is not None
        return found

    def close(self) -> None:
        """Stops reading."""
        if self._source is not None:
            self._source.close()
        self._source, self._last = None, None

    def _is_at(self, number, start, check):
        """Whether the frame that comes next is the one that is looked for."""
        try:
            frame = self(number)
        except ValueError:
            return False
        return frame.pts == start and check_of(frame) == check

    def _open(self, start, number):
        self._source = ahead(frames(self._film, start, self._deinterlace), _AHEAD)
        self._next = number
