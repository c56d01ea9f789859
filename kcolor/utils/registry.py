"""Building by name, for the plain dicts of kcolor: `TARGETS`, `MODELS`, `LOSSES`, `METRICS`, `AUGMENTATIONS`."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any


def build(registry: Mapping[str, Callable], kind: str, name: str, /, *arguments: Any, **options: Any) -> Any:
    """Returns ``registry[name](*arguments, **options)``.

    >>> build({"pair": lambda first, second=2: (first, second)}, "tuple", "pair", 1)
    (1, 2)

    Args:
        registry: Dict of functions and classes by name.
        kind: What they are, for the message: "target", "model", ….
        name: Key of the one to call.
        arguments: Positional arguments for it.
        options: Keyword arguments for it.

    Raises:
        ValueError: If there is no such name or option. The message lists those that there are.
    """
    if name not in registry:
        raise ValueError(f"Unknown {kind}. Expected one of {sorted(registry)}. Received: {name!r}")
    signature = inspect.signature(registry[name])
    try:
        signature.bind(*arguments, **options)
    except TypeError as error:
        has = [str(parameter) for parameter in list(signature.parameters.values())[len(arguments) :]]
        raise ValueError(f"Unknown or missing option of the {kind} {name!r}: {error}. It has {', '.join(has)}") from None
    return registry[name](*arguments, **options)
