"""How many processors there are for this process."""

import os

import pytest

from kcolor.utils import processors


def test_a_process_may_use_fewer_processors_than_there_are(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert processors.cpus() == 2


@pytest.mark.parametrize(("known", "expected"), [(8, 8), (None, 1)])
def test_where_nobody_says_so_all_are_counted(monkeypatch, known, expected):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: known)
    assert processors.cpus() == expected
