"""A worker on this machine: its environment, its log, its end."""

import pathlib
import sys
import time

from kcolor.sweep import local_worker


def test_workers_end_with_their_parent(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    worker = local_worker.start(tmp_path, threads=1)
    assert worker.process.stdin is not None
    environment = pathlib.Path(f"/proc/{worker.process.pid}/environ")
    if environment.is_file():  # on Linux
        deadline = time.monotonic() + 10
        while not environment.read_bytes() and time.monotonic() < deadline:  # the program has not begun yet
            time.sleep(0.01)
        assert "XLA_PYTHON_CLIENT_PREALLOCATE=false" in environment.read_bytes().decode().split("\0")
    worker.process.stdin.close()  # what the system does when this process dies
    assert worker.process.wait(60) == worker.status() == 3  # what `train_trial` ends with
    worker.stop()


def test_what_a_worker_says_is_in_its_log(tmp_path, monkeypatch):
    code = "import os, sys; print(os.environ['OMP_NUM_THREADS'], sys.argv[1]); print('wrong', file=sys.stderr); sys.exit(1)"
    monkeypatch.setattr(local_worker, "COMMAND", (sys.executable, "-c", code))
    (tmp_path / "log.txt").write_text("before\n")
    worker = local_worker.start(tmp_path, threads=3)
    assert worker.process.wait(60) == worker.status() == 1
    assert sorted((tmp_path / "log.txt").read_text().splitlines()) == sorted(["before", f"3 {tmp_path}", "wrong"])
