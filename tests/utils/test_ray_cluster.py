"""Connecting to a Ray cluster."""

import sys

import pytest

from kcolor.utils import ray_cluster


def test_without_ray_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'ray\[data\]'"):
        ray_cluster.connect("auto")
