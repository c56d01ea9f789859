"""What the tests of sweeps share."""

import pytest


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    """A sweep looks at its workers every 0.02 s: those of the tests train for less than the usual pause."""
    monkeypatch.setattr("kcolor.sweep.scheduler.PAUSE", 0.02)
