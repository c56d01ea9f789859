"""Training: a recipe and pictures to a colorizer, in a folder from which a killed run goes on."""

import dataclasses
import importlib
import json
import math
import pathlib
import shutil
import warnings
from collections.abc import Mapping

import keras

from kcolor import data as sources
from kcolor.colorizer.colorizer import Colorizer
from kcolor.data import fixed_copies
from kcolor.recipes.build import absolute_source, count_weights
from kcolor.recipes.recipe import Recipe
from kcolor.saving.load import load as load_colorizer
from kcolor.training import history, warm_start
from kcolor.training.callbacks import Keeper, ProgressLine, Samples, StopIfNotFinite, direction, history_csv
from kcolor.training.checkpoint import load_progress, restore_state
from kcolor.training.gan_monitor import Watch
from kcolor.training.input_data import batches, measured_target, some
from kcolor.training.optimizer import compile_colorizer
from kcolor.utils import devices as devices_of_machine
from kcolor.utils import precision as precisions
from kcolor.utils.files import alone_in, make_folder, write_text, write_whole

# A run may go on with these changed: they say how long, how fast and what is shown, not what is computed. (How long decides
# what is computed where the learning rate falls towards the last epoch.)
MAY_CHANGE = ("train.epochs", "train.samples_every", "data.cache", "data.download", "data.data_dir")
SAMPLES = 8


def train(
    recipe,
    data=None,
    out=None,
    *,
    changes=(),
    epochs=None,
    precision=None,
    devices=1,
    tensorboard=False,
    callbacks=(),
    say=print,
) -> Colorizer:
    """Trains what a recipe says. Killed at any moment and called again, it goes on from the last finished epoch.

    Args:
        recipe: a recipe's name, its TOML file, or a dict of sections (see `kcolor.recipes`).
        data: what to train on instead of the recipe's source: a folder, a zip, or a name in `kcolor.data.SOURCES`.
        out: the run's folder; ``runs/NAME`` by default. In the end it has ``model.keras`` (best by validation),
            ``last.keras``, ``recipe.toml``, ``history.csv``, ``samples/``, and ``state.npz`` to go on from.
        changes: ``"section.key=value"`` each.
        epochs: instead of the recipe's.
        precision: instead of the recipe's.
        devices: how many devices of this machine share each batch.
        tensorboard: whether to write logs and pictures for TensorBoard.
        callbacks: Keras callbacks of your own.
        say: where lines of text go; None for silence.

    Returns:
        The best colorizer, loaded from ``model.keras``.
    """
    if tensorboard:
        _need_tensorboard()
    told = {"data.source": absolute_source(data), "train.epochs": epochs, "train.precision": precision}
    plan = Recipe.load(recipe, [*changes, *(f"{key}={json.dumps(value)}" for key, value in told.items() if value is not None)])
    splits = {split: plan.open_pictures(split) for split in (("train", "val") if plan.data.val else ("train",))}
    name = "recipe" if isinstance(recipe, (Mapping, Recipe)) else pathlib.Path(recipe).stem
    folder = make_folder(pathlib.Path("runs") / name if out is None else out)
    say = say or (lambda line: None)
    how = {"devices": devices, "tensorboard": tensorboard, "callbacks": callbacks, "say": say}
    with alone_in(folder):
        for half in folder.glob(".*.half*"):  # of a run that was killed while it wrote
            half.unlink()
        _check_same_run(folder, plan)
        write_text(folder / "recipe.toml", plan.to_toml(f"{name}, as it ran"))
        if plan.phases is not None:
            _train_phases(plan, folder, epochs, how)
        else:
            _run(plan, splits, folder, **how)
    return load_colorizer(folder / "model.keras")


def _train_phases(plan, folder, epochs, how):
    """One run after the other, each in a folder of its own and from what the last one made; the last one's is the result."""
    folders = [folder / f"{number}-{name}" for number, name in enumerate(plan.phases, start=1)]
    for name in plan.phases:
        _check_buildable(plan.phase(name))
    previous, rows = None, []
    for number, (name, here) in enumerate(zip(plan.phases, folders, strict=True), start=1):
        how["say"](f"Phase {number} of {len(folders)}: {name}")
        _check_nothing_follows(here, folders[number:])
        start = [] if previous is None else [f"train.start=../{previous.name}"]
        train(plan.phase(name), out=here, changes=start, epochs=epochs, **how)
        columns = next(iter(history.read(here / "history.csv").values()))
        for row in zip(*columns.values(), strict=True):
            rows.append({**dict(zip(columns, row, strict=True)), "epoch": len(rows) + 1, "phase": number})
        previous = here
    write_text(folder / "history.csv", history_csv(rows))
    write_whole(folder / "model.keras", lambda half: shutil.copyfile(previous / "model.keras", half))


def _check_buildable(plan):
    """What does not go together is said now, and not after the hours of the phases before."""
    if plan.guide is None:
        weights = {"weights": "random"} if "weights" in plan.model.options else {}  # nothing is fetched, or read, for a look
        dataclasses.replace(plan, model=plan.model.with_options(**weights)).build_colorizer()


def _check_nothing_follows(here, later):
    """A phase that is trained anew leaves those after it with what they no longer began with."""
    stale = [folder for folder in later if (folder / "target.json").is_file()]
    if stale and not (here / "last.keras").is_file():
        raise ValueError(f"{here} is not finished, but what went on from it is there. Delete {' and '.join(map(str, stale))}")


def _need_tensorboard():
    """Keras itself would say so only after the first epoch."""
    try:
        importlib.import_module("tensorboard")
        importlib.import_module("tensorflow")
    except ImportError as error:
        raise ImportError(
            f"{error.name} is not installed; logs for TensorBoard need it. Install it with: pip install 'kcolor[tensorboard]'"
        ) from None


def _check_same_run(folder, plan):
    """Refuses a folder that has a run of another recipe; one that was given up before it computed anything is no run."""
    if not any(folder.glob("target.json")) and not any(folder.glob("*-*/target.json")):  # a run, or the first of its phases
        return
    before = Recipe.load(folder / "recipe.toml")
    fixed = {"train.epochs"} if plan.schedule.name == "cosine" else set()
    may_change = () if before.phases is not None else tuple(key for key in MAY_CHANGE if key not in fixed)
    changed = [line for line in before.differences(plan) if not line.startswith(may_change)]
    if changed:
        raise ValueError(
            f"{folder} has a run of another recipe (before, now: {'; '.join(changed)}). "
            "Choose another folder (--out), or delete that one"
        )


def _run(plan, splits, folder, devices, tensorboard, callbacks, say):
    settings = plan.train
    progress = load_progress(folder / "state.npz")
    if progress and _is_trained(progress, plan) and all((folder / name).is_file() for name in _finished_files(plan)):
        say(f"{folder} is finished: {progress['epoch']} epochs, the best was {progress['best_epoch']}")
        return
    spread = devices_of_machine.spread_over(devices)  # before anything else touches the devices
    keras.utils.set_random_seed(settings.seed)
    if settings.deterministic:
        devices_of_machine.make_deterministic()
    policy = precisions.precision(settings.precision)
    for pictures in splits.values():
        say(pictures.description)
    guide = _guide(plan, folder, devices, say)
    start = None if progress else warm_start.load(plan, folder)
    target = measured_target(plan, folder, splits["train"], start, say)
    counts = sources.ReadCounts()
    try:
        with precisions.policy(policy), spread:
            colorizer = warm_start.unfetched(plan).build_colorizer(target, guide)
            if start is not None:
                warm_start.begin(colorizer, start, plan, folder)
            steps = _steps(plan, splits)
            say(f"{colorizer.network.name}: {count_weights(colorizer):,} weights to train, {policy}, {steps} steps an epoch")
            compile_colorizer(colorizer, plan, steps, training_metrics="val" not in splits)
            _fit(colorizer, plan, splits, folder, progress, tensorboard, callbacks, counts, say, measured=start is not None)
    except Exception as error:
        # What goes wrong while pictures are read comes wrapped in a page of TensorFlow's words.
        if counts.error is not None and error is not counts.error:
            raise counts.error from None
        raise


def _is_trained(progress, plan):
    return progress["epoch"] >= plan.train.epochs or progress["stopped"]


def _finished_files(plan):
    """What a run writes when it has ended: one that was killed before that has to be gone through once more."""
    return ("last.keras", warm_start.DISCRIMINATOR) if plan.discriminator is not None else ("last.keras",)


def _fit(colorizer, plan, splits, folder, progress, tensorboard, callbacks, counts, say, measured):
    first = progress["epoch"] if progress else 0
    if progress:  # of epoch 0, too: it may have begun with another colorizer
        restore_state(folder / "state.npz", colorizer)
        say(f"Goes on after epoch {first}" if first else "Goes on with its first epoch")
    ours = _callbacks(colorizer, plan, splits, folder, progress, tensorboard, say)
    keeper = next(callback for callback in ours if isinstance(callback, Keeper))
    if not (progress and _is_trained(progress, plan)):
        _fit_epochs(colorizer, plan, splits, first, keeper, [*callbacks, *ours], counts, say, measured)
    if plan.discriminator is not None:  # for a training that goes on from this one; colouring needs none
        write_whole(folder / warm_start.DISCRIMINATOR, colorizer.discriminator.save)
    keeper.finish()
    best = keeper.progress
    when = f"after epoch {best['best_epoch']}" if best["best_epoch"] else "is what it began with"
    say(f"Best {when}: {keeper.monitor} {best['best']:.5g}. {folder / 'model.keras'}")


def _fit_epochs(colorizer, plan, splits, first, keeper, callbacks, counts, say, measured):
    with warnings.catch_warnings():
        # How many batches there are is known after the first epoch: what is grey or broken is left out on the way.
        warnings.filterwarnings("ignore", "Your input ran out of data")
        if measured and "val" in splits:
            found = colorizer.evaluate(batches(plan, splits["val"]), return_dict=True, verbose=0)
            keeper.consider_start({f"val_{name}": value for name, value in found.items()})
            say("what it begins with: " + "  ".join(f"val_{name} {value:.4g}" for name, value in found.items()))
        colorizer.fit(
            batches(plan, splits["train"], shuffle=True, first_epoch=first, counts=counts),
            validation_data=batches(plan, splits["val"]) if "val" in splits else None,
            initial_epoch=first,
            epochs=plan.train.epochs,
            callbacks=callbacks,
            verbose=0,
        )
    say(counts.summary())
    stop_at = plan.adversarial and plan.adversarial.stop_at_accuracy
    if stop_at and not colorizer.stop_training:
        say(f"warning: fewer than {100 * stop_at:.0f} % are told apart after all epochs (adversarial.stop_at_accuracy)")


def _callbacks(colorizer, plan, splits, folder, progress, tensorboard, say):
    """In this order: what stops a run before anything is kept, what decides, what keeps, what shows."""
    settings = plan.train
    monitor = settings.monitor or _monitor(plan, splits)
    deciding = {"monitor": monitor, "mode": direction(colorizer, monitor)}
    remembering = []
    if settings.drop_patience is not None:
        dropping = {"factor": settings.drop_factor, "patience": settings.drop_patience}
        remembering.append(keras.callbacks.ReduceLROnPlateau(**deciding, **dropping))
    if settings.patience is not None:
        remembering.append(keras.callbacks.EarlyStopping(**deciding, patience=settings.patience))
    shown = list(some(plan, splits.get("val", splits["train"]), SAMPLES))
    if plan.discriminator is not None:
        game = plan.adversarial
        advises = game.trains == "both" and game.factor > 0
        remembering.append(Watch(shown, advises, game.stop_at_accuracy, say))
    board = folder / "tensorboard" if tensorboard else None
    keeper = Keeper(folder, colorizer.for_inference(), monitor, remembering, progress)
    showing = [
        ProgressLine(settings.epochs, settings.batch_size, keeper),
        Samples(folder / "samples", shown, settings.samples_every, board),
    ]
    if board:
        showing.append(keras.callbacks.TensorBoard(board, write_graph=False))
    return [StopIfNotFinite(), *remembering, keeper, *showing]


def _monitor(plan, splits):
    """What the best weights are best in. Not what a discriminator says of them, which is another one every epoch."""
    both = plan.adversarial is not None and plan.adversarial.trains != "discriminator"
    return ("val_" if "val" in splits else "") + ("content" if both else "loss")


def _guide(plan, folder, devices, say):
    """The colorizer that guides this one: trained here first, or a finished one."""
    settings = plan.guide
    if settings is None:
        return None
    if settings.model is not None:
        return load_colorizer(settings.model)
    say(f"First the guide: {settings.recipe}")
    shared = {key: getattr(plan.data, key) for key in ("source", "val", "test", "data_dir", "cache")}
    changes = [f"data.{key}={json.dumps(value)}" for key, value in shared.items() if value is not None]
    return train(settings.recipe, out=folder / "guide", changes=changes, devices=devices, say=say)


def _steps(plan, splits):
    folds = len(fixed_copies.functions(plan.data.copies))
    steps = math.ceil(len(splits["train"]) * folds / plan.train.batch_size)
    return min(steps, plan.train.steps or steps)
