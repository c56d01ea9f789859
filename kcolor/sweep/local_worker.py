"""A process a trial: `kcolor.sweep.train_trial`, started, watched and ended."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import typing

THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
# JAX takes three quarters of a GPU's memory when it starts, TensorFlow all of it: a second worker would find none.
AS_NEEDED = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}


@dataclasses.dataclass
class Worker:
    """A running process that trains one trial.

    Args:
        folder: of the trial.
        process: of the worker.
    """

    folder: pathlib.Path
    process: subprocess.Popen
    # Of one that was killed: it goes on from its last epoch, but what eats all memory will do so again.
    retries: typing.ClassVar[int] = 1

    def status(self) -> int | None:
        """The exit status; None while it runs."""
        status = self.process.poll()
        if status is not None:
            self.process.stdin.close()
        return status

    def stop(self) -> None:
        """Ends it. What it has finished is in its folder."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()


def start(folder, threads: int) -> Worker:
    """Starts the training of a trial.

    Args:
        folder: with the trial's recipe.toml. What the worker says is added to log.txt.
        threads: how many it may use.

    Returns:
        The `Worker`. It ends when this process ends, however it ends.
    """
    folder = pathlib.Path(folder)
    environment = {**AS_NEEDED, **os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **dict.fromkeys(THREADS, str(threads))}
    with open(folder / "log.txt", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kcolor.sweep.train_trial", str(folder)],
            stdin=subprocess.PIPE,  # closed by the system when this process dies: the worker's sign to end
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl-C is for this process; it ends its workers itself
        )
    return Worker(folder, process)
