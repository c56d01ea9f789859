"""Recipes: everything that a training run needs, as TOML, checked against what kcolor can do.

A recipe is a plain dict of sections. `data`, `train` and `schedule` have the keys listed here; `target`, `model`, `loss` and
`optimizer` have a name in their registry and the options of what it names; `augment` and `age` have the options of those
layers; `guide` says where a guided network's guide comes from; `adversarial`, `discriminator` and `discriminator_optimizer` are
of adversarial training. `phases` has lists of changes by name: the recipe is then trained once with each, one after the other,
each going on from what the last one made. What a recipe does not say is filled in, so that a finished run's recipe says all of
it.
"""

import importlib.resources
import inspect
import json
import pathlib
import re
import tomllib
from collections.abc import Iterable

import keras

from kcolor import augment, losses, models, targets
from kcolor.rivals import TRAINS

REQUIRED = object()
ANY = (bool, int, float, str, list)

# Key: (what it may be, what it is if not given). None is "not given", which TOML has no word for.
DATA = {
    "source": (str, None),  # a name in kcolor.data.SOURCES, a folder or a zip
    "size": (int, REQUIRED),  # of the square that the network sees in training
    "working_size": (int, None),  # shorter side of what it sees of a photo afterwards; as in training if not given
    "fit": (str, "center"),  # or "random", "squash"
    "zoom": (float, 1.0),  # with "random": up to how many times `size` the picture is, before it is cropped
    "expand": ((str, int), None),  # a name in kcolor.data.EXPANSIONS, or a number of copies
    "classes": (list, None),
    "val": (float, 0.1),  # shares, where the source has no such split
    "test": (float, 0.1),
    "train_limit": (int, None),
    "val_limit": (int, None),
    "test_limit": (int, None),
    "skip_gray": (bool, True),
    "max_broken": (float, 0.05),
    "data_dir": (str, None),
    "download": (bool, False),
    "cache": (str, None),
}
TRAIN = {
    "start": (str, None),  # a colorizer to go on from: a name, a file, the folder of a run; its tables are taken too
    "batch_size": (int, 32),
    "epochs": (int, 10),
    "precision": (str, "auto"),
    "seed": (int, 0),
    "metrics": (list, ["psnr", "ab_distance"]),  # measured on the validation pictures
    "monitor": (str, None),  # what the best weights are best in; val_loss if not given
    "patience": (int, None),  # stop after so many epochs without a better one
    "drop_patience": (int, None),  # multiply the learning rate by drop_factor after so many
    "drop_factor": (float, 0.2),
    "measure_limit": (int, 20_000),  # pictures that bin tables are measured on
    "samples_every": (int, 5),  # epochs between contact sheets
    "deterministic": (bool, True),
    "jit_compile": (bool, None),
}
SCHEDULE = {
    "name": (str, "constant"),  # or "cosine"
    "warmup": (float, 0.0),  # epochs in which the learning rate rises from nothing
    "end": (float, 0.0),  # what is left of the learning rate in the end
}
GUIDE = {
    "recipe": (str, None),  # trained first, in the same run, on the same data
    "model": (str, None),  # or a finished colorizer's file
}
ADVERSARIAL = {  # see kcolor.gan.AdversarialColorizer.compile
    "factor": (float, 0.1),
    "kind": (str, "bce"),
    "label_smoothing": (float, 0.0),
    "hold_out": (int, 1),
    "trains": (str, "both"),
    "enough": (float, None),  # stop as soon as so large a share of real and made pictures is told apart
}
PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")
CHOICES = {
    ("data", "fit"): ("center", "random", "squash"),
    ("train", "precision"): PRECISIONS,
    ("schedule", "name"): ("constant", "cosine"),
    ("adversarial", "kind"): losses.ADVERSARIAL_KINDS,
    ("adversarial", "trains"): TRAINS,
}
SHARES = {("adversarial", "factor"), ("adversarial", "label_smoothing"), ("adversarial", "enough")}
POSITIVE = {
    ("data", "size"),
    ("data", "working_size"),
    ("train", "batch_size"),
    ("train", "epochs"),
    ("train", "samples_every"),
    ("train", "measure_limit"),
    ("adversarial", "hold_out"),
}

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
FIXED = {"data": DATA, "train": TRAIN, "schedule": SCHEDULE, "guide": GUIDE, "adversarial": ADVERSARIAL}
NAMED = {
    "target": targets.TARGETS,
    "model": models.MODELS,
    "loss": losses.LOSSES,
    "optimizer": OPTIMIZERS,
    "discriminator": {name: model for name, model in models.MODELS.items() if not models.takes_target(name)},
    "discriminator_optimizer": OPTIMIZERS,
}
LAYERS = {"augment": augment.Geometry, "age": augment.Age}
DUEL = ("adversarial", "discriminator", "discriminator_optimizer")  # all three or none
OPTIONAL = ("loss", "guide", "augment", "age", *DUEL)  # sections that are left out if a recipe does not have them
NOT_OPTIONS = {"target", "measured", "self", "kwargs", "name"}


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
    if checked["data"]["fit"] != "random" and checked["data"]["zoom"] != 1.0:
        raise ValueError(f'data.zoom in {where} is for data.fit = "random" alone. Received: fit = "{checked["data"]["fit"]}"')
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


def check_section(name: str, given: dict, where: str = "recipe") -> dict:
    """One section, checked and filled in."""
    if name in FIXED:
        allowed = FIXED[name]
    elif name in NAMED:
        allowed = _options(NAMED[name], name, given, where)
    else:
        allowed = _signature(LAYERS[name])
    if unknown := sorted(set(given) - set(allowed)):
        raise ValueError(f"Unknown key in [{name}] of {where}. Expected some of {sorted(allowed)}. Received: {unknown}")
    filled = {}
    for key, (kinds, default) in allowed.items():
        if key in given:
            filled[key] = _check_value(f"{name}.{key}", given[key], kinds, where)
        elif default is REQUIRED:
            raise ValueError(f"Expected {name}.{key} in {where}. It is not there")
        elif name in FIXED and default is not None:
            filled[key] = default
        if key in filled and filled[key] not in CHOICES.get((name, key), [filled[key]]):
            raise ValueError(f"Expected {name}.{key} as one of {CHOICES[name, key]}. Received: {filled[key]!r}")
        if (name, key) in SHARES and key in filled and not 0 <= filled[key] <= 1:
            raise ValueError(f"Expected {name}.{key} in {where} in [0, 1]. Received: {filled[key]!r}")
        if (name, key) in POSITIVE and key in filled and filled[key] < 1:
            raise ValueError(f"Expected {name}.{key} as at least 1. Received: {filled[key]!r}")
    return filled


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


def _options(registry, section, given, where):
    if given.get("name") not in registry:
        raise ValueError(
            f"Expected {section}.name in {where} as one of {sorted(registry)}. Received: {given.get('name', 'nothing')!r}"
        )
    return {"name": (str, REQUIRED), **_signature(registry[given["name"]])}


def _signature(function):
    """The options of a function or class; what they may be is read from their defaults."""
    options = {}
    for key, parameter in inspect.signature(function).parameters.items():
        if key in NOT_OPTIONS or parameter.kind == parameter.VAR_KEYWORD:
            continue
        default = None if parameter.default is parameter.empty else parameter.default
        options[key] = (ANY if default is None or callable(default) else _kinds(default), default)
    return options


def _kinds(default):
    if isinstance(default, float):
        # A number a level, or one for all (dropout of the U-Net): the builder says if it cannot take a list.
        return (float, list)
    return (list,) if isinstance(default, tuple) else (type(default),)


def _check_value(key, value, kinds, where):
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if float in kinds and isinstance(value, int) and not isinstance(value, bool):
        return value if kinds == ANY else float(value)
    if not any(type(value) is kind for kind in kinds):
        words = {list: "a list", bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        expected = " or ".join(words[kind] for kind in kinds)
        raise ValueError(f"Expected {key} in {where} as {expected}. Received: {value!r}")
    return value


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
