"""What a sweep is: a recipe, the axes along which it is varied, and what is to become best."""

import dataclasses
import hashlib
import itertools
import json
import pathlib
import tomllib
from collections.abc import Iterable

from kcolor import recipes
from kcolor.recipes.build import absolute_source
from kcolor.recipes.toml import toml_value

# Key: (type, default). The rest of a sweep's file are the sections [set], [grid] and [search].
KEYS = {
    "recipe": (str, None),  # a recipe's name, or a TOML file beside the sweep
    "optimize": (str, "val_loss"),  # a column of history.csv
    "repeats": (int, 1),  # of every point of the grid, each with another seed
    "trials": (int, None),  # of a search
    "prune": (bool, False),  # stop a trial that is worse than half of the others at the same epoch
}
# What can be optimized. Colourfulness is not there: more is not better.
HIGHER_IS_BETTER = {
    **dict.fromkeys(("psnr", "ssim", "pixel_accuracy", "bin_accuracy"), True),
    **dict.fromkeys(
        ("loss", "rmse", "ab_rmse", "ab_distance", "ciede2000", "colorfulness_difference", "color_drift", "lpips"), False
    ),
}
RANGE = {"low", "high", "log", "step"}


@dataclasses.dataclass(frozen=True)
class Sweep:
    """A sweep; `load` reads it from a file.

    Args:
        name: of the study.
        recipe: what every trial starts from: a name, a file or a dict.
        changes: of the recipe, as ``"section.key=value"``, the same in every trial.
        grid: for each key of a recipe the values to try. A value may be a table of several keys that change together; such an
            axis may have any name, and the table a "name" to be shown.
        search: for each key ``{"low": …, "high": …}`` (and "log", "step"), or a list of choices; instead of a grid.
        optimize: the column of ``history.csv`` whose best value is the trial's.
        repeats: trials of each point of the grid.
        trials: how many trials a search has.
        prune: whether hopeless trials are stopped.
    """

    name: str
    recipe: str | dict
    changes: tuple[str, ...] = ()
    grid: dict = dataclasses.field(default_factory=dict)
    search: dict = dataclasses.field(default_factory=dict)
    optimize: str = "val_loss"
    repeats: int = 1
    trials: int | None = None
    prune: bool = False

    @property
    def axes(self) -> list[str]:
        """The keys that vary, in the file's order."""
        return list(self.grid or self.search)

    @property
    def direction(self) -> str:
        """``"minimize"`` or ``"maximize"``: a loss is better when it is lower, a metric says it itself."""
        return "maximize" if _is_up(self.optimize) else "minimize"

    @property
    def digest(self) -> str:
        """Says whether two sweeps are the same one: what computes the same has the same."""
        text = json.dumps([self.base().to_dict(), self.grid, self.search, self.optimize, self.repeats], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def base(self) -> "recipes.Recipe":
        """The recipe that every trial starts from, checked and filled in."""
        base = recipes.load(self.recipe, self.changes)
        if base.phases is not None:
            raise ValueError(
                f"{self.name} sweeps over {self.recipe}, which is trained in phases: a trial has one history, and one loss. "
                "Expected a recipe without [phases]; a phase of it can be one"
            )
        return base

    def points(self) -> list[dict]:
        """Every trial of the grid, as values by key; `repeats` times, with ``train.seed`` counted up."""
        combinations = [dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())]
        if self.repeats == 1:
            return combinations
        seed = self.base().train.seed
        return [{**point, "train.seed": seed + turn} for turn in range(self.repeats) for point in combinations]

    def plan(self, point: dict) -> "recipes.Recipe":
        """The recipe of one trial."""
        return recipes.load(self.recipe, [*self.changes, *_changes(point)])


def label(value):
    """A value of an axis as Optuna keeps it and people read it: lists as text, a table by its name."""
    if isinstance(value, dict):
        return value.get("name") or ", ".join(f"{key}={label(part)}" for key, part in value.items())
    return json.dumps(value) if isinstance(value, list) else value


def load(path, changes: Iterable[str] = (), data=None) -> Sweep:
    """Reads a sweep.

    Args:
        path: a TOML file.
        changes: ``"section.key=value"`` each, for every trial.
        data: what to train on instead of the recipe's source.

    Returns:
        A `Sweep` each of whose trials' recipes is valid.

    Raises:
        ValueError: that names the key, what was expected and what came.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(f"Expected a sweep's TOML file. There is none at {path}")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"Expected {path} to be TOML. {error}") from None
    sections = {name: given.pop(name, {}) for name in ("set", "grid", "search")}
    settings = _settings(given, path)
    if data is not None:
        sections["set"] = {**sections["set"], "data.source": absolute_source(data)}
    _check_axes(sections, settings, path)
    sweep = Sweep(
        name=path.stem,
        recipe=_beside(settings.pop("recipe"), path),
        changes=(*(f"{key}={toml_value(value)}" for key, value in sections["set"].items()), *changes),
        grid=sections["grid"],
        search=sections["search"],
        **settings,
    )
    _check_trials(sweep, path)
    return sweep


def _settings(given, path):
    if unknown := sorted(set(given) - set(KEYS)):
        raise ValueError(
            f"Unknown key in {path}. Expected some of {[*KEYS, '[set]', '[grid]', '[search]']}. Received: {unknown}"
        )
    for key, value in given.items():
        if type(value) is not KEYS[key][0]:
            raise ValueError(f"Expected {key} in {path} as {KEYS[key][0].__name__}. Received: {value!r}")
    settings = {key: given.get(key, default) for key, (_, default) in KEYS.items()}
    if settings["recipe"] is None:
        raise ValueError(f"Expected `recipe` in {path}: what every trial starts from. It is not there")
    if settings["repeats"] < 1 or (settings["trials"] or 1) < 1:
        raise ValueError(f"Expected repeats and trials in {path} as 1 or more. Received: {settings}")
    return settings


def _check_axes(sections, settings, path):
    if bool(sections["grid"]) == bool(sections["search"]):
        raise ValueError(f"Expected a [grid] or a [search] in {path}. Received: {'both' if sections['grid'] else 'neither'}")
    for key, values in sections["grid"].items():
        if not isinstance(values, list) or not values:
            raise ValueError(f"Expected {key} in [grid] of {path} as a list of values to try. Received: {values!r}")
        if len({str(label(value)) for value in values}) < len(values):
            raise ValueError(f"Expected the values of {key} in [grid] of {path} to differ. Received: {values!r}")
    for key, values in sections["search"].items():
        is_range = isinstance(values, dict) and {"low", "high"} <= set(values) <= RANGE
        if not is_range and not (isinstance(values, list) and values):
            raise ValueError(
                f"Expected {key} in [search] of {path} as {{low = …, high = …}} (also log = true, step = …) or a list of "
                f"choices. Received: {values!r}"
            )
    if sections["search"] and settings["trials"] is None:
        raise ValueError(f"Expected `trials` in {path}: how many a search has. It is not there")
    if sections["search"] and settings["repeats"] != 1:
        raise ValueError(
            f"`repeats` in {path} is for a [grid]; a search meets good points again by itself. Received a [search]"
        )


def _check_trials(sweep, path):
    _is_up(sweep.optimize)
    base = sweep.base()
    name = sweep.optimize.removeprefix("val_")
    if name != "loss" and name not in base.train.metrics:
        raise ValueError(
            f"Expected `optimize` in {path} as loss, val_loss, or one of train.metrics {base.train.metrics}. "
            f"Received: {sweep.optimize!r}"
        )
    if sweep.optimize.startswith("val_") and not base.data.val:
        raise ValueError(f"`optimize` in {path} is {sweep.optimize!r}, and data.val is 0: there are no validation pictures")
    for point in sweep.points() if sweep.grid else _corners(sweep.search):
        sweep.plan(point)


def _changes(point):
    """A point as changes of a recipe; a table stands for the keys in it."""
    for key, value in point.items():
        parts = {name: part for name, part in value.items() if name != "name"} if isinstance(value, dict) else {key: value}
        yield from (f"{name}={toml_value(part)}" for name, part in parts.items())


def _corners(search):
    """Some points of a search: each choice, and both ends of each range."""
    ends = {key: values if isinstance(values, list) else [values["low"], values["high"]] for key, values in search.items()}
    return [
        {key: values[min(turn, len(values) - 1)] for key, values in ends.items()}
        for turn in range(max(map(len, ends.values())))
    ]


def _beside(name, path):
    """A recipe's name, or the file of that name beside the sweep."""
    return str(path.parent / name) if name.endswith(".toml") else name


def _is_up(column):
    name = column.removeprefix("val_")
    if name not in HIGHER_IS_BETTER:
        raise ValueError(
            f"Expected `optimize` as one of {sorted(HIGHER_IS_BETTER)}, with or without val_. Received: {column!r}"
        )
    return HIGHER_IS_BETTER[name]
