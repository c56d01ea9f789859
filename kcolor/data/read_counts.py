"""What was read, what was left out, and when too much of it is broken."""

import threading

_SAMPLE = 1000  # pictures after which the share of broken ones is trusted, though there are more to come


class ReadCounts:
    """Counts what was seen, and names what could not be read. Pictures count once, however many epochs there are.

    Attributes:
        gray: number of grey pictures that were left out.
        broken: why each unreadable picture is, by its key.
        error: what ended the reading, if anything did. TensorFlow wraps the errors of Python code it calls in long ones of its
            own; this is the one to show.
    """

    def __init__(self):
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
        return len(self._gray)

    def add(self, key: str, *, gray: bool = False, broken: str | None = None) -> None:
        """Counts one picture: used, left out because it is grey, or broken, for the reason given. For many threads."""
        with self._lock:
            self._seen.add(hash(key))
            if gray:
                self._gray.add(hash(key))
            if broken is not None:
                self.broken[key] = broken

    def check(self, total: int, max_broken: float) -> None:
        """Raises `ValueError`, and keeps it as `error`, if too many pictures are broken.

        Too many is more than the share `max_broken` of those seen, and three at least. The first of many may all be bad by
        chance, so the share is taken of 1,000 at least, or of all there are.
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
        """Raises `ValueError`, and keeps it as `error`, if nothing of all that was seen could be used."""
        if self.seen > len(self._gray) + len(self.broken):
            return
        self.error = ValueError(f"Expected at least one picture that can be used. Received none: {self.summary()}")
        raise self.error

    def summary(self) -> str:
        """One line for people."""
        parts = [f"{self.seen:,} picture{'' if self.seen == 1 else 's'} seen"]
        if self._gray:
            parts.append(f"{self.gray:,} grey left out")
        if self.broken:
            names = ", ".join(sorted(self.broken)[:3]) + (", …" if len(self.broken) > 3 else "")
            parts.append(f"{len(self.broken):,} broken ({names})")
        return ", ".join(parts)
