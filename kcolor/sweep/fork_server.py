"""Forks a process for each trial: ``python -m kcolor.sweep.fork_server``, as `kcolor.sweep.forked_worker` starts it.

Importing TensorFlow takes as long as training a small network. This process imports once all that a trial needs, computes
nothing itself, and forks a process that begins to train at once. Each trial still has a process of its own.

It reads lines of JSON, ``["start", NUMBER, FOLDER]`` and ``["stop", NUMBER]``, and answers with ``[NUMBER, STATUS]`` when the
process of a trial has ended. When its input is closed it ends, and its trials with it.
"""

import json
import os
import pathlib
import select
import signal
import sys
import threading
import time
import traceback

from kcolor.sweep import train_trial

_PAUSE = 0.1  # seconds between two looks at the trials
_ORPHAN = 3  # the exit status of a trial whose server is gone, as of one whose sweep is gone


def serve(commands: int, answers: int) -> None:
    """Forks trials until there are no more commands.

    Args:
        commands: File descriptor to read from.
        answers: File descriptor to write to.
    """
    running: dict[int, int] = {}  # from a process to the number of its trial
    rest = b""
    while True:
        if select.select([commands], [], [], _PAUSE if running else None)[0]:
            read = os.read(commands, 1 << 16)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                _obey(json.loads(line), running)
        for pid in list(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                answer = [running.pop(pid), os.waitstatus_to_exitcode(status)]
                os.write(answers, json.dumps(answer).encode() + b"\n")
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _obey(command, running):
    word, number, *folder = command
    if word == "stop":
        for pid in [pid for pid, other in running.items() if other == number]:
            os.kill(pid, signal.SIGKILL)
        return
    server = os.getpid()
    pid = os.fork()
    if pid:
        running[pid] = number
    else:
        _train(pathlib.Path(*folder), server)


def _train(folder, server):
    """Trains one trial in this process, which is new, and ends it."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.dup2(log, 1)
        os.dup2(log, 2)
        threading.Thread(target=_end_with, args=[server], daemon=True).start()
        train_trial.train(folder)
        status = 0
    except BaseException:  # whatever it is, this process must not go on as a second server
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _end_with(server):
    while os.getppid() == server:
        time.sleep(_PAUSE)
    os._exit(_ORPHAN)


def _import_all():
    """Imports what a trial uses. Nothing may be computed: a process forked from one that has threads may wait for ever."""
    from kcolor.recipes import build  # noqa: F401
    from kcolor.saving import safe_loading  # noqa: F401
    from kcolor.sweep import network_cost  # noqa: F401
    from kcolor.training import train  # noqa: F401


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(2, 1)  # what imports print is no answer
    _import_all()
    serve(0, answers)
