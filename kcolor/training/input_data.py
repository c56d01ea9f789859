"""What a training run is fed with: batches of pictures, some of them to look at, and the tables measured on them."""

import json

import keras
import numpy as np

from kcolor import data as sources
from kcolor.data.loader import chunks
from kcolor.recipes.build import build_target
from kcolor.utils.files import write_text


def measured_target(plan: dict, folder, pictures, start, say):
    """A recipe's target with its tables, if it has some: measured once a run, and kept in its folder.

    Args:
        plan: a checked recipe.
        folder: of the run.
        pictures: the training pictures.
        start: a colorizer whose tables are taken instead, or None.
        say: where lines of text go.
    """
    path = folder / "target.json"
    if path.is_file():
        return keras.saving.deserialize_keras_object(json.loads(path.read_text(encoding="utf-8")))
    target = build_target(plan)
    if start is not None and start.target.bins is not None:
        target = target.take_tables(start.target)
    else:
        limit = min(plan["train"]["measure_limit"], len(pictures))
        target = target.measure(_in_batches(_told(some(plan, pictures, limit), limit, say)))
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


def batches(plan: dict, pictures, shuffle: bool = False, first_epoch: int = 0, counts=None):
    """A recipe's batches: shuffled, cropped and expanded for training, or each the same every time."""
    settings = plan["data"]
    training = {"zoom": settings["zoom"], "copies": settings.get("copies"), "cache": settings.get("cache")}
    steps = plan["train"].get("steps") if shuffle else None
    every = sources.batches(
        pictures,
        plan["train"]["batch_size"],
        settings["size"],
        crop=settings["crop"] if shuffle else _steady(plan),
        skip_gray=settings["skip_gray"],
        shuffle=shuffle,
        seed=plan["train"]["seed"],
        first_epoch=first_epoch,
        max_broken=settings["max_broken"],
        counts=counts,
        **(training if shuffle else {"cache": training["cache"]}),
    )
    return every.take(steps) if steps else every


def some(plan: dict, pictures, limit: int):
    """Some pictures, always the same and from anywhere in the set, one by one, as validation sees them."""
    settings = plan["data"]
    options = {key: settings[key] for key in ("skip_gray", "max_broken")}
    return sources.each(pictures, settings["size"], crop=_steady(plan), seed=0, limit=limit, **options)


def _steady(plan):
    """How pictures are cut where every one should be the same each time."""
    return "center" if plan["data"]["crop"] == "random" else plan["data"]["crop"]
