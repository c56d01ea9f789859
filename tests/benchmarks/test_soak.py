"""Whether memory grows with time."""

import sys

import pytest
from helpers.benchmarks import run

from benchmarks.soak import early_and_late, watched


def test_what_grows_is_found_out():
    code = "import time\nkept = []\nfor i in range(8):\n    kept.append(bytearray(30_000_000))\n"
    code += "    kept.append(open('/dev/null')); print(i + 1, flush=True); time.sleep(0.5)"
    looks, seconds = watched([sys.executable, "-c", code], lambda text: int((text.split() or [0])[-1]), 8)
    assert seconds > 3
    assert max(look[1] for look in looks) - looks[0][1] > 100  # the last look may be at a process that ends
    assert looks[-1][2] > looks[0][2] + 3


def test_what_fails_is_told():
    with pytest.raises(RuntimeError, match="(?s)exit status 1: .*ZeroDivisionError"):
        watched([sys.executable, "-c", "1 / 0"], lambda text: 0, 1)


def test_early_is_not_the_very_beginning():
    looks = [(number, 100.0 if number < 10 else 500.0 + number / 100, 7) for number in range(1000)]
    (memory, files), (late, _) = early_and_late(looks, 1000)
    assert 500 < memory < 501
    assert 509 < late < 510
    assert files == 7


def test_what_comes_after_the_work_does_not_count():
    looks = [(number, 500.0, 7) for number in range(1000)] + [(1000, 900.0, 3)] * 20
    assert early_and_late(looks, 1000) == ((500.0, 7), (500.0, 7))
    assert early_and_late([(0, 500.0, 7), (2, 900.0, 3)], 2)[0][0] == 700  # nothing was seen between first and last piece


@pytest.mark.slow
def test_each_kind():
    lines = run("soak", "--photos", 100, "--epochs", 8, "--trials", 2).splitlines()
    assert [line.split(":")[0] for line in lines] == ["photos", "epochs", "trials"]
