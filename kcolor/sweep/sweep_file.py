"""A sweep, read from its file: a recipe, the axes along which it is varied, and what to optimize."""

import dataclasses
import hashlib
import itertools
import json
import pathlib
import tomllib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from kcolor import recipes
from kcolor.recipes.toml import plain, toml_value
from kcolor.sweep import sweep_checks
from kcolor.sweep.axis_values import changes_of
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from kcolor.recipes import Recipe


@dataclasses.dataclass(frozen=True)
class Sweep:
    """A grid of recipes, or a search among them. `load` reads one from a file.

    Args:
        name: String. Name of the sweep, and of its study.
        recipe: String or dict. What every trial starts from: a recipe's name, its file, or its sections.
        changes: Tuple of strings ``"section.key=value"``. Changes of the recipe that are the same in every trial.
        grid: Dict. For each key of a recipe a list of the values to try. A value may be a dict of several keys that change
            together. Such an axis may have any name, and such a dict may have a "name" to be shown.
        search: Dict. For each key ``{"low": …, "high": …}`` (also "log" and "step"), or a list of choices. It is given instead
            of a grid.
        optimize: String. Column of ``history.csv`` whose best value is the trial's value.
        repeats: Integer. Number of trials of each point of the grid.
        trials: Integer. Number of trials of a search.
        prune: Boolean. Whether to stop trials that are worse than half of the others at the same epoch.

    >>> sweep = kcolor.sweep.Sweep("rates", "bins-shapes", grid={"optimizer.learning_rate": [0.1, 0.01]}, repeats=2)
    >>> sweep.points()[-1]
    {'optimizer.learning_rate': 0.01, 'train.seed': 1}
    >>> sweep.trial_recipe(sweep.points()[-1]).train.seed
    1
    """

    name: str
    recipe: str | dict[str, Any]
    changes: tuple[str, ...] = ()
    grid: dict[str, list] = dataclasses.field(default_factory=dict)
    search: dict[str, list | dict] = dataclasses.field(default_factory=dict)
    optimize: str = "val_loss"
    repeats: int = 1
    trials: int | None = None
    prune: bool = False

    def __post_init__(self):
        for name in ("grid", "search"):
            object.__setattr__(self, name, {key: plain(values) for key, values in getattr(self, name).items()})

    @property
    def axes(self) -> list[str]:
        """The names of the axes, in the file's order."""
        return list(self.grid or self.search)

    @property
    def direction(self) -> Literal["minimize", "maximize"]:
        """``"minimize"`` or ``"maximize"``, in which direction the optimized value becomes better."""
        return "maximize" if sweep_checks.is_higher_better(self.optimize) else "minimize"

    @property
    def digest(self) -> str:
        """A hash of everything that changes what the sweep computes."""
        given = [self.base_recipe().to_dict(), self.grid, self.search, self.optimize, self.repeats]
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:16]

    def base_recipe(self) -> "Recipe":
        """Returns the recipe that every trial starts from.

        Raises:
            ValueError: If the recipe is wrong, or if it has phases.
        """
        base = recipes.load(self.recipe, self.changes)
        if base.phases is not None:
            raise ValueError(
                "Expected a recipe without [phases], as a trial has one history and one loss. "
                f"Received: {self.recipe}, which is trained in phases. Make a recipe of one of its phases."
            )
        return base

    def points(self) -> list[dict[str, Any]]:
        """Returns the points of the grid: for each trial its value on each axis.

        If there are repeats, each point has ``train.seed`` too, and the seeds are counted up.
        """
        combinations = [dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())]
        if self.repeats == 1:
            return combinations
        seed = self.base_recipe().train.seed
        return [{**point, "train.seed": seed + turn} for turn in range(self.repeats) for point in combinations]

    def trial_recipe(self, point: dict[str, Any]) -> "Recipe":
        """Returns the recipe of one trial.

        Args:
            point: Dict. The trial's value on each axis.

        Returns:
            The recipe.

        Raises:
            ValueError: If no recipe may have such a value.
        """
        return recipes.load(self.recipe, [*self.changes, *changes_of(point)])


def load(path: PathLike, changes: Iterable[str] = (), data: PathLike | None = None) -> Sweep:
    """Reads a sweep.

    Args:
        path: Path of a TOML file.
        changes: Strings ``"section.key=value"``. Changes of every trial's recipe.
        data: String or path. What to train on instead of the recipe's source.

    Returns:
        The sweep. The recipes of all its trials are valid.

    Raises:
        ValueError: If something in the file is wrong. The message names the key, what was expected and what was received.
    """
    path = pathlib.Path(path)
    given = _read(path)
    sections = {name: given.pop(name, {}) for name in ("set", "grid", "search")}
    for name, section in sections.items():
        if not isinstance(section, dict):
            raise ValueError(f"Expected [{name}] in {path} as a table of keys and values. Received: {section!r}")
    settings = sweep_checks.checked_settings(given, path)
    if data is not None:
        from kcolor.recipes.build import absolute_source  # imports Keras

        sections["set"] = {**sections["set"], "data.source": absolute_source(data)}
    sweep_checks.check_axes(sections["grid"], sections["search"], settings, path)
    sweep = Sweep(
        name=path.stem,
        recipe=_beside(settings.pop("recipe"), path),
        changes=(*(f"{key}={toml_value(value)}" for key, value in _flat(sections["set"])), *changes),
        grid=sections["grid"],
        search=sections["search"],
        **settings,
    )
    sweep_checks.check_optimize(sweep.optimize, sweep.base_recipe(), path)
    for point in sweep.points() if sweep.grid else _corners(sweep.search):
        sweep_checks.check_optimize(sweep.optimize, sweep.trial_recipe(point), path)
    return sweep


def _read(path):
    if not path.is_file():
        raise ValueError(f"Expected a sweep's TOML file. There is none at {path}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"Expected {path} to be TOML. {error}") from None


def _flat(given):
    """Yields the keys of [set] and their values. To TOML a key without quotes, ``train.epochs``, is one of a table ``train``.

    A table with a name, ``optimizer = {name = …}``, stays: it is all of a section. (Not of `schedule`, whose keys are fixed.)
    So does ``guide = {model = …}``, of whose keys only one may be there.
    """
    for key, value in given.items():
        is_table = isinstance(value, dict) and value and "." not in key
        if is_table and (key == "schedule" or not (key == "guide" or "name" in value)):
            yield from ((f"{key}.{name}", part) for name, part in value.items())
        else:
            yield key, value


def _corners(search):
    """Returns some points of a search: each choice, and both ends of each range."""
    ends = {key: values if isinstance(values, list) else [values["low"], values["high"]] for key, values in search.items()}
    return [
        {key: values[min(turn, len(values) - 1)] for key, values in ends.items()}
        for turn in range(max(map(len, ends.values())))
    ]


def _beside(name, path):
    """Returns a recipe's name, or the path of its file beside the sweep's."""
    return str(path.parent / name) if name.endswith(".toml") else name
