"""Loads a colorizer from a file, a run's folder, or by the name of one that ships with kcolor."""

from kcolor.colorizer.colorizer import Colorizer
from kcolor.saving import keras_file, presets


def load(where, precision: str | None = "float32") -> Colorizer:
    """Loads a colorizer. Nothing in the file is executed; what is foreign in it, or absurdly large, is refused.

    It comes ready to colour; to go on training it, compile it.

    Args:
        where: the name of one that comes with kcolor, a file that `Colorizer.save` wrote, or the folder of a run.
        precision: the dtype policy of its layers. In float32 it makes the same pictures on every machine, and in every format
            that it is exported to; None leaves the one that it was trained in.
    """
    path = presets.find(where)
    colorizer = keras_file.restore(path, precision)
    if not isinstance(colorizer, Colorizer):
        raise ValueError(f"Expected a file with a kcolor.Colorizer. {path} has a {type(colorizer).__name__}")
    return colorizer
