"""``python -m kcolor.sweep sweeps/NAME.toml --data … --out runs/NAME``."""

import argparse
import pathlib
import sys

from kcolor.sweep import dry_run, html_report, local_worker, progress, ray_worker, results, retrain_best, scheduler, sweep_file
from kcolor.sweep import study as book
from kcolor.utils import console


def main(argv: list[str] | None = None) -> int:
    """Runs a sweep, shows what it would do, or draws its report; returns the exit status."""
    args = _parser().parse_args(argv)
    return console.status("kcolor.sweep", lambda: _run(args), "stopped. The same command goes on")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m kcolor.sweep",
        description="Trains a grid of recipes, or searches among them; the same command goes on with what was stopped.",
    )
    parser.add_argument("sweep", help="a sweep's TOML file, for instance sweeps/autoencoder-cifar10.toml")
    parser.add_argument("--data", metavar="PATH", help="a folder of pictures, a zip of one, or tfds:NAME")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="the sweep's folder (default: runs/NAME)")
    parser.add_argument("--set", metavar="K=V", action="append", default=[], help="change every trial's recipe: train.epochs=3")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="trials at a time; they share the processor's threads")
    parser.add_argument("--limit", type=int, metavar="N", help="stop after so many finished trials")
    parser.add_argument("--storage", metavar="URL", help="the study: postgresql://…, journal:FILE (default: DIR/study.db)")
    parser.add_argument("--ray", metavar="ADDRESS", help="train on a Ray cluster (auto, ray://HOST:10001); needs kcolor[ray]")
    parser.add_argument(
        "--gpus", type=float, default=0.0, metavar="N", help="of each trial on a Ray cluster, or a share of one"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="of each trial (default: the processor's, shared by the jobs)")
    parser.add_argument("--dry-run", action="store_true", help="list the trials with what they cost, and train nothing")
    parser.add_argument("--report-only", action="store_true", help="draw the report of what is there, and train nothing")
    parser.add_argument("--top", type=int, metavar="K", help="afterwards train the best K longer, into DIR/top/")
    parser.add_argument("--top-epochs", type=int, default=100, metavar="N", help="so much longer (default: %(default)s)")
    return parser


def _run(args):
    sweep = sweep_file.load(args.sweep, args.set, args.data)
    out = args.out or pathlib.Path("runs") / sweep.name
    if args.dry_run:
        print(dry_run.table(sweep, args.jobs))
        return 0
    if not args.report_only:
        if not args.ray:  # there the pictures are elsewhere
            sweep.base().open_pictures("train")  # says what is wrong with --data once, not in every trial
        start = ray_worker.starter(args.ray, args.gpus) if args.ray else local_worker.start
        options = {"storage": args.storage, "jobs": args.jobs, "threads": args.threads, "limit": args.limit}
        scheduler.run(sweep, out, start=start, **options)
    elif args.storage is None and not (out / "study.db").is_file():
        raise ValueError(f"There is no sweep in {out} to report. Expected {out / 'study.db'}, or --storage")
    study = book.open_book(sweep, args.storage or scheduler.address(out))
    rows = results.collect(study, sweep)
    if not any(row["curve"] for row in rows):
        raise ValueError(f"No trial of {sweep.name} has finished an epoch: there is nothing to report. {_first_error(rows)}")
    written = html_report.write(rows, sweep, out, progress.summary(study, sweep))
    print(f"{progress.summary(study, sweep)}\nReport: {written}")
    if args.top and not args.report_only:
        retrain_best.train_best(results.finished(rows, sweep)[: args.top], sweep, out, args.top_epochs)
    return 1 if any(row["state"] == "fail" for row in rows) else 0


def _first_error(rows):
    return next((f"The first error: {row['error']}" for row in rows if row.get("error")), "")


if __name__ == "__main__":
    sys.exit(main())
