"""The colorizers that ship with kcolor, by name, and where a colorizer's file is. Keras is not imported for it."""

import importlib.resources
import pathlib
import re

from kcolor.utils.files import from_home
from kcolor.utils.types import PathLike


def names() -> list[str]:
    """Returns the names of the colorizers that ship with kcolor.

    >>> kcolor.presets()
    ['photo', 'shapes']

    Returns:
        List of strings, sorted. `kcolor.load` takes each of them.
    """
    folder = _folder()
    return sorted(path.name for path in folder.iterdir() if (path / "model.keras").is_file()) if folder.is_dir() else []


def find(where: PathLike) -> pathlib.Path:
    """Returns the path of a colorizer's file.

    Args:
        where: One of `names`, the path of a ``.keras`` file, or of a folder with a ``model.keras``, as training leaves it.

    Returns:
        Path of the file.

    Raises:
        ValueError: If there is no such file. The message says what the name looks like.
    """
    path = from_home(where)
    for file in (path / "model.keras", path) if path.is_dir() else (path,):
        if file.is_file():
            return file
    if str(where) in names():
        return _folder() / str(where) / "model.keras"
    shipped = ", ".join(names()) or "none"
    raise ValueError(
        f"Expected a .keras file, the folder of a run with a model.keras, or a name ({shipped}). "
        f"Received: {str(where)!r}{_looks_like(str(where), path)}"
    )


def _looks_like(name, path):
    """What may have been meant, as the end of a message; empty if nobody can tell."""
    import difflib

    if path.is_dir():
        return ", a folder without a model.keras. A finished training leaves one there"
    if re.match(r"\w[\w+-]+:", name):
        return ", which looks like an address. Download the file, and give its path"
    if close := difflib.get_close_matches(name, names(), 1):
        return f", which looks like {close[0]!r}, misspelt"
    if path.suffix == ".keras" or path.name != name:
        return ", which looks like a path. There is no such file or folder"
    return ""


def _folder():
    """Returns the folder of shipped colorizers: inside the package if it is installed, beside it in a checkout."""
    inside = pathlib.Path(str(importlib.resources.files("kcolor"))) / "saved_models"
    return inside if inside.is_dir() else inside.parent.parent / "saved_models"
