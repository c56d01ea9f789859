"""Reading ahead and writing behind: order, errors, and an early end."""

import threading
import time

import pytest

from kcolor.video.threads import Behind, ahead


def test_items_come_in_order_and_errors_where_they_happen():
    def items():
        yield from range(5)
        raise OSError("torn")

    reading = ahead(items(), 2)
    assert [next(reading) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match="torn"):
        next(reading)


def test_who_reads_ahead_stops_when_nobody_wants_more():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    reading = ahead(endless(), 3)
    next(reading)
    reading.close()
    assert closed.wait(2)


def test_all_is_written_before_the_end():
    found = []
    with Behind(lambda item: (time.sleep(0.01), found.append(item)), 2) as behind:
        for item in range(6):
            behind(item)
    assert found == list(range(6))


def test_an_error_of_the_writer_reaches_the_caller():
    def fail(item):
        raise OSError("the disk is full")

    def write():
        with Behind(fail, 1) as behind:
            for item in range(100):
                behind(item)

    with pytest.raises(OSError, match="full"):
        write()


def test_after_an_error_of_the_caller_nothing_more_is_written():
    found = []

    def write():
        with Behind(lambda item: (time.sleep(0.05), found.append(item)), 50) as behind:
            for item in range(40):
                behind(item)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert len(found) < 40
