"""What several commands make of a recipe's parts: open pictures, and how many weights there are."""

import math
import pathlib

import keras

from kcolor import data as sources
from kcolor.data.sources import is_name
from kcolor.recipes.schema import Data
from kcolor.utils.types import PathLike


def absolute_source(source: PathLike | None) -> str | None:
    """Returns where pictures come from, so that it means the same from another folder; names stay as they are.

    Args:
        source: Text or path. A folder, a file, the name of a set (also where a folder has that name), or None.

    >>> from kcolor.recipes.build import absolute_source
    >>> absolute_source("cifar10")
    'cifar10'
    """
    if source is None:
        return None
    if (isinstance(source, str) and is_name(source)) or not pathlib.Path(source).exists():
        return str(source)
    return str(pathlib.Path(source).resolve())


def open_pictures(data: Data, split: str, limit: int | None = None) -> sources.Pictures:
    """Opens a split of a recipe's pictures.

    Args:
        data: The section of the recipe.
        split: "train", "val", "test" or "all".
        limit: Integer. How many pictures at most; by default as the section says for this split.

    Returns:
        A `kcolor.data.Pictures`.

    Raises:
        ValueError: if the recipe has no source, or there are no pictures.

    >>> from kcolor.recipes.build import open_pictures
    >>> len(open_pictures(kcolor.recipes.load("bins-shapes").data, "val", limit=7))
    7
    """
    if data.source is None:
        raise ValueError(
            "This recipe has no pictures of its own. Expected `data`, or data.source: a folder, a zip, or tfds:NAME"
        )
    asked = {key: value for key in ("classes", "data_dir") if (value := getattr(data, key)) is not None}
    if data.download:
        asked["download"] = True
    if data.source != "shapes":  # which has splits of its own
        asked |= {"val": data.val, "test": data.test}
    limit = getattr(data, f"{split}_limit", None) if limit is None else limit
    if limit is not None:
        asked["count" if data.source == "shapes" else "limit"] = limit
    pictures = sources.pictures(data.source, split, **asked)
    if data.weights and split == "train":
        return sources.weighed(pictures, data.weights)
    left_out = {folder: 0 for folder, weight in (data.weights or {}).items() if not weight}
    return sources.weighed(pictures, left_out, missing_ok=True) if left_out else pictures


def count_weights(model: keras.Model) -> int:
    """Returns how many weights a network, or a colorizer, has to train."""
    return sum(math.prod(weight.shape) for weight in model.trainable_variables)
