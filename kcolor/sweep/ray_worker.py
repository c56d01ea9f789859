"""A worker on a Ray cluster: an actor on some node that trains one trial as `kcolor.sweep.local_worker` does here.

After every epoch the trial's files are copied back to the sweep's folder. So the nodes share nothing but the pictures. If a
node dies, only the epoch that it was training is lost, and another node continues. Each node needs kcolor with its
extra `ray`, and the pictures at the same path.
"""

import pathlib
import tempfile
import time
from collections.abc import Callable
from typing import Any, ClassVar

from kcolor.sweep import local_worker
from kcolor.utils.files import write_whole
from kcolor.utils.ray_cluster import connect
from kcolor.utils.types import PathLike

POLL_SECONDS = 2.0  # between two questions to an actor
NODE_LOST = -9  # the exit status of a trial whose node is gone: the same as of a killed process
# The files from which a trial can continue.
TO_CONTINUE = ("state.npz", "target.json", "history.csv", "model.keras", "recipe.toml", "log.txt")


def starter(address: str, gpus: float = 0.0) -> "Callable[[PathLike, int], RemoteWorker]":
    """Connects to a Ray cluster.

    Args:
        address: String. Address of a running cluster: ``auto``, ``ray://HOST:10001`` or ``HOST:6379``.
        gpus: Float. Number of GPUs of each trial, or a fraction of one.

    Returns:
        A function ``(folder, threads) -> worker``: the argument `start` of `kcolor.sweep.run`.

    Raises:
        ImportError: If Ray is not installed.
        ValueError: If there is no cluster at this address.
    """
    connect(address)
    return lambda folder, threads: RemoteWorker(folder, threads, gpus)


class RemoteWorker:
    """A trial that is trained on some node; has the methods of `kcolor.sweep.local_worker.Worker`.

    Args:
        folder: Path of the trial's folder on this machine.
        threads: Integer. Number of processors that the trial needs.
        gpus: Float. Number of GPUs that the trial needs.
    """

    retries: ClassVar[int] = 20  # losing a node says nothing about the trial

    def __init__(self, folder: PathLike, threads: int, gpus: float = 0.0):
        import ray

        self.folder = pathlib.Path(folder)
        self.polled = 0.0  # when the actor was last asked
        self.seen: dict[str, int] = {}  # when the files that are here were written
        files = {name: (self.folder / name).read_bytes() for name in _to_continue() if (self.folder / name).is_file()}
        self.actor: Any = ray.remote(TrialActor).options(num_cpus=threads, num_gpus=gpus).remote(files, threads)
        self.reply: Any = None

    def status(self) -> int | None:
        """Returns the exit status, or None while the trial runs or waits for a node. Copies new files to the folder."""
        import ray

        if self.reply is None:
            if time.monotonic() - self.polled < POLL_SECONDS:
                return None
            self.polled, self.reply = time.monotonic(), self.actor.poll.remote(self.seen)
        if not ray.wait([self.reply], timeout=0)[0]:
            return None
        try:
            status, files, self.seen = ray.get(self.reply)
        except ray.exceptions.RayActorError:
            return NODE_LOST
        self.reply = None
        for name in sorted(files, key=_is_state):
            _write(self.folder / name, files[name])
        if status is not None:
            self.stop()
        return status

    def stop(self) -> None:
        """Ends the training. Other trials can then use its processors and GPUs."""
        import ray

        ray.kill(self.actor)


def _to_continue():
    """Names of the files with which a trial goes on: its own, and those of its guide, which is trained first."""
    return [*TO_CONTINUE, *(f"guide/{name}" for name in (*TO_CONTINUE, "last.keras"))]


def _is_state(name):
    """Whether a file is the one that a run writes last after an epoch: it is read first and written last, as the rest may be
    newer than it, but not older."""
    return pathlib.PurePath(name).name == "state.npz"


def _write(path: pathlib.Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda half: half.write_bytes(content))


class TrialActor:
    """A trial's folder on a node, and the process that trains there. The process ends with the actor.

    Args:
        files: Dict. The contents (bytes) of the files to start from, by name.
        threads: Integer. Number of threads that the process may use.
    """

    def __init__(self, files: dict[str, bytes], threads: int):
        self.temporary = tempfile.TemporaryDirectory(prefix="kcolor-trial-")
        self.folder = pathlib.Path(self.temporary.name)
        for name, content in files.items():
            _write(self.folder / name, content)
        self.worker = local_worker.start(self.folder, threads)

    def poll(self, seen: dict[str, int]) -> tuple[int | None, dict[str, bytes], dict[str, int]]:
        """Returns how the training stands.

        Args:
            seen: Dict. By file name the time at which the files that the caller has were written.

        Returns:
            The exit status (None while the training runs); the contents of newer files by name; by name the time at which each
            file was written.
        """
        status = self.worker.status()
        now = {path.relative_to(self.folder).as_posix(): path.stat().st_mtime_ns for path in self._files()}
        newer = sorted((name for name in now if now[name] != seen.get(name)), key=_is_state, reverse=True)
        return status, {name: (self.folder / name).read_bytes() for name in newer}, now

    def _files(self):
        return [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
