"""Pretrained recognition networks: encoders of `kcolor.models.pretrained_unet`, and features for perceptual losses.

>>> model, stages = kcolor.backbones.build("squeezenet", weights=None)
>>> [stage.shape[-1] for stage in stages]  # channels at 1/2, 1/4, 1/8 and 1/16 of the picture
[64, 128, 256, 512]
"""

from kcolor.backbones.efficientnet_lite import efficientnet_lite0, efficientnet_lite2
from kcolor.backbones.features import Features
from kcolor.backbones.own import own_stages
from kcolor.backbones.preprocess import Preprocess
from kcolor.backbones.zoo import BACKBONES, Backbone, build, load_npz

__all__ = [
    "BACKBONES",
    "Backbone",
    "Features",
    "Preprocess",
    "build",
    "efficientnet_lite0",
    "efficientnet_lite2",
    "load_npz",
    "own_stages",
]
