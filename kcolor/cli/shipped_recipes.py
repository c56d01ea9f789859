"""The recipes that ship, by name, without Keras."""

import importlib.resources
import pathlib


def names() -> list[str]:
    """Returns the names of the recipes that ship, sorted."""
    return sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def summary(name: str) -> str:
    """Returns the first line of a recipe's comment, which says what it trains.

    Args:
        name: String. One of `names`.
    """
    return (_folder() / f"{name}.toml").read_text(encoding="utf-8").splitlines()[0].lstrip("# ")


def _folder():
    return importlib.resources.files("kcolor") / "recipes"


def check(recipe: str) -> None:
    """Raises ValueError unless a recipe is the name of one that ships, or a TOML file that is there.

    Args:
        recipe: String. Name or path.
    """
    if pathlib.Path(recipe).suffix == ".toml":
        if not pathlib.Path(recipe).is_file():
            raise ValueError(f"There is no recipe file {recipe}. The recipes that come with kcolor: {', '.join(names())}")
    elif recipe not in names():
        raise ValueError(f"Unknown recipe. Expected a path to a .toml file, or one of {names()}. Received: {recipe!r}")
