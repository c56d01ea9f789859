"""Which process is a command of kcolor, and what it keeps to itself."""

import os
import sys

import pytest

from kcolor.utils import quiet_start


@pytest.mark.parametrize(
    ("arguments", "original", "command"),
    [
        (["/usr/bin/kcolor", "list"], ["python", "/usr/bin/kcolor", "list"], True),
        (["-m", "list"], ["python", "-m", "kcolor", "list"], True),
        (["-m", "x.toml"], ["python", "-m", "kcolor.sweep", "x.toml"], True),
        (["/x/kcolor/sweep/__main__.py", "x.toml"], ["python", "-W", "error", "-m", "kcolor.sweep", "x.toml"], True),
        (["-m"], ["python", "-m", "pytest", "kcolor"], False),
        (["train.py", "-m", "kcolor"], ["python", "train.py", "-m", "kcolor"], False),
        (["train.py", "kcolor"], ["python", "train.py", "kcolor"], False),
        ([""], ["python"], False),
    ],
)
def test_commands_are_told_from_programs(monkeypatch, arguments, original, command):
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "orig_argv", original)
    assert quiet_start.is_command() == command


@pytest.mark.parametrize("command", [True, False])
def test_only_a_command_is_silent_and_only_for_a_while(monkeypatch, capfd, command):
    monkeypatch.setattr(quiet_start, "is_command", lambda: command)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet_start.quiet_if_command():
        os.write(2, b"inside")
    os.write(2, b"after")
    assert capfd.readouterr().err == ("after" if command else "insideafter")


def test_an_error_is_raised_all_the_same(monkeypatch, capfd):
    monkeypatch.setattr(quiet_start, "is_command", lambda: True)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    with pytest.raises(ImportError), quiet_start.quiet_if_command():
        raise ImportError("no backend")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"
