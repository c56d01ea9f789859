"""A run whose recipe may have phases: one training after the other, each beginning with the last one's result."""

import dataclasses
import pathlib
import shutil

from kcolor.colorizer.compatibility import find_metric
from kcolor.recipes.recipe import Recipe
from kcolor.training import history
from kcolor.training.optimizer import build_optimizer
from kcolor.training.run import Run
from kcolor.training.warm_start import weights_of
from kcolor.utils.files import write_text, write_whole


@dataclasses.dataclass
class PhasedRun(Run):
    """A `Run` that also trains recipes with phases.

    Each phase is a run of its own in a folder ``NUMBER-NAME`` of the run's folder. The last one's result is the run's. For a
    recipe without phases this is a `Run`.
    """

    def _train(self) -> None:
        if self.recipe.phases is None:
            super()._train()
            return
        phases = {name: self.recipe.phase(name) for name in self.recipe.phases}
        for phase in phases.values():
            _check_buildable(phase)
        folders = [self.folder / f"{number}-{name}" for number, name in enumerate(phases, start=1)]
        for number, (name, folder) in enumerate(zip(phases, folders, strict=True), start=1):
            self.log(f"Phase {number} of {len(folders)}: {name}")
            _check_nothing_follows(folder, folders[number:])
            changes = [] if number == 1 else [f"train.start=../{folders[number - 2].name}"]
            phase = Recipe.load(phases[name], changes)
            self.beside(phase, folder, tensorboard=self.tensorboard, callbacks=self.callbacks).fit()
        write_text(self.folder / "history.csv", history.to_csv(_joined(folders)))
        write_whole(self.folder / "model.keras", lambda half: shutil.copyfile(folders[-1] / "model.keras", half))


def _check_buildable(recipe: Recipe) -> None:
    """Builds what a phase trains, to see whether its parts go together, before hours are spent on the phases before it."""
    for section in ("optimizer", "discriminator_optimizer"):
        if getattr(recipe, section) is not None:
            build_optimizer(recipe, 1, section)
    if recipe.guide is None:
        weights = {} if weights_of(recipe) is None else {"weights": "random"}  # nothing is fetched, or read, for a look
        colorizer = dataclasses.replace(recipe, model=recipe.model.with_options(**weights)).build_colorizer()
        for metric in recipe.train.metrics:
            find_metric(metric, colorizer.target)


def _check_nothing_follows(folder: pathlib.Path, later: list[pathlib.Path]) -> None:
    """Raises ValueError if a phase is trained anew though later ones began with what it was before."""
    stale = [other for other in later if (other / "target.json").is_file()]
    if stale and not (folder / "last.keras").is_file():
        raise ValueError(
            f"{folder} is not finished, but phases that began with it are there. Delete {' and '.join(map(str, stale))}"
        )


def _joined(folders: list[pathlib.Path]) -> list[dict[str, float]]:
    """The rows of all phases, their epochs counted through."""
    rows: list[dict[str, float]] = []
    for number, folder in enumerate(folders, start=1):
        columns = history.read(folder / "history.csv")
        for row in zip(*columns.values(), strict=True):
            rows.append({**dict(zip(columns, row, strict=True)), "epoch": len(rows) + 1, "phase": number})
    return rows
