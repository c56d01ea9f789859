"""Runs benchmarks in processes of their own."""

import os
import pathlib
import subprocess
import sys

import keras

ROOT = pathlib.Path(__file__).parents[2]
TENSORFLOW = keras.backend.backend() == "tensorflow"


def finished(name, *arguments):
    """Runs ``python -m benchmarks.NAME``; returns the finished process."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)


def run(name, *arguments):
    """Returns what ``python -m benchmarks.NAME`` prints."""
    result = finished(name, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout
