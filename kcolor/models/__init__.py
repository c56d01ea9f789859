"""Networks: Keras functional builders, each a function with keyword options, and `MODELS`, which has them by name."""

import inspect

from kcolor import targets
from kcolor.models.autoencoder import autoencoder, code_size
from kcolor.models.blocks import ConstantPlanes, InputSize
from kcolor.models.complexity_unet import complexity_discriminator, complexity_unet
from kcolor.models.encoder_decoder import encoder_decoder
from kcolor.models.mean_regressor import mean_regressor
from kcolor.models.pix2pix import patchgan, pix2pix_unet
from kcolor.models.pretrained_unet import pretrained_unet
from kcolor.models.unet import unet
from kcolor.utils import registry

__all__ = [
    "MODELS",
    "ConstantPlanes",
    "InputSize",
    "autoencoder",
    "build",
    "code_size",
    "complexity_discriminator",
    "complexity_unet",
    "encoder_decoder",
    "mean_regressor",
    "patchgan",
    "pix2pix_unet",
    "pretrained_unet",
    "unet",
]

MODELS = {
    "unet": unet,
    "complexity_unet": complexity_unet,
    "complexity_discriminator": complexity_discriminator,
    "mean_regressor": mean_regressor,
    "encoder_decoder": encoder_decoder,
    "pix2pix_unet": pix2pix_unet,
    "patchgan": patchgan,
    "autoencoder": autoencoder,
    "pretrained_unet": pretrained_unet,
}


def takes_target(name):
    """Whether this builder makes a network that answers a colour target (a discriminator does not)."""
    return "target" in inspect.signature(MODELS[name]).parameters


def build(name, target=None, **options):
    """Builds a network by its name in `MODELS`.

    Args:
        name: one of `MODELS`.
        target: a colour target, or the name of one; None for discriminators.
        options: the builder's keyword options.

    Returns:
        A Keras functional model.
    """
    if name in MODELS and takes_target(name) != (target is not None):
        raise ValueError(
            f"The model {name!r} {'needs a target' if target is None else 'takes no target'}. Received: {target!r}"
        )
    arguments = [] if target is None else [targets.get(target)]
    return registry.build(MODELS, "model", name, *arguments, **options)
