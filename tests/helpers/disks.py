"""A small disk that can be full."""

import contextlib
import subprocess

import pytest


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    """Makes a folder a disk of that size. Yields a function that mounts it otherwise. Skips where that is forbidden."""
    folder.mkdir()
    if not _mount(folder, f"size={kilobytes}k"):
        pytest.skip("needs the right to mount a file system")
    try:
        yield lambda options: _mount(folder, f"remount,{options}")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _mount(folder, options):
    try:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
