"""Checks what somebody wrote into a recipe: against type hints, and against the signatures of what it names."""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from kcolor.recipes.recipe import Recipe

ANY = (bool, int, float, str, list)
_TOGETHER = ("adversarial", "discriminator", "discriminator_optimizer")  # all three or none
EQUAL = ("val_equal_psnr", "val_equal_ab_distance")  # what `train.equal_colorfulness` measures
# Of history.csv, beside the metrics.
_COLUMNS = ("loss", "content", "adversarial", "discriminator_accuracy", "discriminator_real", "discriminator_fake")
_NOT_BY_NAME = {
    "adversarial": "It is a discriminator's: the section [adversarial] asks for it",
    "bins_and_colors": "It needs the colours of the target's bins: target.color_weight asks for it, without [loss]",
}
_WORDS = {
    list: "a list",
    dict: "a table of values by name",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}


@dataclasses.dataclass(frozen=True)
class Rule:
    """What a value must be beyond its type.

    Args:
        holds: Function from a value to a bool.
        words: Text. Continues "Expected data.size …" in the message.
    """

    holds: Callable[[Any], bool]
    words: str


def check_keys(given: Mapping[str, Any], allowed: Collection[str], section: str, where: str) -> None:
    """Raises ValueError if a section has a key that it cannot have."""
    if unknown := sorted(set(given) - set(allowed)):
        raise ValueError(f"Unknown key in [{section}] of {where}. Expected some of {sorted(allowed)}. Received: {unknown}")


def read_options(
    given: Mapping[str, Any], function: Callable, section: str, where: str, others: Collection[str] = ()
) -> dict[str, Any]:
    """Returns the options of a function or class, checked against its signature, in its order.

    Args:
        given: Mapping from options to values.
        function: Function or class. What an option may be is read from its default.
        section: Text, for messages.
        where: Text, for messages.
        others: Texts. Further keys that the section has, for messages.
    """
    parameters = inspect.signature(function).parameters.values()
    # What has no default, or is called so, is not the recipe's to give: a builder's target, measured tables, a layer's name.
    defaults = {
        parameter.name: parameter.default
        for parameter in parameters
        if parameter.default is not parameter.empty and parameter.name not in ("measured", "name")
    }
    check_keys(given, [*defaults, *others], section, where)
    return {
        key: _check_kind(given[key], _kinds(default), f"{section}.{key}", where)
        for key, default in defaults.items()
        if key in given
    }


def check_value(value: Any, hint: Any, key: str, where: str) -> Any:
    """Returns a value that fits a type hint: whole numbers become floats where floats are expected.

    Args:
        value: as TOML has it.
        hint: Type hint. `Annotated` may add instances of `Rule`.
        key: Text, for messages.
        where: Text, for messages.
    """
    kinds, rules = _read_hint(hint)
    value = _check_kind(value, kinds, key, where)
    for rule in rules:
        if not rule.holds(value):
            raise ValueError(f"Expected {key} {rule.words} in {where}. Received: {value!r}")
    return value


def check_phases(phases: Any, where: str) -> dict[str, list[str]]:
    """Returns phases if they are lists of changes by name.

    Args:
        phases: what somebody wrote.
        where: Text, for messages.
    """
    if not isinstance(phases, Mapping) or not phases:
        raise ValueError(f'Expected [phases] in {where} as lists of changes by name: first = ["train.epochs=3"]')
    for name, changes in phases.items():
        if not re.fullmatch(r"[\w-]+", name, re.ASCII):
            raise ValueError(f"Expected letters, digits, - and _ as the name of a phase in {where}. Received: {name!r}")
        if not isinstance(changes, list) or not all(isinstance(change, str) for change in changes):
            raise ValueError(
                f'Expected phases.{name} in {where} as a list of changes, ["train.epochs=3"]. Received: {changes!r}'
            )
    return dict(phases)


def check_together(recipe: "Recipe", where: str) -> None:
    """Raises ValueError if what two keys say does not go together."""
    data, discriminator = recipe.data, recipe.discriminator
    _check_monitor(recipe, where)
    if recipe.phases is None:  # each of which is checked by itself
        _check_schedule(recipe, where)
    if recipe.loss is not None and recipe.loss.name in _NOT_BY_NAME:
        raise ValueError(
            f"Expected loss.name in {where} as a loss that is complete by its name. Received: {recipe.loss.name!r}. "
            f"{_NOT_BY_NAME[recipe.loss.name]}"
        )
    if data.crop != "random" and data.zoom != 1.0:
        raise ValueError(f'data.zoom in {where} is for data.crop = "random" alone. Received: crop = "{data.crop}"')
    if recipe.guide is not None and len(recipe.guide.to_dict()) != 1:
        raise ValueError(f"Expected guide.recipe or guide.model in {where}. Received: {recipe.guide.to_dict()}")
    there = [name for name in _TOGETHER if getattr(recipe, name) is not None]
    if there and len(there) < len(_TOGETHER):
        needed = ", ".join(f"[{name}]" for name in _TOGETHER)
        raise ValueError(f"Adversarial training in {where} needs {needed}. Received: {there}")
    size = data.size if discriminator is None else discriminator.options.get("size", data.size)
    if size != data.size:
        raise ValueError(f"Expected discriminator.size in {where} as data.size, {data.size}. Received: {size}")


def _check_monitor(recipe: "Recipe", where: str) -> None:
    data, train, monitor = recipe.data, recipe.train, recipe.train.monitor or ""
    if monitor.startswith("val_equal_"):
        if monitor not in EQUAL:
            raise ValueError(f'Expected train.monitor in {where} as one of {EQUAL}, or without equal_. Received: "{monitor}"')
        if not (train.equal_colorfulness and data.val):
            raise ValueError(
                f"train.monitor in {where} needs train.equal_colorfulness, a number of validation pictures. Received: "
                f'monitor = "{monitor}", equal_colorfulness = {train.equal_colorfulness}, data.val = {data.val}'
            )
    if monitor.startswith("val_") and not data.val:
        raise ValueError(
            f"train.monitor in {where} needs validation pictures, data.val above 0. "
            f'Received: "{monitor}", data.val = {data.val}'
        )
    known = {*_COLUMNS, *train.metrics, *(one.removeprefix("val_") for one in EQUAL)}
    if monitor and (monitor.removeprefix("val_") not in known or monitor.startswith("equal_")):
        raise ValueError(
            f"Expected train.monitor in {where} as a column of history.csv: val_loss, or one of train.metrics with val_. "
            f'Received: "{monitor}", with the metrics {train.metrics}'
        )
    if data.val and monitor in train.metrics:
        raise ValueError(
            f'Expected train.monitor in {where} as "val_{monitor}": metrics are of the validation pictures. '
            f'Received: "{monitor}"'
        )


def _check_schedule(recipe: "Recipe", where: str) -> None:
    schedule, drop_patience = recipe.schedule, recipe.train.drop_patience
    if schedule.name == "constant" and (schedule.warmup or schedule.end):
        raise ValueError(
            f'schedule.warmup and schedule.end in {where} are for schedule.name = "cosine" alone. Received: name = "constant", '
            f"warmup = {schedule.warmup}, end = {schedule.end}. Set both to 0, or another name"
        )
    if schedule.name != "constant" and drop_patience is not None:
        raise ValueError(
            f'train.drop_patience in {where} is for schedule.name = "constant" alone: any other sets the learning rate of '
            f'every step. Received: drop_patience = {drop_patience}, name = "{schedule.name}". Leave out one of the two'
        )


def is_text(hint: Any) -> bool:
    """Returns whether a type hint allows texts and nothing else, None apart.

    >>> from kcolor.recipes.checks import is_text
    >>> is_text(str | None), is_text(str | int)
    (True, False)

    Args:
        hint: Type hint.
    """
    return _read_hint(hint)[0] == (str,)


def _read_hint(hint: Any) -> tuple[tuple[type, ...], list[Rule]]:
    """The types that a hint allows, None left out, and the rules in it."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        kinds, rules = _read_hint(parts[0])
        return kinds, [*rules, *parts[1:]]
    if origin is Literal:
        return (str,), [Rule(parts.__contains__, f"as one of {parts}")]
    if origin in (typing.Union, types.UnionType):
        read = [_read_hint(part) for part in parts if part is not type(None)]
        return tuple(kind for kinds, _ in read for kind in kinds), [rule for _, rules in read for rule in rules]
    return (hint,), []


def _kinds(default: Any) -> tuple[type, ...]:
    """What an option may be that has this default."""
    if default is None or callable(default):
        return ANY
    if isinstance(default, float):
        # A number a level, or one for all (dropout of the U-Net): the builder says if it cannot take a list.
        return (float, list)
    return (list,) if isinstance(default, tuple) else (type(default),)


def _plain(value: Any) -> Any:
    """A value as TOML has it: NumPy's numbers and arrays become Python's, tuples become lists, at any depth."""
    value = value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, dict) else value


def _check_kind(value: Any, kinds: tuple[type, ...], key: str, where: str) -> Any:
    value = _plain(value)
    if float in kinds and isinstance(value, int) and not isinstance(value, bool):
        return value if kinds == ANY else float(value)
    if not any(type(value) is kind for kind in kinds):
        expected = " or ".join(_WORDS[kind] for kind in kinds)
        raise ValueError(f"Expected {key} in {where} as {expected}. Received: {value!r}")
    return value
