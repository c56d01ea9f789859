"""A worker on this machine: a process that trains one trial (`kcolor.sweep.train_trial`)."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import typing

from kcolor.utils.types import PathLike

COMMAND = (sys.executable, "-m", "kcolor.sweep.train_trial")  # and the trial's folder
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
# By default JAX takes three quarters of a GPU's memory when it starts, and TensorFlow all of it. Nothing would be left for a
# second worker.
MEMORY_AS_NEEDED = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}


@dataclasses.dataclass
class Worker:
    """A running process that trains one trial.

    Args:
        folder: Path of the trial's folder.
        process: The process. Its standard input is a pipe from this process.
    """

    folder: pathlib.Path
    process: subprocess.Popen
    # How often a killed worker is started again. It continues from its last epoch, but a trial that needs too much memory is
    # killed each time.
    retries: typing.ClassVar[int] = 1

    def status(self) -> int | None:
        """Returns the exit status, or None while the process runs."""
        status = self.process.poll()
        if status is not None:
            self._close_pipe()
        return status

    def stop(self) -> None:
        """Ends the process. The epochs that it finished are in its folder."""
        self.process.kill()
        self.process.wait()
        self._close_pipe()

    def _close_pipe(self):
        if self.process.stdin is not None:
            self.process.stdin.close()


def start(folder: PathLike, threads: int) -> Worker:
    """Starts the training of a trial in a process of its own.

    Args:
        folder: Path of the trial's folder, which has a recipe.toml. The worker's output is added to its log.txt.
        threads: Integer. Number of threads that the worker may use.

    Returns:
        The worker. It ends when this process ends, also if this process is killed.
    """
    folder = pathlib.Path(folder)
    with open(folder / "log.txt", "ab") as log:
        process = subprocess.Popen(
            [*COMMAND, str(folder)],
            stdin=subprocess.PIPE,  # the system closes it when this process dies, and the worker then ends
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(threads),
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends its workers
        )
    return Worker(folder, process)


def environment(threads: int) -> dict[str, str]:
    """Returns the environment variables of a worker.

    Args:
        threads: Integer. Number of threads that it may use.
    """
    return {**MEMORY_AS_NEEDED, **os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **dict.fromkeys(THREADS, str(threads))}
