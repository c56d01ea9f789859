"""What a training run begins with where it is not new weights: another colorizer, its tables, its discriminator."""

import pathlib

import keras

from kcolor import colorizer as colorizers
from kcolor import shelf
from kcolor.assembly import begin_with
from kcolor.gan import AdversarialColorizer

DISCRIMINATOR = "discriminator.keras"  # in a run's folder


def load(plan: dict, folder: pathlib.Path):
    """The colorizer that a recipe's ``train.start`` names, or None."""
    return colorizers.load(_path(plan, folder)) if "start" in plan["train"] else None


def begin(colorizer, start, plan: dict, folder: pathlib.Path) -> None:
    """Gives a new colorizer the weights of `start`; where that one has left a discriminator, its discriminator's too."""
    begin_with(colorizer.network, start.network)
    path = shelf.find(_path(plan, folder)).with_name(DISCRIMINATOR)
    if isinstance(colorizer, AdversarialColorizer) and path.is_file():
        begin_with(colorizer.discriminator, keras.saving.load_model(path, compile=False))


def unfetched(plan: dict) -> dict:
    """The recipe, without pretrained weights if it begins with another colorizer: nothing is fetched to be overwritten."""
    if "start" not in plan["train"] or plan["model"].get("weights") != "imagenet":
        return plan
    return {**plan, "model": {**plan["model"], "weights": "random"}}


def _path(plan, folder):
    """A path may also be one from the run's own folder, as that of a phase is."""
    start = plan["train"]["start"]
    beside = folder / start
    return beside if start.startswith("..") and beside.exists() else start
