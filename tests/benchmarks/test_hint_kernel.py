"""Kernels by which hints are spread."""

import numpy as np
import pytest
from helpers.colorizers import small

from benchmarks.hint_kernel import Picture, changes_of, measured
from kcolor.hints import spread


def test_constants_are_changed_and_set_back(samples):
    picture = Picture(small(size=32).inference(), samples["hats"][:48, :64], 5)
    before = spread.BOLD
    plain, timid = (measured([picture], changes, (0, 5)) for changes in ({}, {"BOLD": 0.01}))
    assert before == spread.BOLD
    assert plain[0] == timid[0]
    assert plain[1] != timid[1]
    assert np.isfinite(plain).all()


def test_constants_are_read():
    assert changes_of("REACH=0.5,BOLD=9") == {"REACH": 0.5, "BOLD": 9.0}
    assert changes_of("") == {}
    with pytest.raises(SystemExit, match="NAME=VALUE"):
        changes_of("SPEED=1")
