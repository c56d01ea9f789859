"""Loads a colorizer from a file, a run's folder, or by the name of one that ships with kcolor."""

import os

from kcolor.colorizer.colorizer import Colorizer
from kcolor.saving import presets, safe_loading
from kcolor.utils.types import PathLike


def load(where: PathLike, precision: str | None = "float32", *, folder: PathLike | None = None) -> Colorizer:
    """Loads a colorizer, ready to colour. To train it further, compile it.

    Nothing in the file is executed. A file is not loaded if it holds parts that are neither Keras's nor kcolor's, or is
    absurdly large.

    >>> kcolor.load("shapes").target.channels
    32

    Args:
        where: Name of a colorizer that ships with kcolor (see `kcolor.presets`), path of a file that `Colorizer.save` wrote,
            or path of a run's folder.
        precision: String. Dtype policy of its layers. In float32 it makes the same pictures on every machine, and in every
            format that it is exported to. None keeps the policy that it was trained in.
        folder: Path of a folder in which its weights are unpacked for a moment. By default the system's.

    Returns:
        A `kcolor.Colorizer`, or an `AdversarialColorizer` if that was saved.

    Raises:
        ValueError: If there is no such colorizer, or the file is damaged or not to be trusted.
    """
    path = presets.find(where)
    colorizer = safe_loading.restore(path, precision, folder)
    if not isinstance(colorizer, Colorizer):
        raise ValueError(f"Expected a file with a kcolor.Colorizer. {path} has a {type(colorizer).__name__}")
    return colorizer


def as_colorizer(model: PathLike | Colorizer) -> Colorizer:
    """Returns a colorizer as it is, and loads one that is given by its name or file.

    Args:
        model: A `kcolor.Colorizer`, or what `load` takes.

    Returns:
        A `kcolor.Colorizer`.

    Raises:
        ValueError: If it is neither, or cannot be loaded.
    """
    if isinstance(model, Colorizer):
        return model
    if isinstance(model, (str, os.PathLike)):
        return load(model)
    raise ValueError(
        f"Expected a kcolor.Colorizer, or the name or file of one. Received: {model!r}. A network becomes a colorizer with "
        "its target: kcolor.Colorizer(network, target)"
    )
