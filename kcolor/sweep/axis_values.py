"""Values of a sweep's axes: how they are stored and shown, and what they change in a recipe."""

import json
from collections.abc import Iterator
from typing import Any

from kcolor.recipes.toml import toml_value


def label(value: Any) -> Any:
    """Returns a value of an axis as Optuna stores it and people read it.

    Args:
        value: A plain value as in TOML.

    Returns:
        A list as text; a dict of keys that change together as its name or its keys; any other value as it is.

    >>> from kcolor.sweep.axis_values import label
    >>> label([4, 8]), label(0.1), label({"name": "squashed", "target.temperature": 0.5})
    ('[4, 8]', 0.1, 'squashed')
    """
    if isinstance(value, dict):
        return value.get("name") or ", ".join(f"{key}={label(part)}" for key, part in value.items())
    return json.dumps(value) if isinstance(value, list) else value


def changes_of(point: dict[str, Any]) -> Iterator[str]:
    """Yields what a point changes in a recipe.

    Args:
        point: Dict. A trial's value on each axis. A dict as a value stands for the keys in it.

    Yields:
        Strings ``"section.key=value"``.

    >>> from kcolor.sweep.axis_values import changes_of
    >>> list(changes_of({"train.seed": 1, "output": {"name": "squashed", "target.activation": "tanh"}}))
    ['train.seed=1', 'target.activation="tanh"']
    """
    for key, value in point.items():
        parts = {name: part for name, part in value.items() if name != "name"} if isinstance(value, dict) else {key: value}
        yield from (f"{name}={toml_value(part)}" for name, part in parts.items())
