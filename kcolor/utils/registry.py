"""What the plain dicts of kcolor (`TARGETS`, `MODELS`, `LOSSES`, `METRICS`, `AUGMENTATIONS`) share: building by name."""

import inspect


def build(registry, kind, name, /, *arguments, **options):
    """Calls ``registry[name](*arguments, **options)``; an unknown name or option says what there is.

    Args:
        registry: a dict of functions and classes.
        kind: what they are, for the message: "target", "model", ….
        name: a key of it.
        arguments: given in front.
        options: by name.

    Returns:
        What was built.
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
