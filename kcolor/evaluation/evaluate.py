"""Runs: a colorizer's file and the recipe beside it, to evaluate it on the pictures that it was meant for; and its history."""

import os
import tomllib
from collections.abc import Iterable

from kcolor import data as sources
from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation import measure
from kcolor.recipes.build import open_pictures
from kcolor.recipes.recipe import check
from kcolor.recipes.schema import check_section
from kcolor.saving import presets
from kcolor.saving.load import load

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
    plan = None if isinstance(model, Colorizer) else recipe_of(model)
    colorizer = model if isinstance(model, Colorizer) else load(model)
    if data is not None and not isinstance(data, (str, os.PathLike)):
        if not isinstance(data, Iterable):
            raise ValueError(f"Expected `data` as a path, a name or photos. Received: {data!r}")
        return measure.evaluate(colorizer, data, **options)
    settings = _settings(plan, data, colorizer)
    if data_dir is not None:
        settings["data_dir"] = str(data_dir)
    if limit is not None:
        settings[f"{split}_limit"] = limit
    pictures = open_pictures({"data": settings}, split)
    crop = "squash" if settings["crop"] == "squash" else "center"
    found = sources.each(
        pictures,
        size or settings.get("working_size", settings["size"]),
        crop=crop,
        skip_gray=settings["skip_gray"],
        counts=counts,
    )
    return measure.evaluate(colorizer, found, **options)


def recipe_of(path) -> dict | None:
    """The recipe beside a colorizer's file, checked; None if there is none."""
    file = presets.find(path).parent / "recipe.toml"
    return check(tomllib.loads(file.read_text(encoding="utf-8")), str(file)) if file.is_file() else None


def _settings(plan, data, colorizer):
    """The data section to open pictures by: the recipe's, with another source perhaps."""
    filled = check_section("data", {"size": colorizer.size or SIZE}) if plan is None else dict(plan["data"])
    if data is not None:
        filled["source"] = str(data)
    if "source" not in filled:
        raise ValueError("Expected --data (`data`): a folder, a zip or tfds:NAME. There is no recipe beside the model")
    return filled
