"""What a training run is fed with: batches of pictures, some of them to look at, and the tables measured on them."""

import json

import keras
import numpy as np

from kcolor import data as sources
from kcolor.data.loader import chunks
from kcolor.recipes.recipe import Recipe
from kcolor.utils.files import write_text


def measured_target(recipe: Recipe, folder, pictures, start, say):
    """A recipe's target with its tables, if it has some: measured once a run, and kept in its folder.

    Args:
        recipe: a recipe.
        folder: of the run.
        pictures: the training pictures.
        start: a colorizer whose tables are taken instead, or None.
        say: where lines of text go.
    """
    path = folder / "target.json"
    if path.is_file():
        return keras.saving.deserialize_keras_object(json.loads(path.read_text(encoding="utf-8")))
    target = recipe.build_target()
    if start is not None and start.target.bins is not None:
        target = target.take_tables(start.target)
    else:
        limit = min(recipe.train.measure_limit, len(pictures))
        target = target.measure(_in_batches(_told(some(recipe, pictures, limit), limit, say)))
    write_text(path, json.dumps(keras.saving.serialize_keras_object(target)))
    return target


def _in_batches(pictures, size=64):
    """Pictures of one size, many at once: a call of Keras for each would take longer than reading them."""
    for batch in chunks(pictures, size):
        yield np.stack(batch)


def _told(pictures, total, say):
    """Says ten times how far it is."""
    for number, picture in enumerate(pictures, start=1):
        yield picture
        if number == total or number % max(1, total // 10) == 0:
            say(f"measuring colours: {number:,} of {total:,} pictures")


def batches(recipe: Recipe, pictures, shuffle: bool = False, first_epoch: int = 0, counts=None):
    """A recipe's batches: shuffled, cropped and expanded for training, or each the same every time."""
    data = recipe.data
    training = {"zoom": data.zoom, "copies": data.copies, "cache": data.cache}
    steps = recipe.train.steps if shuffle else None
    every = sources.batches(
        pictures,
        recipe.train.batch_size,
        data.size,
        crop=data.crop if shuffle else _steady(recipe),
        skip_gray=data.skip_gray,
        shuffle=shuffle,
        seed=recipe.train.seed,
        first_epoch=first_epoch,
        max_broken=data.max_broken,
        counts=counts,
        **(training if shuffle else {"cache": training["cache"]}),
    )
    return every.take(steps) if steps else every


def some(recipe: Recipe, pictures, limit: int):
    """Some pictures, always the same and from anywhere in the set, one by one, as validation sees them."""
    data = recipe.data
    options = {"skip_gray": data.skip_gray, "max_broken": data.max_broken}
    return sources.each(pictures, data.size, crop=_steady(recipe), seed=0, limit=limit, **options)


def _steady(recipe):
    """How pictures are cut where every one should be the same each time."""
    return "center" if recipe.data.crop == "random" else recipe.data.crop
