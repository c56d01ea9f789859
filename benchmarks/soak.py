"""Does memory grow with time? ``python -m benchmarks.soak [--photos 100000] [--epochs 2000] [--trials 500] [--only …]``.

Each kind of work runs in a process of its own and is looked at from outside, twice a second: how far it is, how much memory it
holds, how many files it has open. Printed is what it held early (after the first hundredth of the work, when everything has
been compiled) and in the end; both are medians of several looks, since memory goes up and down between two garbage collections.

- photos: one `colorize_files` over generated photos of 64×48.
- epochs: one training of a toy, with validation and a checkpoint every epoch.
- trials: one sweep of a toy. Every trial is a process of its own; looked at is the process that starts them.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from benchmarks.growth import fill, small_photo

ROOT = pathlib.Path(__file__).parents[1]
_LOOKS = 9  # whose median counts

_PHOTOS = """
import sys
from kcolor.photo_files.colorize_files import each_outcome
for outcome in each_outcome(sys.argv[1], sys.argv[2], "shapes", recursive=True):
    assert outcome.status == "done", outcome
    if outcome.number % 10 == 0:
        print(outcome.number, flush=True)
"""
_SWEEP = """
recipe = "bins-shapes"
[set]
"train.epochs" = 1
"data.train_limit" = 16
"data.val_limit" = 8
"train.measure_limit" = 8
"model.filters" = [2, 4]
[grid]
"train.seed" = {seeds}
"""


def watched(command: list[str], done: Callable[[str], int], total: int) -> tuple[list[tuple[int, float, int]], float]:
    """Runs a command and looks at it until it ends.

    Args:
        command: List of strings. The command line.
        done: Function of the text that the command has printed; returns how much of the work is done.
        total: Integer. How much there is.

    Returns:
        A list with (done, megabytes, open files) of each look, and the seconds that it took.

    Raises:
        RuntimeError: If the command fails, or ends before all is done.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    looks, began = [], time.monotonic()
    with tempfile.NamedTemporaryFile("r") as said:
        with open(said.name, "w") as output:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            time.sleep(0.5)
            found = _look(process.pid)
            if found is not None:
                looks.append((done(_tail(said.name)), *found))
        seconds, text = time.monotonic() - began, _tail(said.name)
    if process.returncode or done(text) != total:
        raise RuntimeError(f"exit status {process.returncode}: {text}")
    return looks, seconds


def _look(pid):
    """The memory of a process in megabytes, and the number of files that it has open; None if it has just ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        (memory,) = (int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        return memory / 1024, len(os.listdir(f"/proc/{pid}/fd"))
    except (OSError, ValueError):
        return None


def _tail(path):
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 4000))
        return file.read().decode(errors="replace")


def early_and_late(looks: list[tuple[int, float, int]], total: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Returns (megabytes, open files) after the first hundredth of the work and before its last piece is done.

    What comes after that does not count: a sweep draws its report then, and holds what drawing needs.

    >>> early_and_late([(0, 1.0, 3), (2, 50.0, 9), (50, 51.0, 9), (99, 52.0, 9), (100, 90.0, 4)], 100)
    ((51.0, 9), (51.0, 9))
    """
    steady = [look for look in looks if total <= look[0] * 100 and look[0] < total] or looks  # all, of a few quick pieces
    return tuple(
        tuple(statistics.median(look[place] for look in part) for place in (1, 2))
        for part in (steady[:_LOOKS], steady[-_LOOKS:])
    )


def photos(folder: pathlib.Path, count: int) -> tuple[list[str], Callable[[str], int]]:
    """Photographs in one process."""
    fill(folder / "photos", count, small_photo())
    command = [sys.executable, "-c", _PHOTOS, str(folder / "photos"), str(folder / "out")]
    return command, lambda text: max((int(line) for line in text.split("\n")[1:-1] if line.isdigit()), default=0)


def epochs(folder: pathlib.Path, count: int) -> tuple[list[str], Callable[[str], int]]:
    """Epochs of one training."""
    changes = [
        "data.train_limit=16",
        "data.val_limit=8",
        "train.measure_limit=8",
        "model.filters=[2,4]",
        f"train.epochs={count}",
    ]
    options = [part for change in [*changes, "train.samples_every=50"] for part in ("--set", change)]
    command = [sys.executable, "-m", "kcolor", "train", "bins-shapes", "--out", str(folder / "run"), *options]
    return command, lambda text: _last(text, "epoch ", f"/{count}")


def trials(folder: pathlib.Path, count: int) -> tuple[list[str], Callable[[str], int]]:
    """Trials of one sweep, two at a time."""
    (folder / "soak.toml").write_text(_SWEEP.format(seeds=list(range(count))))
    command = [sys.executable, "-m", "kcolor.sweep", str(folder / "soak.toml"), "--out", str(folder / "sweep"), "--jobs", "2"]
    return command, lambda _: len(list((folder / "sweep" / "trials").glob("*/result.json")))


def _last(text, before, after):
    """The last number that stands between two texts."""
    found = [line.partition(before)[2].partition(after)[0] for line in text.splitlines() if before in line and after in line]
    return max((int(number) for number in found if number.isdigit()), default=0)


KINDS = {"photos": (photos, 100_000), "epochs": (epochs, 2000), "trials": (trials, 500)}


def main(argv: list[str] | None = None) -> None:
    """Prints what was held.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, (_, count) in KINDS.items():
        parser.add_argument(f"--{name}", type=int, default=count, help="(default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=list(KINDS), default=list(KINDS))
    args = parser.parse_args(argv)
    for name in args.only:
        total = getattr(args, name)
        with tempfile.TemporaryDirectory() as folder:
            looks, seconds = watched(*KINDS[name][0](pathlib.Path(folder), total), total)
        (memory, handles), (memory_late, handles_late) = early_and_late(looks, total)
        grown = f"{100 * (memory_late / memory - 1):+.1f} %"
        held = f"{memory:,.0f} MB early, {memory_late:,.0f} MB in the end ({grown})"
        print(f"{name}: {total:,} in {seconds:,.0f} s; {held}; open files {handles:g}, {handles_late:g}", flush=True)


if __name__ == "__main__":
    main()
