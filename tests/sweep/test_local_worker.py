"""A worker on this machine: its environment, its log, its end."""

import pathlib

from kcolor.sweep import local_worker


def test_workers_end_with_their_parent(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    worker = local_worker.start(tmp_path, threads=1)
    assert worker.process.stdin is not None
    environment = pathlib.Path(f"/proc/{worker.process.pid}/environ")
    if environment.is_file():  # on Linux
        assert "XLA_PYTHON_CLIENT_PREALLOCATE=false" in environment.read_bytes().decode().split("\0")
    worker.process.stdin.close()  # what the system does when this process dies
    assert worker.process.wait(60) != 0
    assert worker.status() is not None
    worker.stop()


def test_a_worker_s_error_is_in_its_log(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    worker = local_worker.start(tmp_path, threads=1)
    assert worker.process.wait(120) == worker.status() == 1
    assert "TOML" in (tmp_path / "log.txt").read_text()
