"""The sweep as it runs: trials are claimed from the book, trained by workers, followed epoch by epoch, and written down."""

import dataclasses
import json
import pathlib
import socket
import time

from kcolor.sweep import local_worker, results
from kcolor.sweep import study as book
from kcolor.sweep.progress import Progress
from kcolor.sweep.sweep_file import Sweep
from kcolor.training import history as histories
from kcolor.utils.files import alone_in, make_folder, write_text
from kcolor.utils.processors import cpus

PAUSE = 0.5  # seconds between looks at the workers


@dataclasses.dataclass(frozen=True)
class _Session:
    """What everything here works with: the study, the sweep, its folder, whose trials are claimed, and how one is started."""

    study: object
    sweep: Sweep
    out: pathlib.Path
    owner: str
    threads: int
    start: object
    progress: Progress


@dataclasses.dataclass
class Running:
    """A trial that is being trained."""

    trial: object
    folder: pathlib.Path
    worker: object
    epochs: int  # of the whole training
    values: list[float] = dataclasses.field(default_factory=list)  # after each epoch so far
    told: int = 0  # epochs that the book has heard of
    retries: int = 0
    began: float = dataclasses.field(default_factory=time.monotonic)


def run(
    sweep: Sweep,
    out,
    *,
    storage: str | None = None,
    jobs: int = 1,
    threads: int | None = None,
    limit: int | None = None,
    start=local_worker.start,
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
        session = _Session(
            study=book.open_book(sweep, storage or address(out)),
            sweep=sweep,
            out=out,
            owner=f"{socket.gethostname()}:{out.resolve()}",
            threads=threads or max(1, cpus() // jobs),
            start=start,
            progress=Progress(sweep, jobs, say),
        )
        running: list[Running] = []
        try:
            _loop(session, running, book.mine(session.study, session.owner, alone=storage is None), jobs, limit)
        finally:
            # Not told to the book: they are this owner's still, and go on when it comes back.
            for one in running:
                one.worker.stop()
            session.progress.close()


def address(out) -> str:
    """Where a sweep's study is if nothing else is said."""
    return f"sqlite:///{(pathlib.Path(out) / 'study.db').resolve()}"


def trial_folder(out, number: int) -> pathlib.Path:
    """The folder of a trial."""
    return pathlib.Path(out) / "trials" / f"{number:04}"


def _loop(session, running, waiting, jobs, limit):
    alive = -book.LOST_AFTER
    while True:
        if time.monotonic() - alive > book.LOST_AFTER / 10:
            alive = time.monotonic()
            _heartbeat(session)
        while len(running) < jobs and _wanted(session.study, limit, len(running)):
            trial = waiting.pop() if waiting else book.claim(session.study, session.sweep, session.owner)
            if trial is None:
                break
            running.append(_begin(session, trial))
        if not running:
            return
        time.sleep(PAUSE)
        for one in list(running):
            if _look(session, one):
                running.remove(one)
        session.progress.show(session.study, running)


def _heartbeat(session):
    book.heartbeat(session.study, session.owner)
    for number in book.give_back_lost(session.study, session.owner):
        session.progress.line(f"trial {number}: whoever trained it has not been seen for a while; it is put in again")


def _wanted(study, limit, now):
    if limit is None:
        return True
    done = sum(trial.state == book.States.COMPLETE for trial in study.get_trials(deepcopy=False))
    return done + now < limit


def _begin(session, trial):
    point = book.point_of(session.sweep, trial)
    book.give(trial, session.owner, point)  # once more: whoever was killed after claiming it may not have said so
    folder = make_folder(trial_folder(session.out, trial.number))
    recipe = session.sweep.plan(point)
    if not (folder / "recipe.toml").is_file():
        write_text(folder / "recipe.toml", recipe.to_toml(f"Trial {trial.number} of {session.sweep.name}: {point}"))
    told = len(session.study.trials[trial.number].intermediate_values)
    return Running(trial, folder, session.start(folder, session.threads), recipe.train.epochs, told=told)


def _look(session, one):
    """Follows one trial; true once it is over, one way or another."""
    _report(session.sweep, one)
    status = one.worker.status()
    if status is None:
        if not (session.sweep.prune and one.told and one.trial.should_prune()):
            return False
        one.worker.stop()
        state = book.States.PRUNED
    elif status == 0:
        _report(session.sweep, one)
        state = book.States.COMPLETE
    elif status < 0 and one.retries < one.worker.retries:
        why = f"its worker was killed ({-status}) or its node is gone"
        session.progress.line(f"trial {one.trial.number}: {why}; once more, from its last epoch")
        one.retries += 1
        one.worker = session.start(one.folder, session.threads)
        return False
    else:
        one.trial.set_user_attr("error", log_tail(one.folder / "log.txt"))
        state = book.States.FAIL
    _write_down(session, one, state)
    return True


def _report(sweep, one):
    """Tells the book of epochs that it has not heard of."""
    one.values = [float(value) for value in curve(one.folder, sweep.optimize)]
    for epoch in range(one.told, len(one.values)):
        one.trial.report(one.values[epoch], epoch + 1)
    one.told = max(one.told, len(one.values))


def curve(folder, name) -> list[float]:
    """A column of a trial's history; empty as long as there is none."""
    path = pathlib.Path(folder) / "history.csv"
    return list(histories.read(path).get(name, [])) if path.is_file() else []


def _write_down(session, one, state):
    values = curve(one.folder, session.sweep.optimize)
    best = _best(session.sweep)(values) if values else None
    for name, value in outcome(one.folder, session.sweep).items():
        one.trial.set_user_attr(name, value)
    if state == book.States.COMPLETE:
        session.study.tell(one.trial.number, best)
    else:
        session.study.tell(one.trial.number, state=state)
    session.progress.finished(one.trial.number, state.name, best, one.folder)


def _best(sweep):
    return max if sweep.direction == "maximize" else min


def outcome(folder, sweep: Sweep) -> dict:
    """What is known of a trial from its folder: of its best epoch, its network, its time."""
    path, found = pathlib.Path(folder) / "result.json", {}
    if path.is_file():
        found.update(json.loads(path.read_text(encoding="utf-8")))
    values = curve(folder, sweep.optimize)
    if values:
        history = histories.read(pathlib.Path(folder) / "history.csv")
        best = values.index(_best(sweep)(values))
        found["best_epoch"], found["epochs"] = best + 1, len(values)
        found["seconds"] = float(sum(history["seconds"]))
        losses = {name: [float(value) for value in history[name]] for name in results.LOSSES if name in history}
        found["losses"] = losses or None
        found["figures"] = {name: float(column[best]) for name, column in history.items() if name.startswith("val_")}
    return found


def log_tail(path, lines: int = 3) -> str:
    """The end of a log: what a worker died of."""
    text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace").strip() if pathlib.Path(path).is_file() else ""
    return "\n".join(text.splitlines()[-lines:])
