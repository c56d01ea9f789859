"""kcolor colours grey photographs with Keras 3.

>>> target = kcolor.targets.get("bins", grid=18)
>>> colorizer = kcolor.Colorizer(kcolor.models.build("unet", target), target)
"""

from kcolor import startup

with startup.quiet_if_command():
    import keras  # noqa: F401 (with TensorFlow, which is what is to be quiet)

from kcolor import (
    augment,
    backbones,
    bins,
    color,
    data,
    heads,
    layers,
    losses,
    metrics,
    models,
    perceptual,
    photos,
    recipe,
    targets,
)
from kcolor.colorizer import Colorizer, load
from kcolor.darkroom import colorize_files
from kcolor.exporting import export
from kcolor.gan import AdversarialColorizer
from kcolor.runs import evaluate
from kcolor.training import train

__version__ = "0.1.0"

__all__ = [
    "AdversarialColorizer",
    "Colorizer",
    "augment",
    "backbones",
    "bins",
    "color",
    "colorize_files",
    "data",
    "evaluate",
    "export",
    "heads",
    "layers",
    "load",
    "losses",
    "metrics",
    "models",
    "perceptual",
    "photos",
    "recipe",
    "targets",
    "train",
]
