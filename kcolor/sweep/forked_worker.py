"""Workers that need not import anything: processes forked from one that has (`kcolor.sweep.fork_server`)."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import typing

import keras

from kcolor.sweep import local_worker
from kcolor.utils.types import PathLike

COMMAND = (sys.executable, "-m", "kcolor.sweep.fork_server")
_KILLED = -9  # the exit status of a trial whose server was killed: the same as of a killed process
_GPUS = "/dev/nvidiactl", "/dev/kfd", "/dev/dxg"  # of NVIDIA, of AMD, of either below Windows


def forking_is_safe() -> bool:
    """Returns whether processes can be forked from one that has imported everything.

    A GPU's driver does not survive it, JAX warns of it, and macOS and Windows cannot do it.
    """
    gpu = any(os.path.exists(device) for device in _GPUS)
    return sys.platform == "linux" and keras.backend.backend() != "jax" and not gpu


class Forks:
    """Starts workers. Use it as a context: in the end its server ends, too, and every worker that still runs.

    >>> with Forks() as forks:  # doctest: +SKIP
    ...     worker = forks.start("trials/0001", threads=2)
    """

    def __init__(self) -> None:
        self._servers: list[_Server] = []  # the last one is used; those before were killed, or have other threads

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.close()

    def start(self, folder: PathLike, threads: int) -> "ForkedWorker":
        """Starts the training of a trial in a process of its own.

        Args:
            folder: Path of the trial's folder, which has a recipe.toml. The worker's output is added to its log.txt.
            threads: Integer. Number of threads that the worker may use.

        Returns:
            The worker. It ends when this process ends, also if this process is killed.
        """
        server = self._servers[-1] if self._servers else None
        if server is None or server.threads != threads or server.process.poll() is not None:
            server = _Server(threads)
            self._servers.append(server)
        return ForkedWorker(pathlib.Path(folder), server, server.start(folder))


@dataclasses.dataclass
class ForkedWorker:
    """A process that trains one trial; has the methods of `kcolor.sweep.local_worker.Worker`.

    Args:
        folder: Path of the trial's folder.
        server: What forked the process.
        number: Integer. What the server knows it by.
    """

    folder: pathlib.Path
    server: "_Server"
    number: int
    retries: typing.ClassVar[int] = local_worker.Worker.retries

    def status(self) -> int | None:
        """Returns the exit status, or None while the process runs."""
        gone = self.server.process.poll()  # asked before the answers are read: it may end after its last one
        status = self.server.answers().get(self.number)
        if status is not None or gone is None:
            return status
        if gone > 0:  # it could not even import
            with open(self.folder / "log.txt", "ab") as log:
                log.write(self.server.errors())
        return gone if gone > 0 else _KILLED

    def stop(self) -> None:
        """Ends the process. The epochs that it finished are in its folder."""
        self.server.stop(self.number)


class _Server:
    """A process that forks workers with a number of threads."""

    def __init__(self, threads):
        self.threads, self._count = threads, 0
        self._answers, self._rest = {}, b""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed with the server
        self.process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,  # the system closes it when this process dies, and the server then ends
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=local_worker.environment(threads),
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends its workers
        )
        os.set_blocking(self.process.stdout.fileno(), False)

    def start(self, folder):
        self._count += 1
        self._say("start", self._count, str(pathlib.Path(folder).resolve()))
        return self._count

    def stop(self, number):
        self._say("stop", number)
        while number not in self.answers() and self.process.poll() is None:
            time.sleep(0.02)

    def answers(self):
        """Exit statuses of the workers that have ended, by their numbers."""
        read = self.process.stdout.read()
        *lines, self._rest = (self._rest + (read or b"")).split(b"\n")
        self._answers.update(json.loads(line) for line in lines)
        return self._answers

    def errors(self):
        self._log.seek(0)
        return self._log.read()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self._log.close()

    def _say(self, *words):
        with contextlib.suppress(BrokenPipeError):  # it is gone, which its workers' status tells
            self.process.stdin.write(json.dumps(words).encode() + b"\n")
            self.process.stdin.flush()
