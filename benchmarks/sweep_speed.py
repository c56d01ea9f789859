"""What a sweep costs beside its trainings: ``python -m benchmarks.sweep_speed [--trials 8] [--jobs 2]``.

Three sides take turns, on the same toy trials (one epoch of 256 pictures of shapes each): *loop* is the floor, one process that
trains all of them one after the other, with all threads; *imported* is a sweep each of whose trials imports everything;
*forked* is a sweep as it is, with trials forked from one process that has. Every side begins with a new process. Printed are
seconds a trial.
"""

import argparse
import functools
import json
import pathlib
import subprocess
import sys
import tempfile

from benchmarks import timing

SWEEP = """
recipe = "bins-shapes"
[set]
"train.epochs" = 1
"train.measure_limit" = 64
"data.train_limit" = 256
"data.val_limit" = 32
[grid]
"train.seed" = {seeds}
"""

LOOP = """
import json, pathlib, sys
import kcolor
from kcolor.sweep import sweep_file
swept = sweep_file.load(sys.argv[1])
for number, point in enumerate(swept.points()):
    folder = pathlib.Path(sys.argv[2]) / str(number)
    folder.mkdir(parents=True)
    (folder / "recipe.toml").write_text(swept.trial_recipe(point).to_toml())
    kcolor.train(folder / "recipe.toml", out=folder)
"""

SWEPT = """
import sys
from kcolor.sweep import local_worker, scheduler, sweep_file
start = local_worker.start if sys.argv[3] == "imported" else None
scheduler.run(sweep_file.load(sys.argv[1]), sys.argv[2], jobs=int(sys.argv[4]), start=start, say=None)
"""


def run(side: str, trials: int, jobs: int) -> None:
    """Trains the trials in one of the three ways, in a new process."""
    with tempfile.TemporaryDirectory() as temporary:
        toml, out = pathlib.Path(temporary, "toy.toml"), pathlib.Path(temporary, "out")
        toml.write_text(SWEEP.format(seeds=json.dumps(list(range(trials)))))
        code = LOOP if side == "loop" else SWEPT
        command = [sys.executable, "-c", code, str(toml), str(out), side, str(jobs)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(argv: list[str] | None = None) -> None:
    """Prints the table.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    args = parser.parse_args(argv)
    sides = {name: functools.partial(run, name, args.trials, args.jobs) for name in ("loop", "imported", "forked")}
    times = timing.alternate(sides, rounds=args.rounds, seconds=0, warm=0)
    print(timing.machine(), f"{args.trials} toy trials, {args.jobs} at a time in the sweeps", sep="\n")
    rows = []
    for name, seconds in times.items():
        each = f"{timing.median(seconds) / args.trials:.1f}"
        rows.append((name, each, f"{timing.ratio(times['loop'], seconds):.2f}", f"± {100 * timing.spread(seconds):.0f} %"))
    print(timing.table(rows, ("", "s a trial", "× loop", "")))


if __name__ == "__main__":
    main()
