"""Runs: a colorizer's file and the recipe beside it, to evaluate it on the pictures that it was meant for; and its history."""

import dataclasses
import os
from collections.abc import Iterable

from kcolor import data as sources
from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation import measure
from kcolor.recipes.build import open_pictures
from kcolor.recipes.recipe import Recipe
from kcolor.recipes.recipe import load as load_recipe
from kcolor.recipes.schema import Data
from kcolor.saving import presets
from kcolor.saving.load import as_colorizer

SIZE = 256  # what pictures are cut to if neither the call, nor a recipe, nor the colorizer says otherwise


def evaluate(
    model: Colorizer | str | os.PathLike,
    data=None,
    *,
    data_dir=None,
    split: str = "test",
    limit: int | None = None,
    size: int | None = None,
    counts: sources.ReadCounts | None = None,
    **options,
) -> measure.Evaluation:
    """Measures a colorizer on photos in colour, beside the grey picture and the best that its target could reach.

    Args:
        model: a colorizer, the name of one that comes with kcolor, a ``.keras`` file, or the folder of a run.
        data: a folder, a zip or a name in `kcolor.data.SOURCES`, or photos themselves (see `kcolor.evaluation.evaluate`).
            By default what the run was trained on. Classes and shares of the splits are those of the run's recipe.
        data_dir: where TensorFlow Datasets keeps its sets, if not where the run found them.
        split: "train", "val", "test" or "all".
        limit: so many pictures, those with the lowest hash of their names.
        size: photos are cut to this square from their centre; by default as the recipe says, or 256.
        counts: counts the grey pictures, which are left out, and the broken ones.
        options: of `kcolor.evaluation.evaluate`.

    Returns:
        A `kcolor.evaluation.Evaluation`.
    """
    recipe = None if isinstance(model, Colorizer) else recipe_of(model)
    colorizer = as_colorizer(model)
    if data is not None and not isinstance(data, (str, os.PathLike)):
        if not isinstance(data, Iterable):
            raise ValueError(f"Expected `data` as a path, a name or photos. Received: {data!r}")
        return measure.evaluate(colorizer, data, **options)
    section = _data(recipe, data, colorizer)
    if data_dir is not None:
        section = dataclasses.replace(section, data_dir=str(data_dir))
    pictures = open_pictures(section, split, limit)
    crop = "squash" if section.crop == "squash" else "center"
    found = sources.each(
        pictures,
        size or section.working_size or section.size,
        crop=crop,
        skip_gray=section.skip_gray,
        counts=counts,
    )
    return measure.evaluate(colorizer, found, **options)


def recipe_of(path) -> Recipe | None:
    """The recipe beside a colorizer's file, checked; None if there is none."""
    file = presets.find(path).parent / "recipe.toml"
    return load_recipe(file) if file.is_file() else None


def _data(recipe, source, colorizer):
    """The data section to open pictures by: the recipe's, with another source perhaps."""
    section = Data(size=colorizer.size or SIZE) if recipe is None else recipe.data
    if source is not None:
        section = dataclasses.replace(section, source=str(source))
    if section.source is None:
        raise ValueError("Expected --data (`data`): a folder, a zip or tfds:NAME. There is no recipe beside the model")
    return section
