"""A thread that calls functions one at a time; what somebody waits for goes first."""

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

# What goes first: a click on the page, a download, photos that wait for their colours, what can wait.
NOW, SOON, LATER, IDLE = range(4)


class Worker:
    """Runs functions on one thread, the most urgent first, equally urgent ones in order.

    >>> worker = Worker("example")
    >>> worker.submit(NOW, sum, [1, 2]).result()
    3
    >>> worker.stop(1.0)
    True

    Args:
        name: String. Name of the thread.
    """

    def __init__(self, name: str):
        self._queue: queue.PriorityQueue = queue.PriorityQueue()
        self._number = itertools.count()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, urgency: int, function: Callable, *args: Any) -> Future:
        """Asks for a function to be called.

        Args:
            urgency: Integer. `NOW`, `SOON`, `LATER` or `IDLE`.
            function: Function.
            args: Its arguments.

        Returns:
            Future of what it returns. If it is cancelled before its turn, nothing is done.
        """
        future: Future = Future()
        self._queue.put((urgency, next(self._number), future, function, args))
        return future

    def stop(self, seconds: float) -> bool:
        """Ends the thread after what it is doing. What waits is cancelled.

        Args:
            seconds: Float. How long to wait for it.

        Returns:
            Whether it has ended.
        """
        self._stopped.set()
        self._queue.put((-1, next(self._number), Future(), lambda: None, ()))  # wakes it
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self):
        while True:
            *_, future, function, args = self._queue.get()
            if self._stopped.is_set():
                future.cancel()
                break
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(function(*args))
            except BaseException as error:  # whatever it is: the next photo is another matter
                future.set_exception(error)
            del future, function, args  # a photo must not be kept while the next one is waited for
        while not self._queue.empty():
            self._queue.get()[2].cancel()
