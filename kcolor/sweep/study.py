"""The sweep's Optuna study: which trials there are, who trains them, and how they ended.

Only the process that runs a sweep writes to the study, never a worker. So a worker may be killed at any moment. A trial belongs
to the *owner* that claimed it; an owner is one machine with one output folder. An owner that is started again continues its
trials. If an owner gives no sign of life for a while, its trials are put in the queue again, for the other owners.
"""

import contextlib
import datetime
import pathlib
import time
import zlib
from typing import Any

import optuna
import sqlalchemy

from kcolor.sweep.axis_values import label
from kcolor.sweep.sweep_file import Sweep

LOST_AFTER = 600  # seconds without a heartbeat after which an owner's trials are queued again
States = optuna.trial.TrialState


def open_study(sweep: Sweep, storage: str, owner: str = "") -> optuna.Study:
    """Opens the sweep's study, and makes it with all points of the grid if it does not exist yet.

    Args:
        sweep: The sweep.
        storage: String. An address that Optuna understands (``sqlite:///…``, ``postgresql://…``), or ``journal:FILE``.
        owner: String. Who will take trials, where several machines do.

    Returns:
        The study. Each point of a grid is in it once.

    Raises:
        ValueError: If the storage cannot be opened, or if it has a study of another sweep with the same name.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1) if sweep.prune else optuna.pruners.NopPruner()
    study = optuna.create_study(
        study_name=sweep.name,
        storage=_storage(storage),
        direction=sweep.direction,
        pruner=pruner,
        load_if_exists=True,
    )
    before = study.user_attrs.get("digest")
    if before not in (None, sweep.digest):
        raise ValueError(
            f"Expected a study of the sweep {sweep.name!r}, or none, in {storage}. Received: a study of another sweep with "
            "this name: its recipe, its axes or what it optimizes differ. Choose another folder or storage, or delete that one "
            "with its trials."
        )
    study.sampler = optuna.samplers.TPESampler(seed=_seed(sweep, len(study.get_trials(deepcopy=False)), owner))
    _enqueue(study, sweep)
    study.set_user_attr("digest", sweep.digest)
    return study


def _seed(sweep, trials_so_far, owner):
    """A search that goes on, or that several machines share, must not draw the points again that it has drawn before."""
    seed = sweep.base_recipe().train.seed
    return zlib.crc32(f"{seed} {trials_so_far} {owner}".encode()) if trials_so_far or owner else seed


def _storage(address):
    if not address.startswith("journal:"):
        return _database(address)
    backend = optuna.storages.journal.JournalFileBackend(str(pathlib.Path(address.removeprefix("journal:"))))
    return optuna.storages.JournalStorage(backend)


def _database(address):
    """Opens a database with Optuna's tables. If two processes make the tables at the same moment, one fails and tries again."""
    for pause in (0.1, 0.3, 1, None):
        try:
            return optuna.storages.RDBStorage(address)
        except sqlalchemy.exc.SQLAlchemyError as error:
            if pause is None or not isinstance(error, sqlalchemy.exc.DatabaseError):
                reason = str(error).partition("\n")[0]
                raise ValueError(
                    f"Expected a storage that can be opened: sqlite:///FILE, postgresql://…, journal:FILE. "
                    f"Received: {address!r} ({reason})"
                ) from error
            time.sleep(pause)


def _enqueue(study, sweep):
    """Queues the points of the grid that are not in the study yet. An earlier call may have been killed half-way."""
    known = [trial.user_attrs.get("point") for trial in trials(study)]
    for point in sweep.points() if sweep.grid else []:
        if point not in known:
            study.enqueue_trial({key: label(value) for key, value in point.items()}, user_attrs={"point": point})


def distributions(sweep: Sweep) -> dict[str, optuna.distributions.BaseDistribution]:
    """Returns Optuna's description of each axis of a sweep, by the axis's name."""
    if sweep.grid:
        points = sweep.points()
        return {key: _choice(list(dict.fromkeys(label(point[key]) for point in points))) for key in points[0]}
    return {
        key: _choice([label(value) for value in given]) if isinstance(given, list) else _range(given)
        for key, given in sweep.search.items()
    }


def _choice(values):
    return optuna.distributions.CategoricalDistribution(values)


def _range(given):
    whole = all(isinstance(given[name], int) for name in ("low", "high"))
    kind = optuna.distributions.IntDistribution if whole else optuna.distributions.FloatDistribution
    return kind(given["low"], given["high"], log=given.get("log", False), step=given.get("step", 1 if whole else None))


def claim(study: optuna.Study, sweep: Sweep, owner: str) -> optuna.Trial | None:
    """Takes the next trial that nobody trains.

    Args:
        study: The sweep's study.
        sweep: The sweep.
        owner: String. Who takes the trial.

    Returns:
        The trial, which now belongs to the owner, or None if no trial is left.
    """
    while _is_any_left(study, sweep):
        trial = study.ask(distributions(sweep))
        if sweep.grid and "point" not in trial.user_attrs:
            _withdraw(study, trial)  # another machine took the last one that was queued, and Optuna made one up
            continue
        point = point_of(sweep, trial)
        set_owner(trial, owner, point)
        if sweep.grid and _is_duplicate(study, trial.number, point):
            _withdraw(study, trial)  # two machines that started at the same moment both queued it
            continue
        return trial
    return None


def complete(study: optuna.Study, sweep: Sweep, trial: optuna.Trial) -> None:
    """Asks for what a trial has no value of yet: it was claimed by a process that was killed while it asked.

    Args:
        study: The sweep's study.
        sweep: The sweep.
        trial: The trial. One whose point is written down stays as it is.
    """
    if "point" not in trial.user_attrs:
        for key, kind in distributions(sweep).items():
            trial._suggest(key, kind)  # Optuna's public ways are one for each kind


def set_owner(trial: optuna.Trial, owner: str, point: dict[str, Any]) -> None:
    """Writes down who trains a trial, and the trial's point.

    Args:
        trial: The trial.
        owner: String. Who trains it.
        point: Dict. The trial's value on each axis.
    """
    trial.set_user_attr("point", point)
    trial.set_user_attr("owner", owner)


def _withdraw(study, trial):
    """Takes out a trial that another one replaces. Optuna cannot delete a trial, so it is marked, and failed."""
    trial.set_user_attr("withdrawn", True)
    study.tell(trial.number, state=States.FAIL)


def trials(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Returns all trials of a study, without those that another one replaces."""
    return [trial for trial in study.get_trials(deepcopy=False) if not trial.user_attrs.get("withdrawn")]


def _is_any_left(study, sweep):
    known = trials(study)
    if any(trial.state == States.WAITING for trial in known):
        return True
    return not sweep.grid and len(known) < sweep.trials  # failed ones count: a search of which all fail would never end


def point_of(sweep: Sweep, trial: optuna.Trial | optuna.trial.FrozenTrial) -> dict[str, Any]:
    """Returns a trial's value on each axis, by the axis's name."""
    return trial.user_attrs.get("point") or {key: _value(sweep, key, value) for key, value in trial.params.items()}


def _value(sweep, key, found):
    choices = sweep.search.get(key)
    return next(choice for choice in choices if label(choice) == found) if isinstance(choices, list) else found


def _is_duplicate(study, number, point):
    return any(
        trial.number < number and trial.user_attrs.get("point") == point and trial.state != States.FAIL
        for trial in study.get_trials(deepcopy=False)
    )


def interrupted(study: optuna.Study, owner: str, *, alone: bool) -> list[optuna.Trial]:
    """Returns the trials that an owner was training when it was stopped.

    Args:
        study: The sweep's study.
        owner: String. Whose trials to return.
        alone: Boolean. Whether nobody else uses this storage. If so, all running trials are this owner's.

    Returns:
        A list of trials.
    """
    running = study.get_trials(deepcopy=False, states=(States.RUNNING,))
    return [_handle(study, trial) for trial in running if _belongs_to(owner, trial, alone)]


def _belongs_to(owner, trial, alone):
    return alone or trial.user_attrs.get("owner") == owner  # a machine may have another name now, or the folder have moved


def _handle(study, frozen):
    return optuna.trial.Trial(study, frozen._trial_id)  # Optuna has no public way from a frozen trial to this


def heartbeat(study: optuna.Study, owner: str) -> None:
    """Writes down that an owner is alive at this moment."""
    study.set_user_attr(f"seen {owner}", time.time())


class Watch:
    """Notices owners that give no sign of life any more.

    Clocks of several machines differ, and a clock may be set anew while sweeps run. So an old sign alone makes an owner
    suspect; it is lost if the sign also stays the same for a while that passes here, by a clock that nobody sets.

    Args:
        study: The sweep's study.
        owner: String. Who watches. It never notices itself.
        lost_after: Float. Seconds without a sign after which an owner counts as lost.
    """

    def __init__(self, study: optuna.Study, owner: str, lost_after: float = LOST_AFTER):
        self._study, self._owner, self._lost_after = study, owner, lost_after
        self._signs: dict[str, tuple[float, float]] = {}  # by owner: its last sign, and when that was first seen here

    def suspects(self) -> bool:
        """Returns whether there are running trials of others whose last sign is old."""
        return any(self._is_old(self._sign(trial)) for trial in self._others())

    def requeue_lost(self) -> list[int]:
        """Queues again the trials of owners that are lost. Anybody may claim them.

        Returns:
            A list of integers: the numbers of the lost trials.
        """
        lost = [trial for trial in self._others() if self._is_lost(str(trial.user_attrs.get("owner")), self._sign(trial))]
        queued = []
        for trial in lost:
            with contextlib.suppress(optuna.exceptions.UpdateFinishedTrialError):  # another watcher was faster
                _withdraw(self._study, _handle(self._study, trial))
                requeue(self._study, trial)
                queued.append(trial.number)
        return queued

    def _others(self):
        running = self._study.get_trials(deepcopy=False, states=(States.RUNNING,))
        return [trial for trial in running if trial.user_attrs.get("owner") != self._owner]

    def _sign(self, trial):
        began = trial.datetime_start or datetime.datetime.now()
        return self._study.user_attrs.get(f"seen {trial.user_attrs.get('owner')}", began.timestamp())

    def _is_old(self, sign):
        return time.time() - sign > self._lost_after

    def _is_lost(self, owner, sign):
        now = time.monotonic()
        if owner not in self._signs or self._signs[owner][0] != sign:
            self._signs[owner] = sign, now
        unchanged = now - self._signs[owner][1]
        return unchanged >= self._lost_after or (unchanged >= self._lost_after / 5 and self._is_old(sign))


def requeue(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
    """Queues a trial's point once more, as a new trial."""
    attributes = {"point": trial.user_attrs["point"], "again": trial.number} if "point" in trial.user_attrs else {}
    study.enqueue_trial(dict(trial.params), user_attrs=attributes)
