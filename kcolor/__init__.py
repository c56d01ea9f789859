"""kcolor colours grey photographs with Keras 3.

>>> target = kcolor.targets.get("bins", grid=18)
>>> colorizer = kcolor.Colorizer(kcolor.models.build("unet", target), target)
"""

import importlib
from typing import TYPE_CHECKING

from kcolor.utils import registration

__version__ = "0.2.0"

# Nothing below is imported before it is used: `import kcolor`, and a command that has nothing to colour, take no Keras.
# A type checker reads the imports; Python reads `_HOME`. A test holds the two against each other.
if TYPE_CHECKING:
    from kcolor import (
        augment,
        backbones,
        bins,
        color,
        data,
        hints,
        images,
        layers,
        losses,
        metrics,
        models,
        recipes,
        targets,
    )
    from kcolor.colorizer.adversarial import AdversarialColorizer
    from kcolor.colorizer.colorizer import Colorizer
    from kcolor.evaluation.evaluate import evaluate
    from kcolor.exporting.export import export
    from kcolor.images import arrays as photos
    from kcolor.losses import perceptual
    from kcolor.models import head as heads
    from kcolor.photo_files.colorize_files import colorize_files
    from kcolor.saving.load import load
    from kcolor.saving.presets import names as presets
    from kcolor.training.train import train
    from kcolor.video.colorize_video import colorize_video

# Where each public name is: a module, or a name in a module.
_HOME = {
    "AdversarialColorizer": "kcolor.colorizer.adversarial:AdversarialColorizer",
    "Colorizer": "kcolor.colorizer.colorizer:Colorizer",
    "augment": "kcolor.augment",
    "backbones": "kcolor.backbones",
    "bins": "kcolor.bins",
    "color": "kcolor.color",
    "colorize_files": "kcolor.photo_files.colorize_files:colorize_files",
    "colorize_video": "kcolor.video.colorize_video:colorize_video",
    "data": "kcolor.data",
    "evaluate": "kcolor.evaluation.evaluate:evaluate",
    "export": "kcolor.exporting.export:export",
    "heads": "kcolor.models.head",
    "hints": "kcolor.hints",
    "images": "kcolor.images",
    "layers": "kcolor.layers",
    "load": "kcolor.saving.load:load",
    "losses": "kcolor.losses",
    "metrics": "kcolor.metrics",
    "models": "kcolor.models",
    "perceptual": "kcolor.losses.perceptual",
    "photos": "kcolor.images.arrays",
    "presets": "kcolor.saving.presets:names",
    "recipes": "kcolor.recipes",
    "targets": "kcolor.targets",
    "train": "kcolor.training.train:train",
}

__all__ = [
    "AdversarialColorizer",
    "Colorizer",
    "augment",
    "backbones",
    "bins",
    "color",
    "colorize_files",
    "colorize_video",
    "data",
    "evaluate",
    "export",
    "heads",
    "hints",
    "images",
    "layers",
    "load",
    "losses",
    "metrics",
    "models",
    "perceptual",
    "photos",
    "presets",
    "recipes",
    "targets",
    "train",
]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'kcolor' has no attribute {name!r}. It has {', '.join(sorted(_HOME))}")
    module, _, attribute = _HOME[name].partition(":")
    value = importlib.import_module(module)
    globals()[name] = value = getattr(value, attribute) if attribute else value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


registration.register_with_keras()
