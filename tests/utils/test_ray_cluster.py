"""Connecting to a Ray cluster."""

import socket
import sys
import time
import types

import pytest

from kcolor.utils import ray_cluster


def test_without_ray_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'ray\[data\]'"):
        ray_cluster.connect("auto")


@pytest.fixture
def ray(monkeypatch):
    """Ray that counts how often somebody connects: the real one would start a cluster, or wait for minutes."""
    made = types.SimpleNamespace(asked=[], is_initialized=lambda: False)
    made.init = lambda address, **options: made.asked.append(address)
    monkeypatch.setitem(sys.modules, "ray", made)
    return made


@pytest.mark.parametrize("address", ["ray://127.0.0.1:{}", "127.0.0.1:{}", "localhost:{}/"])
def test_a_wrong_address_is_said_at_once(ray, address):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # without listening: nobody answers, and nobody else gets the port meanwhile
        address, began = address.format(taken.getsockname()[1]), time.monotonic()
        with pytest.raises(ValueError, match="Nothing answers at"):
            ray_cluster.connect(address)
    assert time.monotonic() - began < 5
    assert ray.asked == []


def test_a_port_that_cannot_be_is_no_address(ray):
    with pytest.raises(ValueError, match="Nothing answers at 'localhost:70000'"):
        ray_cluster.connect("localhost:70000")


def test_where_somebody_answers_ray_is_asked(ray):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"ray://127.0.0.1:{server.getsockname()[1]}"
        ray_cluster.connect(address)
    ray_cluster.connect("auto")
    assert ray.asked == [address, "auto"]
