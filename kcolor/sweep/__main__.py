"""The command ``python -m kcolor.sweep sweeps/NAME.toml --data … --out runs/NAME``."""

import pathlib
import sys

from kcolor.utils import console
from kcolor.utils.argument_parser import Parser


def main(argv: list[str] | None = None) -> int:
    """Runs a sweep, lists what it would do, or draws its report.

    Args:
        argv: List of arguments; by default the process's own.

    Returns:
        The exit status: 0 if every trial was trained, 1 after an error or if a trial failed.
    """
    argv = sys.argv[1:] if argv is None else argv
    parser = _parser()
    args, unknown = parser.parse_known_args(argv)
    parser.refuse(argv, unknown)
    return console.status("kcolor.sweep", lambda: _run(args), "stopped. The same command continues")


def _parser():
    parser = Parser(
        prog="python -m kcolor.sweep",
        allow_abbrev=False,
        description="Trains a grid of recipes, or searches among them. The same command continues a sweep that was stopped.",
    )
    parser.add_argument("sweep", help="the sweep's TOML file, for instance sweeps/autoencoder-cifar10.toml")
    parser.add_argument("--data", metavar="PATH", help="a folder of pictures, a zip of one, or tfds:NAME")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="the sweep's folder (default: runs/NAME)")
    parser.add_argument("--set", metavar="K=V", action="append", default=[], help="change every trial's recipe: train.epochs=3")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="trials at a time (default: 1)")
    parser.add_argument("--limit", type=int, metavar="N", help="stop after N finished trials")
    parser.add_argument("--storage", metavar="URL", help="the study: postgresql://…, journal:FILE (default: DIR/study.db)")
    parser.add_argument("--ray", metavar="ADDRESS", help="train on a Ray cluster (auto, ray://HOST:10001); needs ray[data]")
    parser.add_argument(
        "--gpus", type=float, default=0.0, metavar="N", help="GPUs of each trial on a Ray cluster, or a fraction of one"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads of each trial (default: all threads divided by jobs)")
    parser.add_argument("--dry-run", action="store_true", help="list the trials with their costs, and train nothing")
    parser.add_argument("--report-only", action="store_true", help="draw the report of the trials so far, and train nothing")
    parser.add_argument("--top", type=int, metavar="K", help="afterwards train the best K trials longer, in DIR/top/")
    parser.add_argument("--top-epochs", type=int, default=100, metavar="N", help="for --top: N epochs more (default: 100)")
    return parser


def _run(args):
    _check(args)
    # Imports stand in functions: the help, and most wrong arguments, need neither Keras nor Optuna.
    from kcolor.sweep import dry_run, sweep_file

    sweep = sweep_file.load(args.sweep, args.set, args.data)
    out = args.out or pathlib.Path("runs") / sweep.name
    if args.dry_run:
        print(dry_run.table(sweep, args.jobs))
        return 0
    if not args.report_only:
        _train(sweep, out, args)
    elif args.storage is None and not (out / "study.db").is_file():
        raise ValueError(f"There is no sweep in {out} to report. Expected {out / 'study.db'}, or --storage")
    return _report(sweep, out, args)


def _check(args):
    for option in ("jobs", "limit", "threads", "top", "top_epochs"):
        value = getattr(args, option)
        if value is not None and value < 1:
            raise ValueError(f"Expected --{option.replace('_', '-')} as 1 or more. Received: {value}")
    if not pathlib.Path(args.sweep).is_file():
        raise ValueError(f"Expected a sweep's TOML file. There is none at {args.sweep}")


def _train(sweep, out, args):
    from kcolor.sweep import ray_worker, scheduler

    if not args.ray:  # on a cluster the pictures need not be here
        sweep.base_recipe().open_pictures("train")  # raises for a wrong --data once, and not in every trial
    start = ray_worker.starter(args.ray, args.gpus) if args.ray else None
    options = {"storage": args.storage, "jobs": args.jobs, "threads": args.threads, "limit": args.limit}
    scheduler.run(sweep, out, start=start, **options)


def _report(sweep, out, args):
    from kcolor.sweep import html_report, progress, results, retrain_best, scheduler
    from kcolor.sweep import study as studies

    study = studies.open_study(sweep, args.storage or scheduler.default_storage(out))
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
