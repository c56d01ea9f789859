"""One thing at a time, the most urgent first."""

import threading

import pytest

from kcolor.page import worker
from kcolor.page.worker import Worker


def test_urgent_things_go_first_and_others_in_order():
    one, begun, done = Worker("test"), threading.Event(), []
    gate = threading.Event()
    one.submit(worker.NOW, lambda: (begun.set(), gate.wait(10)))
    begun.wait(10)
    for urgency in (worker.IDLE, worker.LATER, worker.NOW, worker.LATER):
        last = one.submit(urgency, lambda urgency=urgency: done.append(urgency))
    cancelled = one.submit(worker.NOW, lambda: done.append("cancelled"))
    assert cancelled.cancel()
    gate.set()
    last.result(10)
    one.submit(worker.IDLE, lambda: None).result(10)
    assert done == [worker.NOW, worker.LATER, worker.LATER, worker.IDLE]
    assert one.stop(10)


def test_an_error_ends_nothing():
    one = Worker("test")
    with pytest.raises(ZeroDivisionError):
        one.submit(worker.NOW, lambda: 1 / 0).result(10)
    with pytest.raises(SystemExit):
        one.submit(worker.NOW, exit).result(10)
    assert one.submit(worker.NOW, lambda: 3).result(10) == 3
    assert one.stop(10)


def test_what_waits_at_the_end_is_cancelled():
    one, begun, gate = Worker("test"), threading.Event(), threading.Event()
    one.submit(worker.NOW, lambda: (begun.set(), gate.wait(10)))
    begun.wait(10)
    waiting = one.submit(worker.LATER, lambda: 3)
    assert not one.stop(0.01)
    gate.set()
    one._thread.join(10)
    assert waiting.cancelled()
