"""What a training run is fed with: batches of pictures, some of them to look at, and the tables measured on them."""

import json
import math
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras
import numpy as np

from kcolor.colorizer.colorizer import Colorizer
from kcolor.data import Pictures, ReadCounts, each
from kcolor.data import batches as batches_of
from kcolor.data.fixed_copies import variants_of_each
from kcolor.data.loader import chunks
from kcolor.recipes.recipe import Recipe
from kcolor.targets import ColorTarget
from kcolor.utils.files import write_text
from kcolor.utils.machines import Machine


def measured_target(
    recipe: Recipe,
    folder: pathlib.Path,
    pictures: Pictures,
    start: Colorizer | None,
    log: Callable[[str], object],
) -> ColorTarget:
    """Returns a recipe's target with its tables, if it has some: measured once a run, and kept in its folder.

    Args:
        recipe: Recipe.
        folder: Path of the run's folder.
        pictures: The training pictures.
        start: Colorizer whose tables are taken instead, or None.
        log: Function that is called with each line of text.
    """
    path = folder / "target.json"
    if path.is_file():
        return keras.saving.deserialize_keras_object(json.loads(path.read_text(encoding="utf-8")))
    target = recipe.build_target()
    if start is not None and start.target.bins is not None:
        target = target.take_tables(start.target)
    else:
        limit = min(recipe.train.measure_limit, len(pictures))
        target = target.measure(_in_batches(_with_progress(fixed_pictures(recipe, pictures, limit), limit, log)))
    write_text(path, json.dumps(keras.saving.serialize_keras_object(target)))
    return target


def batches(
    recipe: Recipe,
    pictures: Pictures,
    shuffle: bool = False,
    first_epoch: int = 0,
    counts: ReadCounts | None = None,
    machine: Machine | None = None,
    devices: int = 1,
) -> Any:
    """Returns a recipe's batches for Keras.

    Args:
        recipe: Recipe.
        pictures: Pictures of one split.
        shuffle: Boolean. True for training: shuffled, cropped and copied as the recipe says, each epoch in another way. False
            for validation: each picture the same every time.
        first_epoch: Integer. Number of the epoch that comes first.
        counts: Counts what was read and left out.
        machine: `Machine` whose part of each batch is wanted; None wants all of it.
        devices: Integer. How many devices share each batch. The rest of an epoch is left out if some would get nothing.
    """
    data = recipe.data
    steps = recipe.train.steps if shuffle else None
    every = batches_of(
        pictures,
        recipe.train.batch_size,
        data.size,
        crop=data.crop if shuffle else _fixed_crop(recipe),
        skip_gray=data.skip_gray,
        shuffle=shuffle,
        seed=recipe.train.seed,
        first_epoch=first_epoch,
        max_broken=data.max_broken,
        counts=counts,
        zoom=data.zoom if shuffle else 1.0,
        copies=data.copies if shuffle else None,
        cache=data.cache,
        part=_whole_shares_of(devices) if machine is None else machine.part,
    )
    return every.take(steps) if steps else every


def steps_an_epoch(recipe: Recipe, pictures: int) -> int:
    """Returns how many batches an epoch has at most: what is grey or broken is left out on the way.

    Args:
        recipe: Recipe.
        pictures: Integer. Number of training pictures.
    """
    steps = math.ceil(pictures * variants_of_each(recipe.data.copies) / recipe.train.batch_size)
    return min(steps, recipe.train.steps or steps)


def _whole_shares_of(devices):
    return None if devices == 1 else lambda batch: batch if len(batch) >= devices else batch[:0]


def fixed_pictures(recipe: Recipe, pictures: Pictures, limit: int, size: int | None = None) -> Iterator[np.ndarray]:
    """Yields some pictures, always the same and from anywhere in the set, as validation sees them.

    Args:
        recipe: Recipe.
        pictures: Pictures of one split.
        limit: Integer. How many.
        size: Integer. Their side, instead of the recipe's.
    """
    data = recipe.data
    return each(
        pictures,
        size or data.size,
        crop=_fixed_crop(recipe),
        skip_gray=data.skip_gray,
        max_broken=data.max_broken,
        seed=0,
        limit=limit,
    )


def _in_batches(pictures: Iterable[np.ndarray], size: int = 64) -> Iterator[np.ndarray]:
    """Pictures of one size, many at once: a call of Keras for each would take longer than reading them."""
    for batch in chunks(pictures, size):
        yield np.stack(batch)


def _with_progress(pictures: Iterable[np.ndarray], total: int, log: Callable[[str], object]) -> Iterator[np.ndarray]:
    """Reports progress ten times."""
    for number, picture in enumerate(pictures, start=1):
        yield picture
        if number == total or number % max(1, total // 10) == 0:
            log(f"measuring colours: {number:,} of {total:,} pictures")


def _fixed_crop(recipe: Recipe) -> str:
    """How pictures are cut where every one should be the same each time."""
    return "center" if recipe.data.crop == "random" else recipe.data.crop
