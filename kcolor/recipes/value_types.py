"""Checks one value that somebody wrote against the type hint of what it is for."""

import collections.abc
import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from kcolor.recipes.toml import plain

ANYTHING = bool | int | float | str | list  # but a table
_NUMBER = int | float
_WORDS: dict[Any, tuple[str, str]] = {  # one, and many
    list: ("a list", "lists"),
    dict: ("a table of values by name", "tables of values by name"),
    bool: ("true or false", "true or false"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("a text", "texts"),
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


def check_value(value: Any, hint: Any, key: str, where: str) -> Any:
    """Returns a value that fits a type hint: whole numbers become floats where floats are expected.

    >>> from kcolor.recipes.value_types import check_value
    >>> check_value([8, 16], float | list[float], "model.dropout", "recipe")
    [8.0, 16.0]

    Args:
        value: as TOML has it.
        hint: Type hint. `Annotated` may add instances of `Rule`. What TOML cannot write, like a model, is left out of it.
        key: Text, for messages.
        where: Text, for messages.
    """
    value = plain(value)
    fitted = _fit(value, hint)
    if fitted is None:
        raise ValueError(f"Expected {key} in {where} as {_words(hint)}. Received: {value!r}")
    for rule in _rules(hint):
        if not rule.holds(fitted):
            raise ValueError(f"Expected {key} {rule.words} in {where}. Received: {fitted!r}")
    return fitted


def types_of_options(function: Callable, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a type hint for each option of a function: its own, or what its default tells.

    >>> from kcolor.recipes.value_types import types_of_options
    >>> types_of_options(lambda target, filters=(8, 16), rate=0.5: None, {"filters": (8, 16), "rate": 0.5})
    {'filters': <class 'list'>, 'rate': <class 'float'>}

    Args:
        function: Function or class.
        defaults: Mapping from the options to their defaults. Without a hint, None and functions allow anything but a table.
    """
    try:
        hints = typing.get_type_hints(function.__init__ if inspect.isclass(function) else function)
    except NameError:  # hints of somebody's own function that only a type checker can read
        hints = {}
    is_keras = function.__module__.partition(".")[0] == "keras"  # whose options have no hints
    return {
        key: hints[key] if _words(hints.get(key)) else _type_of(default, _NUMBER if is_keras and key != "dtype" else ANYTHING)
        for key, default in defaults.items()
    }


def _type_of(default: Any, unknown: Any) -> Any:
    if default is None or callable(default):
        return unknown
    return list if isinstance(default, tuple) else type(default)


def is_text(hint: Any) -> bool:
    """Returns whether a type hint allows texts and nothing else, None apart.

    >>> from kcolor.recipes.value_types import is_text
    >>> is_text(str | None), is_text(str | int)
    (True, False)

    Args:
        hint: Type hint.
    """
    return _words(hint) == "a text"


def _fit(value: Any, hint: Any) -> Any:
    """The value as the hint has it, or None if it is something else."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _fit(value, parts[0])
    if origin is Literal:
        return value if isinstance(value, str) else None
    if origin in (typing.Union, types.UnionType):
        return next((fitted for part in parts if (fitted := _fit(value, part)) is not None), None)
    if origin in (list, tuple, collections.abc.Sequence):
        return _fit_list(value, parts if origin is tuple else [parts[0]] * len(value) if isinstance(value, list) else parts)
    if hint is float and type(value) is int:
        return float(value)
    return value if type(value) is hint else None


def _fit_list(value: Any, hints: collections.abc.Sequence) -> list | None:
    if not isinstance(value, list) or len(value) != len(hints):
        return None
    fitted = [_fit(part, hint) for part, hint in zip(value, hints, strict=True)]
    return None if None in fitted else fitted


def _words(hint: Any, many: bool = False) -> str:
    """What a message calls the values that fit: "a whole number or a list of texts". Nothing for what TOML cannot write."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _words(parts[0], many)
    if origin is Literal:
        return _words(str, many)
    if origin in (typing.Union, types.UnionType):
        words = dict.fromkeys(_words(part, many) for part in parts if not (part is int and float in parts))
        return " or ".join(filter(None, words))
    if origin in (list, tuple, collections.abc.Sequence):
        count = f"{len(parts)} " if origin is tuple else ""
        return f"{_WORDS[list][many]} of {count}{_words(parts[0], many=True)}"
    return _WORDS.get(hint, ("", ""))[many]


def _rules(hint: Any) -> list[Rule]:
    """The rules in a hint."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return [*_rules(parts[0]), *parts[1:]]
    if origin is Literal:
        return [Rule(parts.__contains__, f"as one of {parts}")]
    if origin in (typing.Union, types.UnionType):
        return [rule for part in parts for rule in _rules(part)]
    return []
