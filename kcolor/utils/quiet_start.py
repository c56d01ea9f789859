"""Starts a command quietly: TensorFlow writes about itself to standard error before anybody can tell it not to.

People who run a command should see what the command has to say. Programs that import kcolor see all of it.
"""

import contextlib
import os
import pathlib
import sys
from collections.abc import Iterator


def is_command() -> bool:
    """Returns whether this process is a command of kcolor: ``kcolor …``, or ``python -m kcolor…``."""
    name = pathlib.Path(sys.argv[0]).stem if sys.argv and sys.argv[0] else ""
    own = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1]  # without the command's arguments
    return name == "kcolor" or (len(own) > 2 and own[-2] == "-m" and own[-1].partition(".")[0] == "kcolor")


@contextlib.contextmanager
def quiet_if_command() -> Iterator[None]:
    """Silences standard error while a command imports Keras's backend. An exception is raised all the same."""
    if not is_command() or sys.stderr is None:
        yield
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # afterwards only errors
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
