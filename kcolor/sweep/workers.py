"""A process a trial: ``python -m kcolor.sweep.workers FOLDER`` trains what FOLDER/recipe.toml says, in that folder."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
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
            [sys.executable, "-m", "kcolor.sweep.workers", str(folder)],
            stdin=subprocess.PIPE,  # closed by the system when this process dies: the worker's sign to end
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl-C is for this process; it ends its workers itself
        )
    return Worker(folder, process)


def train_trial(folder) -> None:
    """Trains a trial, or goes on with it, and writes what its network is like to result.json."""
    import keras

    import kcolor
    from kcolor import assembly
    from kcolor.files import write_text
    from kcolor.starting import DISCRIMINATOR
    from kcolor.sweep import cost

    folder = pathlib.Path(folder)
    _wait_for(folder)
    colorizer = kcolor.train(folder / "recipe.toml", out=folder)
    size = (colorizer.size,) * 2 if isinstance(colorizer.size, int) else tuple(colorizer.size)
    found = cost.of_network(colorizer.network, size)
    if (folder / DISCRIMINATOR).is_file():
        judge = keras.saving.load_model(folder / DISCRIMINATOR, compile=False)
        found["ratio"] = assembly.count_weights(judge) / found["parameters"]
    write_text(folder / "result.json", json.dumps(found) + "\n")


def _wait_for(folder, seconds=30.0):
    """Until nobody trains there: a sweep that was killed and at once started again may come before its old worker has ended."""
    from kcolor.files import BusyError, alone_in

    deadline = time.monotonic() + seconds
    while True:
        try:
            with alone_in(folder):
                return
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _end_with_parent():
    while os.read(0, 1):  # nothing is ever written there: this returns when the parent is gone
        pass
    os._exit(3)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    train_trial(sys.argv[1])
