"""Networks: functions that build Keras functional models, with keyword options, and registries with their names.

`NETWORKS` output a colour target, `DISCRIMINATORS` judge pictures, and `MODELS` has both.

>>> network = kcolor.models.build("unet", "lab", filters=(4, 8))
>>> network.output_shape
(None, None, None, 2)
"""

from collections.abc import Callable

import keras

from kcolor import targets
from kcolor.models.autoencoder import autoencoder, code_size
from kcolor.models.blocks import ConstantPlanes, InputSize
from kcolor.models.complexity_unet import complexity_discriminator, complexity_unet
from kcolor.models.encoder_decoder import encoder_decoder
from kcolor.models.mean_regressor import mean_regressor
from kcolor.models.pix2pix import patchgan, pix2pix_unet
from kcolor.models.pretrained_encoder import encoder_layers
from kcolor.models.pretrained_unet import pretrained_unet
from kcolor.models.unet import unet
from kcolor.utils import registry

__all__ = [
    "DISCRIMINATORS",
    "MODELS",
    "NETWORKS",
    "ConstantPlanes",
    "InputSize",
    "autoencoder",
    "build",
    "code_size",
    "complexity_discriminator",
    "complexity_unet",
    "encoder_decoder",
    "encoder_layers",
    "mean_regressor",
    "patchgan",
    "pix2pix_unet",
    "pretrained_unet",
    "unet",
]

# They take a target as their first argument.
NETWORKS: dict[str, Callable[..., keras.Model]] = {
    "unet": unet,
    "complexity_unet": complexity_unet,
    "mean_regressor": mean_regressor,
    "encoder_decoder": encoder_decoder,
    "pix2pix_unet": pix2pix_unet,
    "autoencoder": autoencoder,
    "pretrained_unet": pretrained_unet,
}
DISCRIMINATORS: dict[str, Callable[..., keras.Model]] = {
    "complexity_discriminator": complexity_discriminator,
    "patchgan": patchgan,
}
MODELS = {**NETWORKS, **DISCRIMINATORS}


def build(name: str, target: targets.ColorTarget | str | None = None, **options: object) -> keras.Model:
    """Builds a network or a discriminator by its name.

    Args:
        name: String. A key of `MODELS`.
        target: Colour target, or the name of one. None for discriminators.
        options: Keyword options of the function that builds it.

    Returns:
        A Keras functional model.

    Raises:
        ValueError: If there is no such model, it has no such option, or a target is missing or superfluous.

    >>> kcolor.models.build("unet", "lab", filters=(4, 8)).input_shape
    (None, None, None, 1)
    """
    if name in NETWORKS and target is None:
        raise ValueError(f"The model {name!r} needs a target. Received: None")
    if name in DISCRIMINATORS and target is not None:
        raise ValueError(f"The model {name!r} takes no target. Received: {target!r}")
    arguments = [] if target is None else [targets.get(target)]
    return registry.build(MODELS, "model", name, *arguments, **options)
