"""How long a photograph takes, file to file."""

import pytest
from helpers.benchmarks import TENSORFLOW, run


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="the same on every backend")
def test_colorize():
    printed = run("colorize", "--quick", "--rounds", "1", "--model", "shapes")
    rows = [line.split() for line in printed.splitlines() if line.strip().startswith("0.1")]
    assert [row[1] for row in rows] == ["kcolor", "by", "floor"]
