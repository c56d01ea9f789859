"""Evaluates a colorizer by name or file, on the pictures of its recipe or on others."""

import dataclasses
import os
from collections.abc import Iterable, Sequence
from typing import Any

from kcolor import data as sources
from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation import measure
from kcolor.evaluation.hint_curve import HintCurve, hint_curve
from kcolor.recipes.build import absolute_source, open_pictures
from kcolor.recipes.recipe import Recipe
from kcolor.recipes.recipe import load as load_recipe
from kcolor.recipes.schema import Data
from kcolor.saving import presets
from kcolor.saving.load import as_colorizer
from kcolor.utils.types import PathLike

# Options that measuring with hints takes: of `hint_curve`, and of colouring.
_OF_HINTS = ("lpips_weights", "progress", "seed", "temperature", "saturation", "ensemble", "keep_tone")
SIZE = 256  # pictures are cut to this square if neither the call, nor a recipe, nor the colorizer says otherwise


def evaluate(
    model: Colorizer | PathLike,
    data: PathLike | Iterable | None = None,
    *,
    data_dir: PathLike | None = None,
    split: str = "test",
    limit: int | None = None,
    size: int | None = None,
    counts: sources.ReadCounts | None = None,
    hints: Sequence[int] | None = None,
    **options: Any,
) -> measure.Evaluation | HintCurve:
    """Measures a colorizer on photos in colour, beside the grey picture and the best that its target could reach.

    Args:
        model: `Colorizer`, the name of one that ships with kcolor, a ``.keras`` file, or the folder of a run.
        data: Folder, zip or name in `kcolor.data.SOURCES`; or the photos themselves: an array, or any iterable of arrays. By
            default what the run was trained on. Classes and shares of the splits are those of the run's recipe.
        data_dir: Folder in which TensorFlow Datasets keeps its sets, if it is not the run's.
        split: ``"train"``, ``"val"``, ``"test"`` or ``"all"``.
        limit: Integer. Number of pictures: those with the lowest hash of their names.
        size: Integer. Side of the square that photos are cut to; by default the recipe's, or 256.
        counts: `kcolor.data.ReadCounts` that counts the grey pictures, which are left out, and the broken ones.
        hints: Integers. Measures with so many hints of the true colours instead, see `kcolor.evaluation.hint_curve`.
        options: `metrics`, `batch_size`, `lpips_weights`, `temperatures`, `recognizer` and `progress` of
            `kcolor.evaluation.measure.measure`. With `hints`: `lpips_weights`, `progress` and `seed` of
            `kcolor.evaluation.hint_curve.hint_curve`, and `temperature`, `saturation`, `ensemble` and `keep_tone` of
            `kcolor.Colorizer.colorize`.

    Returns:
        A `kcolor.evaluation.measure.Evaluation`; with `hints` a `kcolor.evaluation.hint_curve.HintCurve`.

    >>> photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype="uint8")
    >>> evaluation = kcolor.evaluate(kcolor.Colorizer("unet", "lab", filters=(4, 8)), photos, metrics=["psnr"])
    >>> evaluation.count, sorted(evaluation.metrics["psnr"])
    (2, ['grey', 'model', 'oracle'])
    """
    recipe = None if isinstance(model, Colorizer) else recipe_of(model)
    colorizer = as_colorizer(model)
    if data is not None and not isinstance(data, (str, os.PathLike)):
        if not isinstance(data, Iterable):
            raise ValueError(f"Expected `data` as a path, a name or photos. Received: {data!r}")
        return _measured(colorizer, data, hints, options)
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
    return _measured(colorizer, found, hints, options)


def _measured(colorizer, pictures, hints, options):
    if hints is None:
        return measure.measure(colorizer, pictures, **options)
    given = {name: value for name, value in options.items() if value is not None}
    if unknown := sorted(set(given) - set(_OF_HINTS)):
        raise ValueError(f"Expected with `hints` some of the options {_OF_HINTS}. Received: {unknown}. Leave them out")
    return hint_curve(colorizer, pictures, hints, **given)


def recipe_of(path: PathLike) -> Recipe | None:
    """Returns the recipe beside a colorizer's file, checked; None if there is none."""
    file = presets.find(path).parent / "recipe.toml"
    return load_recipe(file) if file.is_file() else None


def _data(recipe, source, colorizer):
    """The data section by which pictures are opened: the recipe's, perhaps with another source."""
    section = Data(size=colorizer.size or SIZE) if recipe is None else recipe.data
    source = absolute_source(source)
    if source is not None and source != section.source:
        section = dataclasses.replace(section, source=source, weights=None)  # which are of folders of the recipe's source
    if section.source is None:
        raise ValueError("Expected `data`: a folder, a zip or tfds:NAME. There is no recipe beside the model")
    return section
