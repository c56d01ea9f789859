"""The sweep as it runs: trials are claimed from the book, trained by workers, followed epoch by epoch, and written down."""

import dataclasses
import json
import pathlib
import socket
import time

from kcolor import histories
from kcolor.data.reading import cpus
from kcolor.files import alone_in, make_folder, write_text
from kcolor.recipe import to_toml
from kcolor.sweep import book, workers
from kcolor.sweep.plan import Sweep
from kcolor.sweep.progress import Progress

PAUSE = 0.5  # seconds between looks at the workers


@dataclasses.dataclass
class Running:
    """A trial that is being trained."""

    trial: object
    folder: pathlib.Path
    worker: object
    told: int = 0  # epochs that the book has heard of
    retries: int = 0


def run(
    sweep: Sweep,
    out,
    *,
    storage: str | None = None,
    jobs: int = 1,
    threads: int | None = None,
    limit: int | None = None,
    start=workers.start,
    say=print,
) -> None:
    """Runs a sweep until no trial is left. Stopped at any moment and called again, it goes on.

    Args:
        sweep: from `load`.
        out: the folder of the sweep: ``trials/NNNN/`` for each trial, and the study if it is not elsewhere.
        storage: where the study is (see `kcolor.sweep.book.open_book`); ``OUT/study.db`` by default. Several machines may work
            with one, each with a folder of its own.
        jobs: trials at a time.
        threads: of each; by default they share the processor's.
        limit: stop after so many finished trials, those of earlier calls included.
        start: ``(folder, threads) -> worker``, an object with ``status()`` and ``stop()``.
        say: where lines of text go.
    """
    if jobs < 1:
        raise ValueError(f"Expected `jobs` of 1 or more. Received: {jobs!r}")
    if limit is not None and limit < 1:
        raise ValueError(f"Expected `limit` of 1 or more, or None. Received: {limit!r}")
    out = make_folder(out)
    with alone_in(out):
        study = book.open_book(sweep, storage or address(out))
        threads = threads or max(1, cpus() // jobs)
        owner = f"{socket.gethostname()}:{out.resolve()}"
        progress = Progress(sweep, jobs, say)
        running: list[Running] = []
        try:
            _loop(
                study,
                sweep,
                out,
                owner,
                storage is None,
                jobs,
                threads or max(1, cpus() // jobs),
                limit,
                start,
                running,
                progress,
            )
        finally:
            # Not told to the book: they are this owner's still, and go on when it comes back.
            for one in running:
                one.worker.stop()
            progress.close()


def address(out) -> str:
    """Where a sweep's study is if nothing else is said."""
    return f"sqlite:///{(pathlib.Path(out) / 'study.db').resolve()}"


def trial_folder(out, number: int) -> pathlib.Path:
    """The folder of a trial."""
    return pathlib.Path(out) / "trials" / f"{number:04}"


def _loop(study, sweep, out, owner, alone, jobs, threads, limit, start, running, progress):
    waiting = book.mine(study, owner, alone=alone)
    alive = 0.0
    while True:
        if time.monotonic() - alive > book.LOST_AFTER / 10:
            alive = time.monotonic()
            book.sign_of_life(study, owner)
            for number in book.give_back_lost(study, owner):
                progress.line(f"trial {number}: whoever trained it has not been seen for a while; it is put in again")
        while len(running) < jobs and _wanted(study, limit, len(running)):
            trial = waiting.pop() if waiting else book.claim(study, sweep, owner)
            if trial is None:
                break
            running.append(_begin(trial, sweep, out, owner, threads, start))
        if not running:
            return
        time.sleep(PAUSE)
        for one in list(running):
            if _look(study, sweep, one, start, threads, progress):
                running.remove(one)
        progress.show(study, running)


def _wanted(study, limit, now):
    if limit is None:
        return True
    done = sum(trial.state == book.States.COMPLETE for trial in study.get_trials(deepcopy=False))
    return done + now < limit


def _begin(trial, sweep, out, owner, threads, start):
    point = book.point_of(sweep, trial)
    book.give(trial, owner, point)  # once more: whoever was killed after claiming it may not have said so
    folder = make_folder(trial_folder(out, trial.number))
    if not (folder / "recipe.toml").is_file():
        write_text(folder / "recipe.toml", to_toml(sweep.plan(point), f"Trial {trial.number} of {sweep.name}: {point}"))
    told = len(trial.study.trials[trial.number].intermediate_values)
    return Running(trial, folder, start(folder, threads), told)


def _look(study, sweep, one, start, threads, progress):
    """Follows one trial; true once it is over, one way or another."""
    _report(sweep, one)
    status = one.worker.status()
    if status is None:
        if sweep.prune and one.told and one.trial.should_prune():
            one.worker.stop()
            _write_down(study, sweep, one, book.States.PRUNED, progress)
            return True
        return False
    if status == 0:
        _report(sweep, one)
        _write_down(study, sweep, one, book.States.COMPLETE, progress)
        return True
    if status < 0 and one.retries < one.worker.retries:
        progress.line(
            f"trial {one.trial.number}: its worker was killed ({-status}) or its node is gone; once more, from its last epoch"
        )
        one.retries += 1
        one.worker = start(one.folder, threads)
        return False
    one.trial.set_user_attr("error", last_words(one.folder / "log.txt"))
    _write_down(study, sweep, one, book.States.FAIL, progress)
    return True


def _report(sweep, one):
    """Tells the book of epochs that it has not heard of."""
    column = curve(one.folder, sweep.optimize)
    for epoch in range(one.told, len(column)):
        one.trial.report(float(column[epoch]), epoch + 1)
    one.told = max(one.told, len(column))


def curve(folder, name) -> list[float]:
    """A column of a trial's history; empty as long as there is none."""
    path = pathlib.Path(folder) / "history.csv"
    return list(histories.read(path)[""].get(name, [])) if path.is_file() else []


def _write_down(study, sweep, one, state, progress):
    values = curve(one.folder, sweep.optimize)
    for name, value in outcome(one.folder, sweep).items():
        one.trial.set_user_attr(name, value)
    best = (max if sweep.direction == "maximize" else min)(values) if values else None
    if state == book.States.COMPLETE:
        study.tell(one.trial.number, best)
    else:
        study.tell(one.trial.number, state=state)
    progress.finished(one.trial.number, state.name, best, one.folder)


def outcome(folder, sweep: Sweep) -> dict:
    """What is known of a trial from its folder: of its best epoch, its network, its time."""
    path, found = pathlib.Path(folder) / "result.json", {}
    if path.is_file():
        found.update(json.loads(path.read_text(encoding="utf-8")))
    values = curve(folder, sweep.optimize)
    if values:
        history = histories.read(pathlib.Path(folder) / "history.csv")[""]
        best = values.index((max if sweep.direction == "maximize" else min)(values))
        found["best_epoch"], found["epochs"] = best + 1, len(values)
        found["seconds"] = float(sum(history["seconds"]))
        found["figures"] = {name: float(column[best]) for name, column in history.items() if name.startswith("val_")}
    return found


def last_words(path, lines: int = 3) -> str:
    """The end of a log: what a worker died of."""
    text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace").strip() if pathlib.Path(path).is_file() else ""
    return "\n".join(text.splitlines()[-lines:])
