"""Runs code in a process of its own."""

import os
import pathlib
import subprocess
import sys


def run_python(code, **environment):
    """Runs code in a process of its own; returns its standard output."""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def children(pid):
    """Returns the process numbers of the children of a process."""
    found = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]
