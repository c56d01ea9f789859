"""Targets that are two numbers: a and b of Lab, a pixel or a picture, and the chroma of YCbCr."""

import dataclasses
import math

import keras
from keras import ops

from kcolor import color
from kcolor.targets.base import ColorTarget


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Lab(ColorTarget):
    """a and b over `scale`, in [-1, 1]; with `unit` in [0, 1] (system C), and the activation follows.

    Args:
        scale: what is divided by. sRGB reaches b = -107.9, so less than 108 could not answer a pure blue.
        unit: shift and halve to [0, 1].
    """

    scale: float = 110.0
    unit: bool = False

    def __post_init__(self):
        super().__post_init__()
        if self.scale < 108:
            raise ValueError(f"Expected `scale` of at least 108, the reach of sRGB in the ab plane. Received: {self.scale!r}")

    def luma(self, rgb):
        return color.rgb_to_lightness(rgb) / 100.0

    def gray(self, rgb):
        lightness = color.rgb_to_lightness(rgb)
        return color.lab_to_rgb(ops.concatenate([lightness, ops.zeros_like(lightness), ops.zeros_like(lightness)], axis=-1))

    def encode(self, rgb):
        ab = color.rgb_to_lab(rgb)[..., 1:] / self.scale
        return (ab + 1) / 2 if self.unit else ab

    def chroma(self, raw):
        raw = ops.cast(raw, "float32")
        return (raw * 2 - 1 if self.unit else raw) * self.scale

    def lab(self, chroma, rgb):
        return ops.concatenate([color.rgb_to_lightness(rgb), chroma], axis=-1)

    def join(self, chroma, rgb):
        return color.lab_to_rgb(self.lab(chroma, rgb), gamut="nearest")

    def range(self):
        return (0.0, 1.0) if self.unit else (-1.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class MeanAb(Lab):
    """One (a, b) for the whole picture, its mean, scaled as in `Lab` (system C's regressor)."""

    pooled = True
    tolerance = math.inf  # one colour for all: only pictures of one colour come back

    def encode(self, rgb):
        return ops.mean(super().encode(rgb), axis=(-3, -2))

    def chroma(self, raw):
        return super().chroma(raw)[..., None, None, :]

    def lab(self, chroma, rgb):
        return super().lab(ops.broadcast_to(chroma, (*ops.shape(rgb)[:-1], 2)), rgb)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class YCbCr(ColorTarget):
    """BT.601 full-range chroma, doubled to [-1, 1]; with `unit` as it is, in [0, 1] with its neutral in the middle."""

    unit: bool = False

    def encode(self, rgb):
        chroma = color.rgb_to_ycbcr(rgb)[..., 1:] - color.NEUTRAL
        return chroma + 0.5 if self.unit else chroma * 2

    def chroma(self, raw):
        raw = ops.cast(raw, "float32")
        return (raw - 0.5 if self.unit else raw / 2) + color.NEUTRAL

    def neutral(self, chroma):
        return ops.full_like(chroma, color.NEUTRAL)

    def join(self, chroma, rgb):
        return color.ycbcr_to_rgb(ops.concatenate([color.rgb_to_gray(rgb), chroma], axis=-1), gamut="nearest")

    def range(self):
        return (0.0, 1.0) if self.unit else (-1.0, 1.0)
