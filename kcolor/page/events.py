"""What happens, told to a page as it happens (server-sent events). Whose page is closed hears nothing more, and is noticed."""

import json
import queue
from collections.abc import Callable, Iterator
from typing import Any

from kcolor.page.entries import Entries

_LOOK = 0.5  # seconds between looks at whether the page is still there
_BEATS = 30  # looks between signs of life, for what stands between


def stream(
    entries: Entries,
    tab: str,
    first: Callable[[], list[tuple[str, Any]]],
    gone: Callable[[], bool],
    begun: Callable[[], object],
) -> Iterator[bytes]:
    """Yields the events of a page until it is closed.

    Args:
        entries: `Entries` that tell what happens.
        tab: String. The page.
        first: Function that returns pairs of an event's name and its content: what the page has to know at once. It is called
            when the page already listens, so that nothing is missed between.
        gone: Function that returns whether the page is closed.
        begun: Function that is called when the page listens.
    """
    heard = entries.listen(tab)
    try:
        begun()
        for event, content in first():
            yield message(event, content)
        yield message("photos", [entry.as_json() for entry in entries.of(tab)])
        quiet = 0
        while not gone():
            try:
                yield message(*heard.get(timeout=_LOOK))
                quiet = 0
            except queue.Empty:
                quiet += 1
                if quiet % _BEATS == 0:
                    yield b":\n\n"
    finally:
        entries.hang_up(tab, heard)


def message(event: str, content: Any) -> bytes:
    r"""Returns an event as it is sent.

    >>> message("removed", {"id": "1"})
    b'event: removed\ndata: {"id": "1"}\n\n'

    Args:
        event: String. Its name.
        content: Whatever JSON can say.
    """
    return f"event: {event}\ndata: {json.dumps(content)}\n\n".encode()
