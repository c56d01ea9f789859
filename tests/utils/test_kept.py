"""The last few of what is costly to make."""

import sys
import threading

from kcolor.utils.kept import keep


def test_all_stay_up_to_the_limit():
    kept = {}
    for number in range(6):
        keep(kept, number, number, 4)
        assert list(kept) == list(range(max(0, number - 3), number + 1))


def test_the_oldest_go():
    kept = {}
    assert [keep(kept, name, name.upper(), 2) for name in "abca"] == ["A", "B", "C", "A"]
    assert kept == {"c": "C", "a": "A"}


def test_the_limit_holds_with_threads():
    kept, interval = {}, sys.getswitchinterval()

    def fill(number):
        for i in range(3000):
            keep(kept, (number, i), i, 4)

    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    keep(kept, "last", 0, 4)
    assert list(kept)[-1] == "last"
    assert len(kept) == 4
