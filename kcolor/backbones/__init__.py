"""Pretrained recognition networks, as encoders of `kcolor.models.pretrained_unet` and as eyes of perceptual losses."""

from kcolor.backbones.features import Features
from kcolor.backbones.preprocess import Preprocess
from kcolor.backbones.zoo import BACKBONES, Backbone, build, load_npz

__all__ = ["BACKBONES", "Backbone", "Features", "Preprocess", "build", "load_npz"]
