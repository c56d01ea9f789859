"""The colorizers that come with kcolor, by name, and where a colorizer's file is."""

import importlib.resources
import pathlib


def names() -> list[str]:
    """The colorizers that come with kcolor."""
    folder = _folder()
    return sorted(path.name for path in folder.iterdir() if (path / "model.keras").is_file()) if folder.is_dir() else []


def find(where) -> pathlib.Path:
    """A colorizer's file.

    Args:
        where: a name in `names`, a ``.keras`` file, or a folder with a ``model.keras``, as a training leaves it.

    Returns:
        The path of the file.

    Raises:
        ValueError: if there is none.
    """
    path = pathlib.Path(where).expanduser()
    for file in (path / "model.keras", path) if path.is_dir() else (path,):
        if file.is_file():
            return file
    if str(where) in names():
        return _folder() / str(where) / "model.keras"
    shipped = ", ".join(names()) or "none"
    raise ValueError(
        f"Expected a .keras file, the folder of a run with a model.keras, or a name ({shipped}). Received: {str(where)!r}"
    )


def _folder():
    """Inside the package where it is installed, beside it in a checkout."""
    inside = pathlib.Path(str(importlib.resources.files("kcolor"))) / "saved_models"
    return inside if inside.is_dir() else inside.parent.parent / "saved_models"
