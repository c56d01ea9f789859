"""Checks what somebody wrote into a recipe: its keys against what it names, and that two keys go together."""

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from kcolor.recipes.value_types import check_value, types_of_options

if TYPE_CHECKING:
    from kcolor.recipes.recipe import Recipe

_TOGETHER = ("adversarial", "discriminator", "discriminator_optimizer")  # all three or none
EQUAL = ("val_equal_psnr", "val_equal_ab_distance")  # what `train.equal_colorfulness` measures
# Columns of history.csv that are no metrics: what a step records.
_COLUMNS = ("loss", "content", "adversarial", "discriminator_accuracy", "discriminator_real", "discriminator_fake")
_NOT_BY_NAME = {
    "adversarial": "It is a discriminator's: the section [adversarial] asks for it",
    "bins_and_colors": "It needs the colours of the target's bins: target.color_weight asks for it, without [loss]",
}


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
        function: Function or class. What an option may be is its type hint, or what its default is.
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
    types = types_of_options(function, defaults)
    return {key: check_value(given[key], types[key], f"{section}.{key}", where) for key in defaults if key in given}


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
