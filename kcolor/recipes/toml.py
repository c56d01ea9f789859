"""Writes TOML (Python itself only reads it), and applies changes that are written as TOML."""

import json
import re
import tomllib
from collections.abc import Container, Mapping
from typing import Any

import numpy as np


def to_toml(sections: Mapping[str, Mapping[str, Any]], comment: str | None = None) -> str:
    """Returns sections as TOML.

    Args:
        sections: Mapping from names to mappings from keys to values.
        comment: Text of any number of lines, or None. It comes first.

    >>> from kcolor.recipes.toml import to_toml
    >>> print(to_toml({"train": {"epochs": 3}}, "Three epochs."), end="")
    # Three epochs.
    <BLANKLINE>
    [train]
    epochs = 3
    """
    lines = [f"# {line}".rstrip() for line in (comment or "").splitlines()]
    for name, section in sections.items():
        lines += ["", f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in section.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def toml_value(value: Any) -> str:
    """Returns one value as TOML; a dict becomes an inline table.

    >>> from kcolor.recipes.toml import toml_value
    >>> toml_value({"name": "sgd", "nesterov": True, "steps": [1, 2.5]})
    '{name = "sgd", nesterov = true, steps = [1, 2.5]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {toml_value(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else repr(value)


def _key(name: str) -> str:
    """A key as TOML has it: in quotes if it is not made of letters, digits, - and _ alone."""
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name, ensure_ascii=False)


def apply_change(sections: dict[str, dict[str, Any]], change: str, texts: Container[str] = ()) -> None:
    """Changes one key, or a whole section, of a dict of sections in place.

    Args:
        sections: Dict of dicts.
        change: Text, ``"section.key=value"`` or ``"section={key = value}"``. The value is TOML; a text may lack its quotes,
            which a shell takes away.
        texts: Keys, ``"section.key"``, whose values are texts. There 2023 is a text, too, and so is a date.

    >>> from kcolor.recipes.toml import apply_change
    >>> sections = {"train": {"epochs": 3}}
    >>> apply_change(sections, "train.epochs=20")
    >>> apply_change(sections, "data.source=my photos")
    >>> sections
    {'train': {'epochs': 20}, 'data': {'source': 'my photos'}}
    """
    key, equals, given = change.partition("=")
    section, dot, name = key.strip().partition(".")
    if not equals or bool(dot) != bool(name):
        raise ValueError(f'Expected a change as "section.key=value", for instance train.epochs=20. Received: {change!r}')
    value: Any
    try:
        value = tomllib.loads(f"value = {given}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        value = given.strip()
    if key.strip() in texts and not isinstance(value, (str, list, dict)):
        value = given.strip()
    if name:
        sections.setdefault(section, {})[name] = value
    elif isinstance(value, dict):
        sections[section] = value
    else:
        raise ValueError(f'Expected a change as "section.key=value" or "section={{key = value}}". Received: {change!r}')


def merge(sections: dict[str, dict[str, Any]], section: str, given: Mapping[str, Any]) -> None:
    """Changes some keys of a section in place; keys that are None become "not given".

    Args:
        sections: Dict of dicts.
        section: Text. The section's name.
        given: Mapping from keys to values. If it names another model, loss or optimizer, it replaces the section: the options
            there were the other one's.

    >>> from kcolor.recipes.toml import merge
    >>> sections = {"optimizer": {"name": "adam", "beta_1": 0.5}}
    >>> merge(sections, "optimizer", {"learning_rate": 1e-4})
    >>> sections["optimizer"]
    {'name': 'adam', 'beta_1': 0.5, 'learning_rate': 0.0001}
    >>> merge(sections, "optimizer", {"name": "sgd", "momentum": 0.9})
    >>> sections["optimizer"]
    {'name': 'sgd', 'momentum': 0.9}
    """
    before = sections.get(section, {})
    kept = before if given.get("name", before.get("name")) == before.get("name") else {}
    sections[section] = {key: value for key, value in {**kept, **given}.items() if value is not None}


def plain(value: Any) -> Any:
    """Returns a value as TOML has it: NumPy's numbers and arrays become Python's, tuples become lists, at any depth.

    >>> from kcolor.recipes.toml import plain
    >>> plain((np.float32(0.5), {"filters": np.arange(2)}))
    [0.5, {'filters': [0, 1]}]

    Args:
        value: Anything that Python has for it.
    """
    value = value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return {key: plain(part) for key, part in value.items()} if isinstance(value, dict) else value
