"""Small sweeps for tests: a grid of four trials, trained in milliseconds, and made-up rows of results."""

import pathlib
import sys
import time

import pytest

pytest.importorskip("optuna", reason="sweeps need Optuna")
pytest.importorskip("seaborn", reason="reports need seaborn")

from helpers.fake_worker import light
from kcolor.sweep import results, scheduler, study, sweep_file

TOY = """
recipe = "bins-shapes"
[set]
"train.epochs" = 3
[grid]
"optimizer.learning_rate" = [1e-3, 2e-3]
"model.filters" = [[4, 8], [8, 16]]
"""

# A real training that lasts seconds.
SMALL = '"data.train_limit" = 64\n"data.val_limit" = 32\n"train.measure_limit" = 64\n[grid]\n'


def toy(folder, text=TOY):
    """Writes a sweep's file to a folder, and loads it."""
    (folder / "toy.toml").write_text(text)
    return sweep_file.load(folder / "toy.toml")


def run(sweep, out, seconds=0.0, **options):
    """Runs a sweep with workers whose epochs last so many seconds; returns the lines that it prints."""
    lines = []
    scheduler.run(sweep, out, start=light(seconds), say=lines.append, **options)
    return lines


def rows_of(sweep, out):
    """Returns the rows of results of the sweep in a folder."""
    return results.collect(study.open_study(sweep, scheduler.default_storage(out)), sweep)


def made_up():
    """Returns a sweep of two axes, and rows of results that nobody trained: 6, 7, 2, 3."""
    sweep = sweep_file.Sweep(
        "made-up", "autoencoder-cifar10", grid={"model.channel_factor": [2, 4], "model.kernel_size": [3, 5]}
    )
    rows = []
    for number, point in enumerate(sweep.points()):
        value = 10.0 - 2 * point["model.channel_factor"] + (point["model.kernel_size"] == 5)
        known = {"best_epoch": 2, "parameters": 100 * (number + 1), "code_size": 2**number, "flops": 7, "seconds": 5.0 + number}
        metrics = {"val_pixel_accuracy": 1 - value / 10, "error": None, "curve": [value + 1, value]}
        rows.append({"trial": number, "state": "complete", **point, "val_loss": value, **known, **metrics})
    return sweep, rows


def command(code, *arguments):
    """Returns the command line of a process that runs code after importing what these tests use."""
    head = f"import sys\nsys.path[:0] = {[path for path in sys.path if path]!r}\n"
    return [sys.executable, "-c", head + code, *map(str, arguments)]


def is_gone(pid, seconds=60):
    """Waits for the end of a process; returns whether it has ended."""
    deadline = time.monotonic() + seconds
    while (there := pathlib.Path(f"/proc/{pid}").exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not there
