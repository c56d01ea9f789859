"""What a further hint costs."""

import numpy as np
import pytest
from helpers.benchmarks import TENSORFLOW, run

from benchmarks.hints import hints_at, levin
from kcolor.hints.hint import place


def test_levin_spreads_to_like_neighbours():
    pytest.importorskip("scipy")
    luma = np.zeros((20, 30))
    luma[:, 15:] = 1.0
    from kcolor.hints import Hint

    found = levin(luma, place([Hint(5, 10, (30.0, -10.0), radius=1)], 20, 30), np.zeros((20, 30, 2)))
    assert found[10, 5] == pytest.approx([30, -10], abs=0.1)
    assert found[3, 12] == pytest.approx([30, -10], abs=3)
    assert np.abs(found[10, 20]).max() < 3


def test_hints_lie_inside():
    assert len(place(hints_at(50), 100, 100).patches) == 50


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="one backend is enough")
def test_it_runs():
    pytest.importorskip("scipy")
    printed = run("hints", "--model", "shapes", "--rounds", 1, "--megapixels", 0.3, "--preview", 0.1)
    assert "500 hints on a picture" in printed
