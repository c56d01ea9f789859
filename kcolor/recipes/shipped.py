"""The recipes that come with kcolor, as files. Nothing here needs Keras: the command line lists them in its help."""

import importlib.resources
import pathlib
from importlib.resources.abc import Traversable

from kcolor.utils.types import PathLike


def names() -> list[str]:
    """Returns the names of the recipes that come with kcolor.

    Returns:
        Texts, sorted.

    >>> kcolor.recipes.names()[:2]
    ['autoencoder-cifar10', 'bins-cifar']
    """
    return sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def summary(name: PathLike) -> str:
    """Returns the first line of a recipe's comment: what it trains.

    Args:
        name: Text. One of `names`, or the path of a TOML file.

    >>> kcolor.recipes.summary("photo")[:15]
    'The included mo'
    """
    return text(name).splitlines()[0].lstrip("# ")


def text(recipe: PathLike) -> str:
    """Returns a recipe's TOML, as it is written.

    Args:
        recipe: Text or path. One of `names`, or the path of a TOML file.

    Raises:
        ValueError: if there is no such recipe.
    """
    path = pathlib.Path(recipe)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ValueError(f"There is no recipe file {path}. The recipes that come with kcolor: {', '.join(names())}")
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"Expected {path} as a recipe's text in UTF-8. {error}") from None
    if str(recipe) not in names():
        raise ValueError(f"Unknown recipe. Expected a path to a .toml file, or one of {names()}. Received: {str(recipe)!r}")
    return (_folder() / f"{recipe}.toml").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return importlib.resources.files("kcolor") / "recipes"
