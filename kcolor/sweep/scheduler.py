"""The sweep as it runs: trials are claimed from the study, trained by workers, followed epoch by epoch, and written down."""

import contextlib
import dataclasses
import math
import pathlib
import socket
import time
from collections.abc import Callable
from typing import ClassVar, Protocol

import optuna

from kcolor.sweep import local_worker, study
from kcolor.sweep.forked_worker import Forks, forking_is_safe
from kcolor.sweep.progress import Progress
from kcolor.sweep.study import States, Watch
from kcolor.sweep.sweep_file import Sweep
from kcolor.sweep.trial_folder import best_of, check_not_foreign, check_same, curve, log_tail, outcome, trial_folder
from kcolor.utils.files import alone_in, make_folder, write_text
from kcolor.utils.processors import cpus
from kcolor.utils.types import PathLike

PAUSE = 0.5  # seconds between two looks at the workers


class Worker(Protocol):
    """What trains one trial: a process on this machine, or an actor on a cluster."""

    retries: ClassVar[int]  # how often it is started again after it was killed

    def status(self) -> int | None:
        """Returns the exit status (negative if it was killed), or None while it runs."""

    def stop(self) -> None:
        """Ends it."""


@dataclasses.dataclass(frozen=True)
class _Session:
    """What everything in this module works with."""

    study: optuna.Study
    sweep: Sweep
    out: pathlib.Path
    owner: str
    watch: Watch
    threads: int
    start: Callable[[pathlib.Path, int], Worker]
    progress: Progress


@dataclasses.dataclass
class Running:
    """A trial that is being trained.

    Args:
        trial: The trial in the study.
        folder: Path of its folder.
        worker: What trains it.
        epochs: Integer. Number of epochs of the whole training.
        values: List of floats. The optimized value after each finished epoch.
        reported: Integer. Number of epochs that the study knows.
        retries: Integer. How often the worker was started again.
        began: Float. When the training began, on the monotonic clock.
    """

    trial: optuna.Trial
    folder: pathlib.Path
    worker: Worker
    epochs: int
    values: list[float] = dataclasses.field(default_factory=list)
    reported: int = 0
    retries: int = 0
    began: float = dataclasses.field(default_factory=time.monotonic)


def run(
    sweep: Sweep,
    out: PathLike,
    *,
    storage: str | None = None,
    jobs: int = 1,
    threads: int | None = None,
    limit: int | None = None,
    start: Callable[[pathlib.Path, int], Worker] | None = None,
    say: Callable[[str], object] | None = print,
) -> None:
    """Runs a sweep until no trial is left. If it is stopped at any moment, the same call continues it.

    Args:
        sweep: The sweep, from `kcolor.sweep.load`.
        out: Path of the sweep's folder: ``trials/NNNN/`` for each trial, and by default the study.
        storage: String. Where the study is (see `kcolor.sweep.study.open_study`), by default ``OUT/study.db``. Several machines
            may share one storage, each with a folder of its own.
        jobs: Integer. Number of trials that are trained at a time.
        threads: Integer. Number of threads of each trial. By default the trials share the processor's.
        limit: Integer. Number of finished trials after which to stop. Those of earlier calls count.
        start: Function ``(folder, threads) -> worker`` that starts the training of a trial. None starts a process on this
            machine: forked from one that has imported everything (`kcolor.sweep.forked_worker`), where that is safe.
        say: Function of one line of text, or None to show nothing.

    Raises:
        ValueError: If `jobs` or `limit` is below 1, if the storage has another sweep, or if the folder has results that no
            sweep has made.
        BusyError: If another process runs a sweep in this folder.
    """
    if jobs < 1:
        raise ValueError(f"Expected `jobs` of 1 or more. Received: {jobs!r}")
    if limit is not None and limit < 1:
        raise ValueError(f"Expected `limit` of 1 or more, or None. Received: {limit!r}")
    check_not_foreign(out)
    out = make_folder(out)
    with alone_in(out), contextlib.ExitStack() as closed_in_the_end:
        if start is None:
            start = closed_in_the_end.enter_context(Forks()).start if forking_is_safe() else local_worker.start
        owner = f"{socket.gethostname()}:{out.resolve()}"
        opened = study.open_study(sweep, storage or default_storage(out), "" if storage is None else owner)
        session = _Session(
            study=opened,
            sweep=sweep,
            out=out,
            owner=owner,
            watch=Watch(opened, owner),
            threads=threads or max(1, cpus() // jobs),
            start=start,
            progress=Progress(sweep, jobs, say),
        )
        running: list[Running] = []
        try:
            _loop(session, running, study.interrupted(session.study, session.owner, alone=storage is None), jobs, limit)
        finally:
            # The study is not told: these trials still belong to this owner, which continues them when it comes back.
            for one in running:
                one.worker.stop()
            session.progress.close()


def default_storage(out: PathLike) -> str:
    """Returns the address of the study in a sweep's folder: an SQLite database."""
    return f"sqlite:///{(pathlib.Path(out) / 'study.db').resolve()}"


def _loop(session, running, waiting, jobs, limit):
    last_heartbeat, waits = -study.LOST_AFTER, False
    while True:
        if time.monotonic() - last_heartbeat > study.LOST_AFTER / 10:
            last_heartbeat = time.monotonic()
            _heartbeat(session)
        while len(running) < jobs and _is_wanted(session.study, limit, len(running)):
            trial = waiting.pop() if waiting else study.claim(session.study, session.sweep, session.owner)
            if trial is None:
                break
            with _unless_taken(session, trial.number):
                running += filter(None, [_begin(session, trial)])
        if not running and not session.watch.suspects():
            return
        if not running and not waits:
            waits = True
            session.progress.line("trials of another run show no sign of life; waiting to see whether they do")
        time.sleep(PAUSE)
        for one in list(running):
            ended = None
            with _unless_taken(session, one.trial.number):
                ended = _follow(session, one)
            if ended is None:  # it is trained elsewhere now
                one.worker.stop()
            if ended is not False:
                running.remove(one)
        session.progress.show(session.study, running)


@contextlib.contextmanager
def _unless_taken(session, number):
    """Goes on if others have taken a trial over: this machine was away, and its heartbeat too old."""
    try:
        yield
    except optuna.exceptions.UpdateFinishedTrialError:
        session.progress.line(f"trial {number}: others have taken it over meanwhile")


def _heartbeat(session):
    study.heartbeat(session.study, session.owner)
    for number in session.watch.requeue_lost():
        session.progress.line(f"trial {number}: its worker stopped responding; queued again")


def _is_wanted(optuna_study, limit, now):
    if limit is None:
        return True
    done = sum(trial.state == States.COMPLETE for trial in optuna_study.get_trials(deepcopy=False))
    return done + now < limit


def _begin(session, trial):
    """Starts a trial; returns None for one that no recipe may have."""
    study.complete(session.study, session.sweep, trial)
    point = study.point_of(session.sweep, trial)
    study.set_owner(trial, session.owner, point)  # again: the process may have been killed between claiming and writing this
    folder = make_folder(trial_folder(session.out, trial.number))
    try:
        recipe = session.sweep.trial_recipe(point)
    except ValueError as error:  # a search may ask for what no recipe may have
        trial.set_user_attr("error", str(error))
        session.study.tell(trial.number, state=States.FAIL)
        session.progress.finished(trial.number, "FAIL", None, folder)
        return None
    check_same(folder, recipe)
    if not (folder / "recipe.toml").is_file():
        write_text(folder / "recipe.toml", recipe.to_toml(f"Trial {trial.number} of {session.sweep.name}: {point}"))
    reported = len(session.study.trials[trial.number].intermediate_values)
    worker = session.start(folder, session.threads)
    return Running(trial, folder, worker, recipe.train.epochs, reported=reported)


def _follow(session, one):
    """Looks at a running trial, and writes its result once it has ended. Returns whether it has ended."""
    _report(session.sweep, one)
    status = one.worker.status()
    if status is None:
        if not (session.sweep.prune and one.reported and one.trial.should_prune()):
            return False
        one.worker.stop()
        state = States.PRUNED
    elif status == 0:
        _report(session.sweep, one)
        state = States.COMPLETE
    elif status < 0 and one.retries < one.worker.retries:
        _start_again(session, one, status)
        return False
    else:
        one.trial.set_user_attr("error", log_tail(one.folder / "log.txt"))
        state = States.FAIL
    _write_result(session, one, state)
    return True


def _start_again(session, one, status):
    why = f"its worker was killed ({-status}) or its node is gone"
    session.progress.line(f"trial {one.trial.number}: {why}; started again, from its last epoch")
    one.retries += 1
    one.worker = session.start(one.folder, session.threads)


def _report(sweep, one):
    """Tells the study about epochs that it does not know."""
    one.values = curve(one.folder, sweep.optimize)
    for epoch in range(one.reported, len(one.values)):
        one.trial.report(one.values[epoch], epoch + 1)
    one.reported = max(one.reported, len(one.values))


def _write_result(session, one, state):
    values = [value for value in curve(one.folder, session.sweep.optimize) if math.isfinite(value)]
    best = best_of(session.sweep)(values) if values else None
    if state == States.COMPLETE and best is None:
        one.trial.set_user_attr("error", f"no epoch has a finite {session.sweep.optimize}")
        state = States.FAIL
    for name, value in outcome(one.folder, session.sweep).items():
        one.trial.set_user_attr(name, value)
    if state == States.COMPLETE:
        session.study.tell(one.trial.number, best)
    else:
        session.study.tell(one.trial.number, state=state)
    session.progress.finished(one.trial.number, state.name, best, one.folder)
