"""Recipes: everything that a training run needs, as TOML, checked against what kcolor can do.

A recipe is a plain dict of sections. `data`, `train` and `schedule` have the keys listed in `kcolor.sections`; `target`,
`model`, `loss` and `optimizer` have a name in their registry and the options of what it names; `augment` and `age` have the
options of those layers; `guide` says where a guided network's guide comes from; `adversarial`, `discriminator` and
`discriminator_optimizer` are of adversarial training. `phases` has lists of changes by name: the recipe is then trained once
with each, one after the other, each going on from what the last one made. What a recipe does not say is filled in, so that a
finished run's recipe says all of it.
"""

import importlib.resources
import json
import pathlib
import re
import tomllib
from collections.abc import Iterable

from kcolor.recipes.schema import FIXED, LAYERS, NAMED, check_section

DUEL = ("adversarial", "discriminator", "discriminator_optimizer")  # all three or none
OPTIONAL = ("loss", "guide", "augment", "age", *DUEL)  # sections that are left out if a recipe does not have them


def names() -> list[str]:
    """The recipes that come with kcolor."""
    return sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def summary(name: str) -> str:
    """The first line of a recipe's comment: what it trains."""
    return _text(name).splitlines()[0].lstrip("# ")


def load(recipe, changes: Iterable[str] = ()) -> dict:
    """Reads a recipe, changes it, checks it and fills it in.

    Args:
        recipe: a name in `names`, a path to a TOML file, or a dict of sections.
        changes: ``"section.key=value"``, the value as in TOML (strings also without quotes), or a whole section:
            ``'optimizer={name = "sgd", momentum = 0.9}'``.

    Returns:
        A dict of sections.

    Raises:
        ValueError: that names the key, what was expected and what came.
    """
    where = "recipe" if isinstance(recipe, dict) else f"recipe {recipe}"
    try:
        sections = recipe if isinstance(recipe, dict) else tomllib.loads(_text(recipe))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"Expected {where} to be TOML. {error}") from None
    sections = {name: dict(section) if isinstance(section, dict) else section for name, section in sections.items()}
    for change in changes:
        _change(sections, change)
    return check(sections, where)


def check(sections: dict, where: str = "recipe") -> dict:
    """Refuses unknown keys and wrong types by name, and fills in what is not given."""
    known = [*FIXED, *NAMED, *LAYERS]
    if unknown := sorted(set(sections) - {*known, "phases"}):
        raise ValueError(f"Unknown section in {where}. Expected some of {[*known, 'phases']}. Received: {unknown}")
    checked = {}
    for name in known:
        given = sections.get(name)
        if given is None and name in OPTIONAL:
            continue
        given = {} if given is None else given
        if not isinstance(given, dict):
            raise ValueError(f"Expected [{name}] in {where} as a section of keys. Received: {given!r}")
        checked[name] = check_section(name, given, where)
    if checked["data"]["crop"] != "random" and checked["data"]["zoom"] != 1.0:
        raise ValueError(
            f'data.zoom in {where} is for data.crop = "random" alone. Received: crop = "{checked["data"]["crop"]}"'
        )
    guide = checked.get("guide")
    if guide is not None and len(guide) != 1:
        raise ValueError(f"Expected guide.recipe or guide.model in {where}. Received: {guide}")
    if (there := [name for name in DUEL if name in checked]) and len(there) < len(DUEL):
        raise ValueError(f"Adversarial training in {where} needs {', '.join(f'[{name}]' for name in DUEL)}. Received: {there}")
    judged = checked.get("discriminator", {}).get("size", checked["data"]["size"])
    if judged != checked["data"]["size"]:
        raise ValueError(f"Expected discriminator.size in {where} as data.size, {checked['data']['size']}. Received: {judged}")
    if "phases" in sections:
        checked["phases"] = _check_phases(sections["phases"], where)
        for name in checked["phases"]:
            phase(checked, name)
    return checked


def phase(plan: dict, name: str) -> dict:
    """A recipe as it is in one of its phases, checked."""
    sections = {key: dict(section) for key, section in plan.items() if key != "phases"}
    for change in plan["phases"][name]:
        _change(sections, change)
    return check(sections, f"phase {name}")


def _check_phases(phases, where):
    if not isinstance(phases, dict) or not phases:
        raise ValueError(f'Expected [phases] in {where} as lists of changes by name: first = ["train.epochs=3"]')
    for name, changes in phases.items():
        if not re.fullmatch(r"[\w-]+", name, re.ASCII):
            raise ValueError(f"Expected letters, digits, - and _ as the name of a phase in {where}. Received: {name!r}")
        if not isinstance(changes, list) or not all(isinstance(change, str) for change in changes):
            raise ValueError(
                f'Expected phases.{name} in {where} as a list of changes, ["train.epochs=3"]. Received: {changes!r}'
            )
    return phases


def to_toml(sections: dict, comment: str = "") -> str:
    """A checked recipe as TOML."""
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    for name, section in sections.items():
        lines += ["", f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in section.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def toml_value(value) -> str:
    """One value as TOML; a dict as an inline table."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_value(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else repr(value)


def named(section: dict) -> tuple[str, dict]:
    """A section with a name, as ``(name, options)``."""
    return section["name"], {key: value for key, value in section.items() if key != "name"}


def differences(one: dict, other: dict) -> list[str]:
    """What differs between two checked recipes, as ``"section.key: this, that"``."""
    keys = sorted({(name, key) for recipe in (one, other) for name in recipe for key in recipe[name]})
    pairs = [(f"{name}.{key}", one.get(name, {}).get(key), other.get(name, {}).get(key)) for name, key in keys]
    return [f"{key}: {before!r}, {after!r}" for key, before, after in pairs if before != after]


def _change(sections, change):
    key, equals, value = change.partition("=")
    section, dot, name = key.strip().partition(".")
    if not equals or bool(dot) != bool(name):
        raise ValueError(f'Expected a change as "section.key=value", for instance train.epochs=20. Received: {change!r}')
    try:
        value = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        value = value.strip()  # a text without quotes, which a shell has taken away
    if name:
        sections.setdefault(section, {})[name] = value
    elif isinstance(value, dict):
        sections[section] = value
    else:
        raise ValueError(f'Expected a change as "section.key=value" or "section={{key = value}}". Received: {change!r}')


def _text(recipe):
    path = pathlib.Path(recipe)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ValueError(f"There is no recipe file {path}. The recipes that come with kcolor: {', '.join(names())}")
        return path.read_text(encoding="utf-8")
    if str(recipe) not in names():
        raise ValueError(f"Unknown recipe. Expected a path to a .toml file, or one of {names()}. Received: {str(recipe)!r}")
    return (_folder() / f"{recipe}.toml").read_text(encoding="utf-8")


def _folder():
    return importlib.resources.files("kcolor") / "recipes"
