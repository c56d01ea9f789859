"""Starting up without a word: TensorFlow writes about itself to standard error before anybody can tell it not to.

People who run a command should see what the command has to say. Who imports kcolor into a program of their own sees all of it.
"""

import contextlib
import os
import pathlib
import sys
from collections.abc import Iterator


def is_command() -> bool:
    """Whether this process is a command of kcolor: ``kcolor …``, or ``python -m kcolor…``."""
    name = pathlib.Path(sys.argv[0]).stem if sys.argv and sys.argv[0] else ""
    module = getattr(sys.modules.get("__main__"), "__spec__", None)  # what `python -m` runs
    return name == "kcolor" or (module is not None and module.name.partition(".")[0] == "kcolor")


@contextlib.contextmanager
def quiet_if_command() -> Iterator[None]:
    """Lets nothing out on standard error while Keras's backend is imported by a command. An error is raised all the same."""
    if not is_command() or sys.stderr is None:
        yield
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # and afterwards only errors
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
