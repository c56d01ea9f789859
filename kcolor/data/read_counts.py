"""Counts what was read and what was left out, and says when too much of it is broken."""

import threading

from kcolor.utils.text import counted

_SAMPLE = 1000  # pictures after which the share of broken ones is trusted, though there are more to come


class ReadCounts:
    """Counts of pictures that were read or left out. A picture counts once, however many epochs there are.

    >>> counts = kcolor.data.ReadCounts()
    >>> pictures = list(kcolor.data.each(kcolor.data.pictures("shapes", count=3), counts=counts))
    >>> counts.summary()
    '3 pictures seen'

    Attributes:
        broken: Dict of key to reason, for every picture that could not be read.
        error: Exception that ended the reading, or None. TensorFlow wraps exceptions of the Python code it calls in long ones
            of its own; this is the short one.
    """

    def __init__(self) -> None:
        self.broken: dict[str, str] = {}
        self.error: Exception | None = None
        self._seen: set[int] = set()
        self._gray: set[int] = set()
        self._lock = threading.Lock()

    @property
    def seen(self) -> int:
        """Number of pictures that were looked at."""
        return len(self._seen)

    @property
    def gray(self) -> int:
        """Number of grey pictures that were left out."""
        return len(self._gray)

    def add(self, key: str, *, gray: bool = False, broken: str | None = None) -> None:
        """Counts one picture. Many threads may call it.

        Args:
            key: Key of the picture.
            gray: Whether it was left out because it is grey.
            broken: Reason why it could not be read, or None.
        """
        with self._lock:
            self._seen.add(hash(key))
            if gray:
                self._gray.add(hash(key))
            if broken is not None:
                self.broken[key] = broken

    def check(self, total: int, max_broken: float) -> None:
        """Raises ValueError, and keeps it as `error`, if too many pictures are broken.

        Too many is three or more, and more than the share `max_broken` of the pictures that were seen. The first ones may be
        bad by chance, so the share is taken of at least 1,000 pictures, or of all if there are fewer.

        Args:
            total: Integer. Number of pictures there are.
            max_broken: Number in [0, 1]. Largest share of broken pictures.
        """
        with self._lock:
            allowed = max(2.0, max_broken * max(len(self._seen), min(total, _SAMPLE)))
            if len(self.broken) <= allowed:
                return
            first = "; ".join(f"{key} ({reason})" for key, reason in sorted(self.broken.items())[:3])
            self.error = ValueError(
                f"Expected no more than {max_broken:.0%} broken pictures. Received: {len(self.broken):,} of "
                f"{len(self._seen):,} so far. The first: {first}. Mend or remove them, or allow more (`max_broken`)"
            )
        raise self.error

    def check_end(self) -> None:
        """Raises ValueError, and keeps it as `error`, if none of the pictures that were seen could be used."""
        if self.seen > len(self._gray) + len(self.broken):
            return
        self.error = ValueError(f"Expected at least one picture that can be used. Received none: {self.summary()}")
        raise self.error

    def summary(self) -> str:
        """Returns one line for people: "14 pictures seen, 2 broken (a.png, b.png)"."""
        parts = [f"{counted(self.seen, 'picture')} seen"]
        if self._gray:
            parts.append(f"{self.gray:,} grey left out")
        if self.broken:
            names = ", ".join(sorted(self.broken)[:3]) + (", …" if len(self.broken) > 3 else "")
            parts.append(f"{len(self.broken):,} broken ({names})")
        return ", ".join(parts)
