"""Kills, and what is there in the end."""

import sys

import pytest
from helpers.benchmarks import run

from benchmarks.endurance import kills, remove


def test_a_command_that_cannot_be_continued_is_found_out(tmp_path):
    """It appends a line a tenth of a second, five times: killed and begun again, it writes lines twice."""
    code = f"import time\nfor i in range(5):\n    open({str(tmp_path / 'out')!r}, 'a').write(f'{{i}}\\n'); time.sleep(0.1)"
    path = tmp_path / "out"
    finished, same, _ = kills([sys.executable, "-c", code], lambda: path.exists() and path.read_text(), lambda: remove(path), 6)
    assert finished >= 1
    assert same < finished


@pytest.mark.slow
def test_a_command_that_continues_is_not(tmp_path):
    """It writes numbers that are not there yet, a file each."""
    code = f"import pathlib, time\nfor i in range(5):\n    p = pathlib.Path({str(tmp_path)!r}) / f'{{i}}.txt'"
    code += "\n    if not p.exists():\n        time.sleep(0.1); p.touch()"

    def found():
        return sorted(path.name for path in tmp_path.glob("*.txt"))

    finished, same, length = kills([sys.executable, "-c", code], found, lambda: remove(*tmp_path.glob("*.txt")), 6)
    assert (finished, same) == (finished, finished)
    assert length > 0.5


@pytest.mark.slow
def test_endurance():
    assert "export: 2 kills" in run("endurance", "--kills", 2, "--only", "export")
