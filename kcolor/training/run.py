"""A training run: what a recipe says, trained in a folder from which a killed run continues."""

import dataclasses
import pathlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Self

import keras

from kcolor.colorizer.colorizer import Colorizer
from kcolor.data import Pictures, ReadCounts
from kcolor.recipes.build import count_weights
from kcolor.recipes.recipe import Recipe
from kcolor.saving.load import load as load_colorizer
from kcolor.training import warm_start
from kcolor.training.averaging import ValidateAverages, averaged
from kcolor.training.callbacks import Samples, StopIfNotFinite, direction
from kcolor.training.checkpoint import load_progress, restore_state
from kcolor.training.equal_colorfulness import EqualColorfulness
from kcolor.training.gan_monitor import Watch
from kcolor.training.input_data import batches, fixed_pictures, measured_target, steps_an_epoch
from kcolor.training.keeper import Keeper
from kcolor.training.optimizer import compile_colorizer
from kcolor.training.progress_line import ProgressLine
from kcolor.utils import devices as devices_of_machine
from kcolor.utils import precision as precisions
from kcolor.utils.files import alone_in, make_folder, sweep_leftovers, write_text, write_whole
from kcolor.utils.machines import Machine
from kcolor.utils.memory import reuse_memory

# A run may continue with these changed: they do not change what is computed. (With a cosine schedule train.epochs changes the
# learning rate of every step, so there it may not change.)
MAY_CHANGE = ("train.epochs", "train.samples_every", "data.cache", "data.download", "data.data_dir")
# What a guide's data has of its run's: the pictures, but not how they are cut.
SHARED = ("source", "classes", "weights", "val", "test", "train_limit", "val_limit", "data_dir", "download", "cache")
SAMPLES = 8


@dataclasses.dataclass
class Run:
    """One training, in one folder.

    If the process is killed at any moment, a run of the same recipe in the same folder continues after the last finished epoch,
    and ends with the same weights.

    Args:
        recipe: What is trained.
        folder: Path of the run's folder. It is made if it is missing.
        name: Text. What the recipe is called in the copy of it that the folder gets.
        devices: Integer. How many devices of this machine share each batch.
        machine: `Machine` that this is, of several that train together; None trains alone.
        tensorboard: Bool. Whether to write logs and pictures for TensorBoard.
        callbacks: Keras callbacks of the caller.
        verbose: 0 for silence, 1 for lines of text.
        log: Function that is called with each line of text.
    """

    recipe: Recipe
    folder: pathlib.Path
    name: str = "recipe"
    devices: int = 1
    machine: Machine | None = None
    tensorboard: bool = False
    callbacks: Sequence[keras.callbacks.Callback] = ()
    verbose: int = 1
    log: Callable[[str], object] = print
    pictures: dict[str, Pictures] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        if not self.verbose:
            self.log = _silently
        splits = ("train", "val") if self.recipe.data.val else ("train",)
        # Now, and not when it trains: where there are no pictures, no folder is begun.
        self.pictures = {split: self.recipe.open_pictures(split) for split in splits}

    def fit(self) -> Colorizer:
        """Trains, or continues, until the run is finished.

        Returns:
            The best colorizer by validation, loaded from the run's ``model.keras``.

        Raises:
            ValueError: If the folder has a run of another recipe.
            BusyError: If another process trains in the folder.
        """
        make_folder(self.folder)
        with alone_in(self.folder):
            sweep_leftovers(self.folder)
            self._check_same_run()
            write_text(self.folder / "recipe.toml", self.recipe.to_toml(f"{self.name}, as it ran"))
            self._train()
        return load_colorizer(self.folder / "model.keras")

    def beside(self, recipe: Recipe, folder: pathlib.Path, **options: Any) -> Self:
        """Returns a run of another recipe in another folder, on the same devices and with the same log."""
        same: dict[str, Any] = {key: getattr(self, key) for key in ("devices", "machine", "verbose", "log")}
        return type(self)(recipe, folder, **same, **options)

    def _check_same_run(self) -> None:
        """Raises ValueError if the folder has a run of another recipe; one that ended before it computed anything is none."""
        folder = self.folder
        if not any(folder.glob("target.json")) and not any(folder.glob("*-*/target.json")):  # a run, or the first of its phases
            if strangers := [name for name in ("model.keras", "history.csv", "state.npz") if (folder / name).exists()]:
                raise ValueError(
                    f"Expected {folder} as a new folder, or that of a run. It has a {strangers[0]} of something else. "
                    "Choose another folder"
                )
            return
        before = Recipe.load(folder / "recipe.toml")
        fixed = {"train.epochs"} if self.recipe.schedule.name == "cosine" else set()
        may_change = () if before.phases is not None else tuple(key for key in MAY_CHANGE if key not in fixed)
        changed = [line for line in before.differences(self.recipe) if not line.startswith(may_change)]
        kept = (file for name in ("state.npz", "*.keras") for file in folder.rglob(name))
        if changed and not any(kept):  # it ended before its first epoch: nothing is lost
            for measured in folder.rglob("target.json"):
                measured.unlink()
        elif changed:
            raise ValueError(
                f"{folder} has a run of another recipe (before, now: {'; '.join(changed)}). "
                "Choose another folder, or delete that one"
            )

    def _train(self) -> None:
        progress = load_progress(self.folder / "state.npz")
        if progress and self._is_finished(progress):
            self.log(f"{self.folder} is finished: {progress['epoch']} epochs, the best was {progress['best_epoch']}")
            return
        train = self.recipe.train
        spread = devices_of_machine.spread_over(self.devices)  # before anything else touches the devices
        keras.utils.set_random_seed(train.seed)
        if train.deterministic:
            devices_of_machine.make_deterministic()
        for pictures in self.pictures.values():
            self.log(pictures.description)
        guide = self._guide()
        if guide is not None:
            keras.utils.set_random_seed(train.seed)  # again: to train a guide draws other numbers than to load it
        start = None if progress else warm_start.find(self.recipe, self.folder)
        target = measured_target(self.recipe, self.folder, self.pictures["train"], start.colorizer if start else None, self.log)
        counts = ReadCounts()
        try:
            with reuse_memory(), precisions.policy(precisions.precision(train.precision)), spread:
                colorizer = warm_start.without_pretrained(self.recipe).build_colorizer(target, guide)
                if start is not None:
                    start.give_weights(colorizer)
                self._compile(colorizer)
                self._fit(colorizer, progress, counts, measures_start=start is not None)
        except Exception as error:
            # What goes wrong while pictures are read comes wrapped in a page of TensorFlow's words.
            if counts.error is not None and error is not counts.error:
                raise counts.error from None
            raise

    def _is_finished(self, progress: dict) -> bool:
        """Whether all is trained, and the last files are written. A killed run may have to write those once more."""
        last = ["last.keras"] if self.recipe.discriminator is None else ["last.keras", warm_start.DISCRIMINATOR]
        return self._is_trained(progress) and all((self.folder / name).is_file() for name in last)

    def _is_trained(self, progress: dict) -> bool:
        return progress["epoch"] >= self.recipe.train.epochs or progress["stopped"]

    def _guide(self) -> Colorizer | None:
        """The colorizer that guides this one: trained here first, or a finished one."""
        guide = self.recipe.guide
        if guide is None:
            return None
        if guide.recipe is None:
            return load_colorizer(str(guide.model))
        self.log(f"First the guide: {guide.recipe}")
        shared = {key: value for key in SHARED if (value := getattr(self.recipe.data, key)) is not None}
        recipe = Recipe.load(guide.recipe, sections={"data": shared})
        return self.beside(recipe, self.folder / "guide", name=pathlib.Path(guide.recipe).stem).fit()

    def _compile(self, colorizer: Colorizer) -> None:
        steps = steps_an_epoch(self.recipe, len(self.pictures["train"]))
        weights, policy = count_weights(colorizer), keras.config.dtype_policy().name
        self.log(f"{colorizer.network.name}: {weights:,} weights to train, {policy}, {steps} steps an epoch")
        compile_colorizer(colorizer, self.recipe, steps, training_metrics="val" not in self.pictures)

    def _fit(self, colorizer: Colorizer, progress: dict | None, counts: ReadCounts, measures_start: bool) -> None:
        first = progress["epoch"] if progress else 0
        if progress:  # also of epoch 0: its weights may be those of train.start
            restore_state(self.folder / "state.npz", colorizer)
            self.log(f"Continues after epoch {first}" if first else "Continues with its first epoch")
        shown = list(fixed_pictures(self.recipe, self.pictures.get("val", self.pictures["train"]), SAMPLES))
        deciding = self._deciding(colorizer, shown)
        keeper = Keeper(self.folder, colorizer.for_inference(), self.monitor, deciding, progress)
        if not (progress and self._is_trained(progress)):
            with warnings.catch_warnings():
                # How many batches there are is known after the first epoch: what is grey or broken is left out on the way.
                warnings.filterwarnings("ignore", "Your input ran out of data")
                measuring = self._measuring()
                if measures_start and "val" in self.pictures:
                    self._measure_start(colorizer, keeper, measuring)
                # What stops a run before anything is measured or kept, what decides, what keeps, what shows: in this order.
                theirs = [StopIfNotFinite(), *measuring, *self.callbacks, ValidateAverages()]
                ours = [*deciding, keeper, *self._showing(keeper, shown)]
                self._fit_epochs(colorizer, first, [*theirs, *ours], counts)
        self._finish(colorizer, keeper)

    def _measure_start(self, colorizer: Colorizer, keeper: Keeper, measuring: Sequence[EqualColorfulness]) -> None:
        found = colorizer.evaluate(self._batches("val"), return_dict=True, verbose=0)
        logs = {f"val_{name}": value for name, value in found.items()}
        for callback in measuring:
            logs |= callback.measure(colorizer)
        keeper.consider_start(logs)
        self.log("before the first epoch: " + "  ".join(f"{name} {value:.4g}" for name, value in logs.items()))

    def _fit_epochs(self, colorizer: Colorizer, first: int, callbacks: list, counts: ReadCounts) -> None:
        recipe = self.recipe
        colorizer.fit(
            self._batches("train", shuffle=True, first_epoch=first, counts=counts),
            validation_data=self._batches("val") if "val" in self.pictures else None,
            initial_epoch=first,
            epochs=recipe.train.epochs,
            callbacks=callbacks,
            verbose=0,
        )
        self.log(counts.summary())
        stop_at = recipe.adversarial and recipe.adversarial.stop_at_accuracy
        if stop_at and not colorizer.stop_training:
            share = f"{100 * stop_at:.0f} %"
            self.log(f"warning: fewer than {share} are told apart after all epochs (adversarial.stop_at_accuracy)")

    def _batches(self, split: str, **options: Any) -> Any:
        return batches(self.recipe, self.pictures[split], machine=self.machine, devices=self.devices, **options)

    def _finish(self, colorizer: Colorizer, keeper: Keeper) -> None:
        with averaged(colorizer):  # both files get the averages: a run that is killed here writes them once more
            if self.recipe.discriminator is not None:  # for a training that begins with this one; colouring needs none
                write_whole(self.folder / warm_start.DISCRIMINATOR, colorizer.discriminator.save)
            keeper.finish()
        best = keeper.progress
        when = f"after epoch {best['best_epoch']}" if best["best_epoch"] else "before the first epoch"
        self.log(f"Best {when}: {keeper.monitor} {best['best']:.5g}. {self.folder / 'model.keras'}")

    @property
    def monitor(self) -> str:
        """What the best weights are best in. Not what a discriminator says of them: it is another one every epoch."""
        adversarial = self.recipe.adversarial
        has_content = adversarial is not None and adversarial.trains != "discriminator"
        usual = ("val_" if "val" in self.pictures else "") + ("content" if has_content else "loss")
        return self.recipe.train.monitor or usual

    def _measuring(self) -> list[EqualColorfulness]:
        """What adds to the logs of an epoch."""
        count = self.recipe.train.equal_colorfulness
        if not count or "val" not in self.pictures:
            return []
        return [EqualColorfulness(fixed_pictures(self.recipe, self.pictures["val"], count, self.recipe.working_size))]

    def _deciding(self, colorizer: Colorizer, shown: list) -> list[keras.callbacks.Callback]:
        """What changes the learning rate, or stops the training."""
        train, adversarial = self.recipe.train, self.recipe.adversarial
        monitored = {"monitor": self.monitor, "mode": direction(colorizer, self.monitor)}
        found: list[keras.callbacks.Callback] = []
        if train.drop_patience is not None:
            dropping = {"factor": train.drop_factor, "patience": train.drop_patience}
            found.append(keras.callbacks.ReduceLROnPlateau(**monitored, **dropping))
        if train.patience is not None:
            found.append(keras.callbacks.EarlyStopping(**monitored, patience=train.patience))
        if adversarial is not None:
            advises = adversarial.trains == "both" and adversarial.factor > 0
            found.append(Watch(shown, advises, adversarial.stop_at_accuracy, self.log))
        return found

    def _showing(self, keeper: Keeper, shown: list) -> list[keras.callbacks.Callback]:
        train, board = self.recipe.train, self.folder / "tensorboard" if self.tensorboard else None
        found: list[keras.callbacks.Callback] = []
        if self.verbose:
            found.append(ProgressLine(train.epochs, train.batch_size, keeper, self.log))
        found.append(Samples(self.folder / "samples", shown, train.samples_every, board))
        if board:
            found.append(keras.callbacks.TensorBoard(board, write_graph=False))
        return found


def _silently(line: str) -> None:
    """Drops a line of text."""
