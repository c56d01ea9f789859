"""Workers that are forked: they train, fail, are killed and end as workers that import everything do."""

import os
import signal
import subprocess
import sys
import time

import keras
import pytest
from helpers.sweeps import SMALL, command, is_gone, rows_of, toy

from kcolor.sweep import forked_worker, local_worker, scheduler
from kcolor.sweep.forked_worker import ForkedWorker, Forks, forking_is_safe
from kcolor.sweep.local_worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")

# A server whose trials do what their folder's file do.py says, and that imports nothing else.
SERVER = """
import os, pathlib, runpy
from kcolor.sweep import fork_server, train_trial
train_trial.train = lambda folder: runpy.run_path(str(folder / "do.py"))
fork_server.serve(0, 1)
"""


@pytest.fixture
def started(tmp_path, monkeypatch):
    """A function that starts a worker which runs some code."""
    monkeypatch.setattr(forked_worker, "COMMAND", command(SERVER))
    with Forks() as forks:

        def start(code, name="0001", threads=2):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "do.py").write_text(code)
            return forks.start(folder, threads)

        yield start


def ended(worker, seconds=60):
    deadline = time.monotonic() + seconds
    while (status := worker.status()) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return status


def text(worker, name="log.txt", seconds=60):
    """What a worker has written to a file, once there is something."""
    path, deadline = worker.folder / name, time.monotonic() + seconds
    while not (path.is_file() and path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.read_text()


SLEEPS = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"


def test_what_a_worker_says_is_in_its_log(started):
    worker = started("import os, sys; print(os.environ['OMP_NUM_THREADS']); print('wrong', file=sys.stderr)", threads=3)
    assert ended(worker) == 0
    assert sorted(text(worker).split()) == ["3", "wrong"]


def test_a_worker_that_fails_says_why(started):
    worker = started("raise ValueError('Expected more')")
    assert ended(worker) == 1
    assert "ValueError: Expected more" in text(worker)
    assert ended(started("import sys; sys.exit(0)", "0002")) == 1  # nothing in a trial ends it like this


def test_several_workers_run_at_a_time_and_each_is_stopped_alone(started):
    first, second, third = (started(SLEEPS, name) for name in ("0001", "0002", "0003"))
    pids = [int(text(worker)) for worker in (first, second, third)]
    assert len(set(pids)) == 3
    second.stop()
    assert second.status() == -signal.SIGKILL
    os.kill(pids[0], signal.SIGKILL)  # as the system does when memory is short
    assert ended(first) == -signal.SIGKILL
    assert third.status() is None
    assert ended(started("pass", "0004")) == 0


def test_a_server_that_is_killed_takes_its_workers_with_it_and_another_takes_its_place(started):
    worker = started(SLEEPS)
    pid = int(text(worker))
    worker.server.process.kill()
    assert ended(worker) == -signal.SIGKILL  # so that the scheduler starts it again
    assert is_gone(pid)
    worker.stop()  # does nothing, and does not wait
    assert ended(started("pass", "0002")) == 0


def test_a_server_that_cannot_import_says_why_in_the_trials_log(tmp_path, monkeypatch):
    monkeypatch.setattr(forked_worker, "COMMAND", command("import tensorflaw"))
    with Forks() as forks:
        worker = forks.start(tmp_path, 1)
        assert ended(worker) == 1
    assert "No module named 'tensorflaw'" in text(worker)


def test_workers_end_with_the_process_that_started_them(tmp_path):
    (tmp_path / "do.py").write_text(SLEEPS)
    code = f"""
import time
from kcolor.sweep import forked_worker
forked_worker.COMMAND = {command(SERVER)!r}
forked_worker.Forks().start({str(tmp_path)!r}, 1)
time.sleep(600)
"""
    parent = subprocess.Popen(command(code))
    pid = int(text(ForkedWorker(tmp_path, None, 1)))
    parent.kill()
    parent.wait()
    assert is_gone(pid)


def test_it_is_like_any_other_worker():
    assert ForkedWorker.retries == Worker.retries


def test_no_forks_where_they_are_not_safe(monkeypatch):
    monkeypatch.setattr(forked_worker, "_GPUS", (sys.executable,))  # a file that there is
    assert not forking_is_safe()
    monkeypatch.setattr(forked_worker, "_GPUS", ())
    assert forking_is_safe() == (keras.backend.backend() != "jax")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not forking_is_safe()


@pytest.mark.slow
def test_real_trials_are_forked_and_are_the_same_as_trials_that_are_not(tmp_path):
    swept = toy(tmp_path, 'recipe = "bins-shapes"\n[set]\n"train.epochs" = 1\n' + SMALL + '"model.filters" = [[4, 8], [8, 8]]')
    plain = toy(tmp_path, (tmp_path / "toy.toml").read_text())
    scheduler.run(plain, tmp_path / "plain", start=local_worker.start, say=None)
    scheduler.run(swept, tmp_path / "forked", jobs=2, threads=1, say=None)
    first, second = rows_of(plain, tmp_path / "plain"), rows_of(swept, tmp_path / "forked")
    assert [row["state"] for row in second] == ["complete"] * 2
    assert [row["val_loss"] for row in second] == pytest.approx([row["val_loss"] for row in first], rel=1e-3)
