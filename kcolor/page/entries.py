"""What is known of the photos that are there, for whom they are, and who wants to hear of them."""

import dataclasses
import math
import pathlib
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any

from kcolor.page.limits import Limits
from kcolor.page.messages import Refused

SETTLED = ("done", "in color", "failed")


@dataclasses.dataclass(frozen=True)
class Look:
    """What a person has chosen for a photo.

    Args:
        hints: Tuple of dicts, as files of hints have them.
        saturation: Float. Factor on the colours.
        keep_tone: Boolean. Whether the tone of a sepia print is kept.
        model: String. Name of the colorizer.
        reference: String. Key of the reference photograph; empty for none.
    """

    hints: tuple[dict[str, Any], ...] = ()
    saturation: float = 1.0
    keep_tone: bool = False
    model: str = ""
    reference: str = ""


@dataclasses.dataclass(frozen=True)
class Entry:
    """A photo that was sent. It is replaced when something of it changes.

    Args:
        id: String. Its name in addresses.
        name: String. Its file's name, with folders: a `clean` one.
        tab: String. The page that it belongs to; empty if it came from elsewhere.
        folder: Path of the folder in which its files lie.
        file: Path of what was sent.
        bytes: Integer. Size of that.
        look: `Look` that is wanted.
        painted: `Look` of the picture that is there, or None.
        status: String. "waiting", "working", "done", "in color" (the photo is in colour, nothing was made) or "failed".
        reason: String. Why there is no picture, if there is none.
        width: Integer. Of the upright photo; 0 as long as it has not been read.
        height: Integer.
        kind: String. "gray", "toned" or "color".
        sideways: Boolean. Whether it seems to lie on its side.
        recolor: Boolean. Whether to colour it although it is in colour.
        version: Integer. Counts the pictures that were painted.
        notes: Tuple of pairs: the number of a hint, and what is to be said of it.
        matches: Integer. How many places take their colour from the reference; None without one.
    """

    id: str
    name: str
    tab: str
    folder: pathlib.Path
    file: pathlib.Path
    bytes: int
    look: Look = Look()
    painted: Look | None = None
    status: str = "waiting"
    reason: str | None = None
    width: int = 0
    height: int = 0
    kind: str | None = None
    sideways: bool = False
    recolor: bool = False
    version: int = 0
    notes: tuple[tuple[int, str], ...] = ()
    matches: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns what the API says of it."""
        shown = ("id", "name", "status", "reason", "width", "height", "kind", "sideways", "version", "matches")
        notes = [{"hint": number, "note": note} for number, note in self.notes]
        return {name: getattr(self, name) for name in shown} | dataclasses.asdict(self.look) | {"notes": notes}


class Entries:
    """All photos that are there. Any thread may call it.

    Args:
        limits: `Limits`.
    """

    def __init__(self, limits: Limits):
        self._limits = limits
        self._changed = threading.Condition()
        self._found: dict[str, Entry] = {}
        self._listeners: dict[str, list[queue.SimpleQueue]] = {}
        self._away: dict[str, float] = {}  # pages that were closed, and when
        self._pages: set[str] = set()  # those that have ever listened: a script's album is no page that could be closed

    def add(self, entry: Entry) -> None:
        """Adds a photo.

        Raises:
            Refused: If there are too many.
        """
        with self._changed:
            self.check_room(entry.bytes)
            self._found[entry.id] = entry
            self._tell(entry.tab, "photo", entry.as_json())

    def check_room(self, more: int, photo: bool = True) -> None:
        """Raises Refused unless another file has room.

        Args:
            more: Integer. Its bytes.
            photo: Boolean. Whether it is a photo of its own, not a reference for one.
        """
        with self._changed:
            if photo and len(self._found) >= self._limits.photos:
                raise Refused(507, f"Expected at most {self._limits.photos:,} photos at a time. Remove some")
            if sum(entry.bytes for entry in self._found.values()) + more > self._limits.total_bytes:
                raise Refused(507, f"Expected at most {self._limits.total_bytes / 1e9:.0f} GB at a time. Remove some photos")

    def get(self, id: str) -> Entry:
        """Returns a photo.

        Raises:
            Refused: If there is none of this id.
        """
        with self._changed:
            if id not in self._found:
                raise Refused(404, f"There is no photo {id}. It was removed, or its page was closed")
            return self._found[id]

    def change(self, id: str, **changes: Any) -> Entry | None:
        """Changes something of a photo, and tells who listens.

        Returns:
            The changed `Entry`, or None if the photo was removed meanwhile.
        """
        with self._changed:
            if id not in self._found:
                return None
            self._found[id] = entry = dataclasses.replace(self._found[id], **changes)
            self._tell(entry.tab, "photo", entry.as_json())
            self._changed.notify_all()
            return entry

    def take_back(self, id: str, look: Look) -> None:
        """Lets a photo be wanted as it is painted, if a look that could not be painted is still the one that is wanted."""
        with self._changed:
            entry = self._found.get(id)
            if entry is not None and entry.look == look and entry.painted is not None:
                self.change(id, look=entry.painted)

    def remove(self, id: str) -> None:
        """Removes a photo and its files. Nothing happens if it is gone already."""
        with self._changed:
            entry = self._found.pop(id, None)
            self._changed.notify_all()
        if entry is not None:
            shutil.rmtree(entry.folder, ignore_errors=True)
            self._tell(entry.tab, "removed", {"id": id})

    def of(self, tab: str) -> list[Entry]:
        """Returns the photos of a page, in the order in which they came."""
        with self._changed:
            return [entry for entry in self._found.values() if entry.tab == tab]

    def settled(self, id: str, seconds: float) -> Entry:
        """Waits until a photo is coloured, or is known not to be.

        Returns:
            The `Entry`, perhaps still waiting when the time is over.

        Raises:
            Refused: If it was removed.
        """
        with self._changed:
            self._changed.wait_for(lambda: id not in self._found or self._found[id].status in SETTLED, seconds)
            return self.get(id)

    def listen(self, tab: str) -> queue.SimpleQueue:
        """Returns a queue that gets pairs of an event's name and its content from now on."""
        with self._changed:
            heard: queue.SimpleQueue = queue.SimpleQueue()
            self._listeners.setdefault(tab, []).append(heard)
            self._away.pop(tab, None)
            self._pages.add(tab)
            return heard

    def is_away(self, tab: str) -> bool:
        """Returns whether a page has been closed, or reloads just now."""
        with self._changed:
            return tab in self._away

    def hang_up(self, tab: str, heard: queue.SimpleQueue) -> None:
        """Ends a queue of `listen`. If it was its page's last, the page's photos are removed some time later."""
        with self._changed:
            self._listeners[tab].remove(heard)
            if self._listeners[tab] or not tab:
                return
            del self._listeners[tab]
            if tab not in self._pages:
                return
            self._away[tab] = time.monotonic()
        later = threading.Timer(self._limits.tab_seconds, self._leave, [tab])
        later.daemon = True
        later.start()

    def kept(self, tab: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yields what is sent to a page, whose photos stay meanwhile, also if the page is closed."""
        deaf = _Deaf()
        with self._changed:
            self._listeners.setdefault(tab, []).append(deaf)
            self._away.pop(tab, None)
        try:
            yield from pieces
        finally:
            self.hang_up(tab, deaf)

    def tell_all(self, event: str, content: Any) -> None:
        """Tells every page something."""
        with self._changed:
            for tab in self._listeners:
                self._tell(tab, event, content)

    def _leave(self, tab):
        with self._changed:
            since = time.monotonic() - self._away.get(tab, math.inf)
            if since < 0.9 * self._limits.tab_seconds:  # it is there again, or was meanwhile
                return
            del self._away[tab]
            left = self.of(tab)
        for entry in left:
            self.remove(entry.id)

    def _tell(self, tab, event, content):
        with self._changed:
            for heard in self._listeners.get(tab, ()):
                heard.put((event, content))


class _Deaf(queue.SimpleQueue):
    """A listener that keeps nothing of what it is told."""

    def put(self, *told, **options):
        pass


def new_id() -> str:
    """Returns a new id for a photo, which cannot be guessed."""
    return secrets.token_hex(8)
