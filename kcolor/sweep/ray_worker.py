"""Trials on a Ray cluster: each is an actor on some node, which trains it as it would be trained here.

After every epoch the trial's files come back to the sweep's folder, so nothing but the pictures has to be shared: a node that
dies costs the epoch it was in, and another one goes on. Each node needs kcolor[ray] and the pictures at the same path.
"""

import pathlib
import tempfile
import time

from kcolor.sweep import local_worker
from kcolor.utils.files import write_whole

LOOK = 2.0  # seconds between looks at a trial
LOST = -9  # the status of a trial whose node is gone, as of a worker that was killed
KEPT = ("state.npz", "target.json", "history.csv", "model.keras", "recipe.toml", "log.txt")  # what a trial needs to go on


def starter(address: str, gpus: float = 0.0):
    """A function that starts trials on a cluster, for `kcolor.sweep.run`.

    Args:
        address: of a running cluster: ``auto``, ``ray://HOST:10001`` or ``HOST:6379``.
        gpus: of each trial, or a share of one.

    Returns:
        ``(folder, threads) -> worker``.

    Raises:
        ImportError: without Ray.
    """
    try:
        import ray
    except ImportError:
        raise ImportError("Ray is not installed. Install it with: pip install 'kcolor[ray]'") from None
    if not ray.is_initialized():
        try:
            ray.init(address, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, ValueError) as error:
            raise ValueError(f"Expected --ray as the address of a running cluster. Received: {address!r}. {error}") from None
    return lambda folder, threads: Distant(folder, threads, gpus)


class Distant:
    """A trial on some node; what `kcolor.sweep.workers.Worker` is here.

    Args:
        folder: of the trial, here.
        threads: how many processors it takes.
        gpus: how many GPUs.
    """

    retries = 20  # nodes may go; that says nothing of the trial

    def __init__(self, folder, threads: int, gpus: float = 0.0):
        import ray

        self.folder, self.looked, self.seen = pathlib.Path(folder), 0.0, {}
        files = {name: (self.folder / name).read_bytes() for name in KEPT if (self.folder / name).is_file()}
        self.actor = ray.remote(Site).options(num_cpus=threads, num_gpus=gpus).remote(files, threads)
        self.answer = None

    def status(self) -> int | None:
        """The exit status; None while it runs or waits for a node. Brings what is new in its folder."""
        import ray

        if self.answer is None:
            if time.monotonic() - self.looked < LOOK:
                return None
            self.looked, self.answer = time.monotonic(), self.actor.look.remote(self.seen)
        if not ray.wait([self.answer], timeout=0)[0]:
            return None
        try:
            status, files, self.seen = ray.get(self.answer)
        except ray.exceptions.RayActorError:
            return LOST
        self.answer = None
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / name, lambda half, content=content: half.write_bytes(content))
        if status is not None:
            self.stop()
        return status

    def stop(self) -> None:
        """Ends it, and gives its share of the node back."""
        import ray

        ray.kill(self.actor)


class Site:
    """A trial's folder on a node, and the process that trains there. It ends with the actor.

    Args:
        files: what the folder has: contents by name.
        threads: of the process.
    """

    def __init__(self, files: dict, threads: int):
        self.place = tempfile.TemporaryDirectory(prefix="kcolor-trial-")
        self.folder = pathlib.Path(self.place.name)
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        self.worker = local_worker.start(self.folder, threads)

    def look(self, seen: dict) -> tuple[int | None, dict, dict]:
        """The exit status, the files that are newer than the caller knows, and how new all of them are."""
        status = self.worker.status()
        now = {str(path.relative_to(self.folder)): path.stat().st_mtime_ns for path in self._files()}
        return status, {name: (self.folder / name).read_bytes() for name in now if now[name] != seen.get(name)}, now

    def _files(self):
        return [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
