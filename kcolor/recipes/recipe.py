"""A recipe: everything that a training run needs, read from TOML and checked against what kcolor can do.

The sections `data`, `train`, `schedule`, `guide` and `adversarial` have the keys of the dataclasses in
`kcolor.recipes.schema`. `target`, `model`, `loss`, `optimizer`, `discriminator` and `discriminator_optimizer` name something
in a registry and give its options; `augment` and `age` give the options of those layers. `phases` has lists of changes by
name: the recipe is then trained once with each list, one after the other, and each phase begins with the last one's result.
"""

import dataclasses
import tomllib
import typing
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self, TypeAlias

import keras

from kcolor.augment import Age, Geometry
from kcolor.colorizer.adversarial import AdversarialColorizer
from kcolor.colorizer.colorizer import Colorizer
from kcolor.data import Pictures
from kcolor.losses import LOSSES
from kcolor.metrics import METRICS
from kcolor.models import DISCRIMINATORS, NETWORKS
from kcolor.models import build as build_model
from kcolor.recipes import build, shipped, toml
from kcolor.recipes.checks import check_phases, check_together
from kcolor.recipes.registries import OPTIMIZERS
from kcolor.recipes.schema import Adversarial, Data, Guide, Named, Options, Schedule, Section, Train
from kcolor.targets import TARGETS
from kcolor.targets import get as get_target
from kcolor.targets.base import ColorTarget
from kcolor.utils.types import PathLike

Given: TypeAlias = "Recipe | PathLike | Mapping[str, Any]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that a training run needs: the sections of a recipe as attributes, and what is built from them.

    `Recipe.load` makes one, and checks it. A section that is None is one that the recipe does not have.

    >>> recipe = kcolor.recipes.load("bins-shapes", ["train.epochs=20"])
    >>> recipe.train.epochs, recipe.data.crop, recipe.model.name, recipe.model.options
    (20, 'center', 'unet', {'filters': [16, 32]})
    """

    data: Data
    train: Train
    schedule: Schedule
    guide: Guide | None = None
    adversarial: Adversarial | None = None
    target: Annotated[Named, TARGETS]
    model: Annotated[Named, NETWORKS]
    loss: Annotated[Named | None, LOSSES] = None
    optimizer: Annotated[Named, OPTIMIZERS]
    discriminator: Annotated[Named | None, DISCRIMINATORS] = None
    discriminator_optimizer: Annotated[Named | None, OPTIMIZERS] = None
    augment: Annotated[Options | None, Geometry] = None
    age: Annotated[Options | None, Age] = None
    phases: dict[str, list[str]] | None = None

    @classmethod
    def load(cls, recipe: Given, changes: Iterable[str] = (), sections: Mapping[str, Mapping[str, Any]] | None = None) -> Self:
        """Reads a recipe, changes it, checks it and fills in what is not given.

        Args:
            recipe: A name in `kcolor.recipes.names`, a path to a TOML file, a dict of sections, or a `Recipe`.
            changes: Texts. Each is ``"section.key=value"``, the value as in TOML (texts also without quotes), or a whole
                section: ``'optimizer={name = "sgd", momentum = 0.9}'``.
            sections: Dict of dicts. More changes, as Python values: the keys given replace the recipe's.

        Returns:
            A `Recipe`.

        Raises:
            ValueError: that names the key, what was expected and what came.

        >>> kcolor.recipes.load("photo", sections={"train": {"epochs": 3}}).train.epochs
        3
        """
        given, where = _read(recipe)
        for change in changes:
            toml.apply_change(given, change, _TEXTS)
        for name, section in (sections or {}).items():
            if not isinstance(section, Mapping):
                raise ValueError(f"Expected the section {name} as a dict of its keys. Received: {section!r}")
            toml.merge(given, name, section)
        return cls._checked(given, where)

    @classmethod
    def _checked(cls, given: Mapping[str, Any], where: str) -> Self:
        known = [*_SECTIONS, "phases"]
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"Unknown section in {where}. Expected some of {known}. Received: {unknown}")
        made = {}
        for name, (kind, about, is_optional) in _SECTIONS.items():
            section = given.get(name)
            if section is None and is_optional:
                continue
            made[name] = kind.read({} if section is None else section, name, where, *about)
        recipe = cls(**made, phases=check_phases(given["phases"], where) if "phases" in given else None)
        if unknown := sorted(set(recipe.train.metrics) - set(METRICS)):
            raise ValueError(f"Expected train.metrics in {where} as some of {sorted(METRICS)}. Received: {unknown}")
        check_together(recipe, where)
        for name in recipe.phases or ():
            recipe.phase(name)
        return recipe

    @property
    def working_size(self) -> int:
        """The shorter side of what the trained network sees of a photo."""
        return self.data.working_size or self.data.size

    def open_pictures(self, split: str) -> Pictures:
        """Opens the pictures of a split: "train", "val" or "test".

        >>> len(kcolor.recipes.load("bins-shapes", ["data.val_limit=7"]).open_pictures("val"))
        7
        """
        return build.open_pictures(self.data, split)

    def build_target(self) -> ColorTarget:
        """Builds the colour target, unmeasured.

        >>> kcolor.recipes.load("bins-shapes").build_target().channels
        32
        """
        return get_target(self.target.name, **self.target.options)

    def build_network(self, target: ColorTarget | None = None) -> keras.Model:
        """Builds the network, untrained.

        Args:
            target: Measured already; by default as the recipe says, unmeasured.

        >>> kcolor.recipes.load("bins-shapes").build_network().name
        'unet'
        """
        return build_model(self.model.name, self.build_target() if target is None else target, **self.model.options)

    def build_colorizer(self, target: ColorTarget | None = None, guide: Colorizer | None = None) -> Colorizer:
        """Builds the colorizer, untrained, in the present dtype policy.

        Args:
            target: Measured already; by default as the recipe says, unmeasured.
            guide: A colorizer, for a guided network.

        Returns:
            An uncompiled colorizer, with a discriminator if the recipe has one.

        >>> kcolor.recipes.load("bins-shapes").build_colorizer().size
        32
        """
        target = self.build_target() if target is None else target
        options: dict[str, Any] = {"size": self.working_size, "guide": guide, "stretch_tone": self.data.stretch_tone}
        options["smooth_grain"] = self.data.smooth_grain
        if self.augment is not None:
            options["augment"] = Geometry(**self.augment.options)
        if self.age is not None:
            options["age"] = Age(**self.age.options)
        if self.discriminator is None:
            return Colorizer(self.build_network(target), target, **options)
        rival = self.discriminator.options
        if self.discriminator.name == "complexity_discriminator":  # which is of one size
            rival = {"size": self.data.size, **rival}
        discriminator = build_model(self.discriminator.name, **rival)
        return AdversarialColorizer(self.build_network(target), target, discriminator, **options)

    def phase(self, name: str) -> Self:
        """Returns the recipe as it is in one of its phases.

        >>> kcolor.recipes.load("nogan-photos").phase("small").data.size
        64
        """
        sections = self.to_dict()
        for change in sections.pop("phases")[name]:
            toml.apply_change(sections, change, _TEXTS)
        return self._checked(sections, f"phase {name}")

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Returns the sections as dicts, as `load` takes them, with everything that was filled in.

        >>> kcolor.recipes.load("bins-shapes").to_dict()["model"]
        {'name': 'unet', 'filters': [16, 32]}
        """
        there = {name: section for name in _SECTIONS if (section := getattr(self, name)) is not None}
        sections = {name: section.to_dict() for name, section in there.items()}
        return sections if self.phases is None else {**sections, "phases": dict(self.phases)}

    def to_toml(self, comment: str | None = None) -> str:
        """Returns the recipe as TOML, with everything that was filled in.

        >>> kcolor.recipes.load("bins-shapes").to_toml("Mine.").splitlines()[:4]
        ['# Mine.', '', '[data]', 'source = "shapes"']
        """
        return toml.to_toml(self.to_dict(), comment)

    def differences(self, other: "Recipe") -> list[str]:
        """Returns what differs in another recipe, as ``"section.key: this, that"``.

        >>> recipe = kcolor.recipes.load("bins-shapes")
        >>> recipe.differences(kcolor.recipes.load(recipe, ["train.epochs=3"]))
        ['train.epochs: 14, 3']
        """
        both = one, two = self.to_dict(), other.to_dict()
        keys = sorted({(name, key) for sections in both for name, section in sections.items() for key in section})
        pairs = [(f"{name}.{key}", one.get(name, {}).get(key), two.get(name, {}).get(key)) for name, key in keys]
        return [f"{key}: {before!r}, {after!r}" for key, before, after in pairs if before != after]


def load(recipe: Given, changes: Iterable[str] = (), sections: Mapping[str, Mapping[str, Any]] | None = None) -> Recipe:
    """Reads a recipe, changes it, checks it and fills in what is not given: see `Recipe.load`.

    >>> kcolor.recipes.load("bins-shapes", ["optimizer.learning_rate=0.01"]).optimizer.options["learning_rate"]
    0.01
    """
    return Recipe.load(recipe, changes, sections)


def _sections() -> dict[str, tuple[Any, list, bool]]:
    """By section: its class, the registry or layer it is about, and whether a recipe may lack it."""
    found = {}
    for name, hint in typing.get_type_hints(Recipe, include_extras=True).items():
        kind, *about = typing.get_args(hint) if typing.get_origin(hint) is Annotated else (hint,)
        parts = typing.get_args(kind)
        found[name] = (next(iter(parts), kind), about, type(None) in parts)
    del found["phases"]
    return found


_SECTIONS = _sections()
_TEXTS = {f"{name}.{key}" for name, (kind, _, _) in _SECTIONS.items() if issubclass(kind, Section) for key in kind.texts()}


def _read(recipe: Given) -> tuple[dict[str, Any], str]:
    """The sections of a recipe, which may be changed, and what messages call it."""
    where = "recipe" if isinstance(recipe, (Recipe, Mapping)) else f"recipe {recipe}"
    if isinstance(recipe, Recipe):
        sections: Mapping[str, Any] = recipe.to_dict()
    elif isinstance(recipe, Mapping):
        sections = recipe
    else:
        try:
            sections = tomllib.loads(shipped.text(recipe))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ValueError(f"Expected {where} to be TOML. {error}") from None
    for name, section in sections.items():
        if name != "phases" and not isinstance(section, Mapping) and section is not None:
            raise ValueError(f"Expected [{name}] in {where} as a section of keys. Received: {section!r}")
    return {name: dict(section) if isinstance(section, Mapping) else section for name, section in sections.items()}, where
