"""Keeps Keras's backend quiet while a command starts.

TensorFlow writes about itself to standard error as soon as it is imported, before anybody can tell it not to. People who
run a command should see what the command has to say. A program that imports kcolor sees all of it.
"""

import os
import sys
from collections.abc import Callable

from kcolor.utils.import_hooks import around_import


def silence_keras_import() -> None:
    """Discards standard error while Keras is imported, whoever imports it later in this process.

    This is for commands. It does nothing if Keras is imported already. Errors are raised all the same.
    """
    if "keras" not in sys.modules:
        around_import("keras", silently)


def silently(run: Callable[[], None]) -> None:
    """Calls a function and discards what this process, C++ libraries included, writes to standard error meanwhile.

    Args:
        run: Function without arguments.
    """
    if sys.stderr is None:
        run()
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # afterwards TensorFlow only writes errors
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        run()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
