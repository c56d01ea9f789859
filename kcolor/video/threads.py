"""Work that runs beside other work: what is read ahead, and what is written behind."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")
_END = object()


def ahead(items: Iterator[_T], count: int) -> Generator[_T, None, None]:
    """Yields what an iterator yields, which runs on a thread of its own and is ahead by some items.

    >>> from kcolor.video.threads import ahead
    >>> list(ahead(iter("abc"), 2))
    ['a', 'b', 'c']

    Args:
        items: The iterator.
        count: Integer. How many items it may be ahead.
    """
    found: queue.Queue = queue.Queue(count)
    stopped = threading.Event()

    def run():
        try:
            for item in items:
                if not _put(found, item, stopped):
                    return
            _put(found, _END, stopped)
        except BaseException as error:
            _put(found, _Raised(error), stopped)
        finally:
            if hasattr(items, "close"):
                items.close()

    thread = threading.Thread(target=run, name="ahead", daemon=True)
    thread.start()
    try:
        while (item := found.get()) is not _END:
            if isinstance(item, _Raised):
                raise item.error
            yield item
    finally:
        stopped.set()
        thread.join()


class Behind(Generic[_T]):
    """Calls a function with items, one after the other, on a thread of its own.

    >>> from kcolor.video.threads import Behind
    >>> found = []
    >>> with Behind(found.append, 2) as behind:
    ...     behind("a")
    >>> found
    ['a']

    Args:
        function: The function.
        count: Integer. How many items may wait.
    """

    def __init__(self, function: Callable[[_T], object], count: int):
        self._waiting: queue.Queue = queue.Queue(count)
        self._stopped, self._error = threading.Event(), None
        self._thread = threading.Thread(target=self._run, args=(function,), name="behind", daemon=True)
        self._thread.start()

    def __call__(self, item: _T) -> None:
        """Hands an item over; raises what the function has raised for an earlier one."""
        if self._error is None:
            _put(self._waiting, item, self._stopped)
        if self._error is not None:
            raise self._error

    def __enter__(self) -> "Behind[_T]":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:  # nobody wants the rest
            self._stopped.set()
        _put(self._waiting, _END, self._stopped)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    def _run(self, function):
        while (item := _get(self._waiting, self._stopped)) is not _END:
            try:
                function(item)
            except BaseException as error:
                self._error = error
                self._stopped.set()
                return


class _Raised:
    def __init__(self, error):
        self.error = error


def _put(place, item, stopped):
    while not stopped.is_set():
        try:
            place.put(item, timeout=0.1)
            return True
        except queue.Full:
            continue
    return False


def _get(place, stopped):
    while not stopped.is_set():
        try:
            return place.get(timeout=0.1)
        except queue.Empty:
            continue
    return _END
