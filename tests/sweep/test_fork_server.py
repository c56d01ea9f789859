"""The process that forks trials: what it is told, what it answers, and how it ends."""

import json
import subprocess
import sys
import time

import pytest
from helpers.sweeps import command, is_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")

# Its trials end with the status that their folder's file says, or sleep.
SERVER = """
import os, time
from kcolor.sweep import fork_server, train_trial

def train(folder):
    word = (folder / "do").read_text()
    if word == "sleep":
        (folder / "pid").write_text(str(os.getpid()))
        time.sleep(600)
    if word == "fail":
        raise MemoryError

train_trial.train = train
fork_server.serve(0, 1)
"""


@pytest.fixture
def server():
    with subprocess.Popen(command(SERVER), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def folder(path, word):
    path.mkdir()
    (path / "do").write_text(word)
    return str(path)


def say(server, *commands):
    server.stdin.write("".join(json.dumps(one) + "\n" for one in commands))  # several in one piece
    server.stdin.flush()


def pid_of(path):
    deadline = time.monotonic() + 60
    while not (path / "pid").is_file() and time.monotonic() < deadline:
        time.sleep(0.02)
    return int((path / "pid").read_text())


def test_it_answers_with_the_status_of_every_trial(server, tmp_path):
    words = ["well", "fail", "sleep"]
    say(server, *(["start", number, folder(tmp_path / word, word)] for number, word in enumerate(words)))
    assert dict(json.loads(server.stdout.readline()) for _ in range(2)) == {0: 0, 1: 1}
    say(server, ["stop", 2], ["stop", 7])  # there is no 7
    assert json.loads(server.stdout.readline()) == [2, -9]


def test_it_ends_with_its_commands_and_its_trials_with_it(server, tmp_path):
    say(server, ["start", 1, folder(tmp_path / "a", "sleep")])
    trial = pid_of(tmp_path / "a")
    server.stdin.close()
    assert server.wait(60) == 0
    assert is_gone(trial)
