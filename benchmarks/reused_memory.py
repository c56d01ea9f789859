"""What reusing memory brings to training: ``python -m benchmarks.reused_memory --data DIR [--recipe photo] [--rounds 2]``.

Two sides take turns, each a new process that trains a recipe with weights of chance: *fresh* leaves memory to the C library (by
telling it what it does anyway, which `kcolor.utils.memory.reuse_memory` respects), *reused* is a run as it is. Printed are
seconds a step (of all epochs but the first, in which everything is compiled), the page faults of the whole run, the share of
processor time that the system takes, and the most memory that was held.
"""

import argparse
import functools
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from benchmarks import timing
from kcolor import recipes
from kcolor.training import history
from kcolor.training.warm_start import weights_of

SIDES = {"fresh": {"MALLOC_ARENA_MAX": str(8 * (os.cpu_count() or 1))}, "reused": {}}


def train(command: list[str], environment: dict[str, str], steps: int) -> dict[str, float]:
    """Trains in a new process; returns what was measured."""
    with tempfile.TemporaryDirectory() as out:
        whole = {**os.environ, **environment, "TF_CPP_MIN_LOG_LEVEL": "3"}
        with subprocess.Popen(
            [*command, "--out", out], env=whole, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as run:
            said = run.stderr.read()
            _, status, used = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise RuntimeError(f"exit status {run.returncode}: {said}")
        seconds = history.read(pathlib.Path(out) / "history.csv")["seconds"][1:]
    return {
        "step": statistics.median(seconds) / steps,
        "faults": used.ru_minflt,
        "system": used.ru_stime / (used.ru_stime + used.ru_utime),
        "peak": used.ru_maxrss / 1024,
    }


def command_of(recipe: str, data: str, changes: list[str], epochs: int, steps: int) -> list[str]:
    """Returns the command that trains a recipe for some short epochs, without validation."""
    short = [f"train.steps={steps}", f"train.samples_every={epochs}", "train.measure_limit=64"]
    changes = [*changes, *short, "data.val=0.0", "train.monitor=loss"]
    if weights_of(recipes.load(recipe)) is not None:
        changes.append("model.weights=random")
    options = [part for change in changes for part in ("--set", change)]
    return [sys.executable, "-m", "kcolor", "train", recipe, "--data", data, "--epochs", str(epochs), *options]


def main(argv: list[str] | None = None) -> None:
    """Prints the table.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, metavar="DIR", help="pictures to train on")
    parser.add_argument("--recipe", default="photo", help="(default: %(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change the recipe")
    parser.add_argument("--epochs", type=int, default=4, help="(default: %(default)s)")
    parser.add_argument("--steps", type=int, default=10, help="an epoch (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="(default: %(default)s)")
    args = parser.parse_args(argv)
    command = command_of(args.recipe, args.data, args.set, args.epochs, args.steps)
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}

    def turn(side):
        found[side].append(train(command, SIDES[side], args.steps))

    timing.alternate({side: functools.partial(turn, side) for side in SIDES}, rounds=args.rounds, seconds=0, warm=0)
    print(timing.machine(), f"{args.recipe}, {args.epochs} epochs of {args.steps} steps", sep="\n")
    rows = []
    for side, runs in found.items():
        middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        faster = timing.ratio([run["step"] for run in runs], [run["step"] for run in found["fresh"]])
        numbers = f"{middle['step']:.2f}", f"{faster:.2f}", f"{middle['faults']:,.0f}", f"{100 * middle['system']:.0f} %"
        rows.append((side, *numbers, f"{middle['peak']:,.0f}"))
    print(timing.table(rows, ("memory", "s a step", "× fresh", "page faults", "of the system", "peak, MB")))


if __name__ == "__main__":
    main()
