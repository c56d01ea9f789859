"""Networks that a colorizer is given by their names."""

from typing import Any

import keras

from kcolor import models
from kcolor.targets import ColorTarget


def built(network: keras.Model | str, target: ColorTarget, guide: keras.Model | None, options: dict[str, Any]) -> keras.Model:
    """Returns a network, built if it is given by name.

    >>> built("unet", kcolor.targets.get("lab"), None, {"filters": (4, 8)}).output_shape[-1]
    2

    Args:
        network: Keras model, or the name of one in `kcolor.models.MODELS`.
        target: `ColorTarget`, which says what the network outputs.
        guide: Colorizer that guides the network, or None.
        options: Dict of options of the builder.
    """
    if not isinstance(network, str):
        if options:
            raise ValueError(
                f"Unknown options of a colorizer: {sorted(options)}. Options of a builder need the network's name, one of "
                f"{sorted(models.MODELS)}"
            )
        return network
    if guide is not None:
        options = {"guide": True, **options}
    return models.build(network, target, **options)
