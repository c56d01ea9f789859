"""Recipes: TOML files that say everything that a training run needs, and what is built from them.

>>> recipe = kcolor.recipes.load("bins-shapes", ["train.epochs=3"])
>>> recipe.train.epochs, recipe.data.size
(3, 32)
"""

import importlib
from typing import TYPE_CHECKING, Any

from kcolor.recipes.shipped import names, summary

if TYPE_CHECKING:
    from kcolor.recipes.recipe import Recipe, load

__all__ = ["Recipe", "load", "names", "summary"]


def __getattr__(name: str) -> Any:
    # These need Keras. The names and summaries of what ships, which the command line's help lists, do not.
    if name not in ("Recipe", "load"):
        raise AttributeError(f"module 'kcolor.recipes' has no attribute {name!r}. It has {', '.join(__all__)}")
    globals()[name] = value = getattr(importlib.import_module("kcolor.recipes.recipe"), name)
    return value
