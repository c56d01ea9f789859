"""The book of a sweep: an Optuna study that knows which trials there are, who trains them, and what came out.

Only the parents of sweeps write here, never a worker; so a worker may die at any moment. A trial belongs to the *owner* that
claimed it, one owner a machine and output folder. An owner that is started again goes on with what it had; one that is not
seen for a while loses it to the others.
"""

import datetime
import pathlib
import time

import optuna
import sqlalchemy

from kcolor.sweep.sweep_file import Sweep, label

LOST_AFTER = 600  # seconds without a sign of life after which an owner's trials go to others
States = optuna.trial.TrialState


def open_book(sweep: Sweep, storage: str) -> optuna.Study:
    """The sweep's study, made if it is not there, with the whole grid in it.

    Args:
        sweep: what is swept.
        storage: an address as Optuna takes it (``sqlite:///…``, ``postgresql://…``), or ``journal:FILE``.

    Raises:
        ValueError: if the storage cannot be opened, or its study is of another sweep.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1) if sweep.prune else optuna.pruners.NopPruner()
    study = optuna.create_study(
        study_name=sweep.name,
        storage=_storage(storage),
        direction=sweep.direction,
        sampler=optuna.samplers.TPESampler(seed=sweep.base().train.seed),
        pruner=pruner,
        load_if_exists=True,
    )
    before = study.user_attrs.get("digest")
    if before not in (None, sweep.digest):
        raise ValueError(
            f"{storage} has a study {sweep.name!r} of another sweep: its recipe, axes or aim differ. "
            "Choose another folder (--out) or storage, or delete that one"
        )
    _enqueue(study, sweep)
    study.set_user_attr("digest", sweep.digest)
    return study


def _storage(address):
    if not address.startswith("journal:"):
        return _database(address)
    backend = optuna.storages.journal.JournalFileBackend(str(pathlib.Path(address.removeprefix("journal:"))))
    return optuna.storages.JournalStorage(backend)


def _database(address):
    """A database with Optuna's tables. Two that make them at the same moment trip over one another: one looks again."""
    for pause in (0.1, 0.3, 1, None):
        try:
            return optuna.storages.RDBStorage(address)
        except sqlalchemy.exc.SQLAlchemyError as error:
            if pause is None or not isinstance(error, sqlalchemy.exc.DatabaseError):
                said = str(error).partition("\n")[0]
                raise ValueError(
                    f"Expected a storage that can be opened: sqlite:///FILE, postgresql://…, journal:FILE. "
                    f"Received: {address!r} ({said})"
                ) from error
            time.sleep(pause)


def _enqueue(study, sweep):
    """Puts every point of the grid in, those that are not there yet: whoever was killed here before goes on."""
    there = [trial.user_attrs.get("point") for trial in study.get_trials(deepcopy=False)]
    for point in sweep.points() if sweep.grid else []:
        if point not in there:
            study.enqueue_trial({key: label(value) for key, value in point.items()}, user_attrs={"point": point})


def distributions(sweep: Sweep) -> dict:
    """Optuna's description of the axes."""
    found = {}
    points = sweep.points() if sweep.grid else []
    for key in points[0] if points else []:
        found[key] = optuna.distributions.CategoricalDistribution(list(dict.fromkeys(label(point[key]) for point in points)))
    for key, given in sweep.search.items():
        if isinstance(given, list):
            found[key] = optuna.distributions.CategoricalDistribution([label(value) for value in given])
        else:
            whole = all(isinstance(given[name], int) for name in ("low", "high"))
            kind = optuna.distributions.IntDistribution if whole else optuna.distributions.FloatDistribution
            found[key] = kind(
                given["low"], given["high"], log=given.get("log", False), step=given.get("step", 1 if whole else None)
            )
    return found


def claim(study: optuna.Study, sweep: Sweep, owner: str) -> optuna.Trial | None:
    """The next trial that nobody has, now this owner's; None if there is none left."""
    while _left(study, sweep):
        trial = study.ask(distributions(sweep))
        point = point_of(sweep, trial)
        give(trial, owner, point)
        if sweep.grid and _is_double(study, trial.number, point):
            _withdraw(study, trial)  # two machines that began at the same moment put it in twice
            continue
        return trial
    return None


def give(trial: optuna.Trial, owner: str, point: dict) -> None:
    """Writes down whose a trial is, and what it is."""
    trial.set_user_attr("point", point)
    trial.set_user_attr("owner", owner)


def _withdraw(study, trial):
    """Takes a trial out that another one stands for: Optuna deletes none, so it fails, and is not counted."""
    trial.set_user_attr("withdrawn", True)
    study.tell(trial.number, state=States.FAIL)


def trials(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """All trials but those that another one stands for."""
    return [trial for trial in study.get_trials(deepcopy=False) if not trial.user_attrs.get("withdrawn")]


def _left(study, sweep):
    states = [trial.state for trial in study.get_trials(deepcopy=False)]
    if sweep.grid:
        return States.WAITING in states
    return States.WAITING in states or sum(state != States.FAIL for state in states) < sweep.trials


def point_of(sweep: Sweep, trial) -> dict:
    """The values of a trial, by key of the recipe."""
    return trial.user_attrs.get("point") or {key: _value(sweep, key, value) for key, value in trial.params.items()}


def _value(sweep, key, found):
    choices = sweep.search.get(key)
    return next(choice for choice in choices if label(choice) == found) if isinstance(choices, list) else found


def _is_double(study, number, point):
    return any(
        trial.number < number and trial.user_attrs.get("point") == point and trial.state != States.FAIL
        for trial in study.get_trials(deepcopy=False)
    )


def mine(study: optuna.Study, owner: str, *, alone: bool) -> list[optuna.Trial]:
    """Trials that this owner was training when it was stopped.

    Args:
        study: the book.
        owner: who asks.
        alone: nobody else has this storage, so what has no owner yet is this one's too.
    """
    running = study.get_trials(deepcopy=False, states=(States.RUNNING,))
    return [_handle(study, trial) for trial in running if trial.user_attrs.get("owner") == owner or (alone and _nobodys(trial))]


def _nobodys(trial):
    return "owner" not in trial.user_attrs


def _handle(study, frozen):
    return optuna.trial.Trial(study, frozen._trial_id)  # there is no public way from the one to the other


def heartbeat(study: optuna.Study, owner: str) -> None:
    """Says that this owner is there."""
    study.set_user_attr(f"seen {owner}", time.time())


def give_back_lost(study: optuna.Study, owner: str, lost_after: float = LOST_AFTER) -> list[int]:
    """Puts trials of owners that are not seen any more in again, for anybody; their numbers."""
    seen, now, lost = study.user_attrs, time.time(), []
    for trial in study.get_trials(deepcopy=False, states=(States.RUNNING,)):
        began = trial.datetime_start or datetime.datetime.now()
        last = seen.get(f"seen {trial.user_attrs.get('owner')}", began.timestamp())
        if trial.user_attrs.get("owner") != owner and now - last > lost_after:
            _withdraw(study, _handle(study, trial))
            enqueue_again(study, trial)
            lost.append(trial.number)
    return lost


def enqueue_again(study: optuna.Study, trial) -> None:
    """The same point once more, as a new trial."""
    attributes = {"point": trial.user_attrs["point"], "again": trial.number} if "point" in trial.user_attrs else {}
    study.enqueue_trial(dict(trial.params), user_attrs=attributes)
