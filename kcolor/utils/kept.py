"""Keeping the last few of what is costly to make, in a plain dict."""

from collections.abc import Hashable, MutableMapping
from typing import TypeVar

Value = TypeVar("Value")


def keep(kept: MutableMapping[Hashable, Value], key: Hashable, value: Value, limit: int) -> Value:
    """Puts a value into a dict, and removes the oldest ones beyond a limit. Several threads may do so at once.

    >>> kept = {"a": 1, "b": 2}
    >>> keep(kept, "c", 3, limit=2), kept
    (3, {'b': 2, 'c': 3})

    Args:
        kept: Dict of what is kept so far.
        key: Key of the value.
        value: The value.
        limit: Integer. How many stay.

    Returns:
        The value.
    """
    kept[key] = value
    for old in list(kept)[: max(0, len(kept) - limit)]:
        kept.pop(old, None)  # another thread may have removed it
    return value
