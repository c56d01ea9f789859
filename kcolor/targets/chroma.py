"""Targets of two numbers: the a and b of Lab, per pixel or per picture, and the chroma of YCbCr.

`AbTarget` is the base of all whose chroma is a and b, `kcolor.targets.Bins` too.
"""

import dataclasses
import math

import keras
from keras import ops

from kcolor import color
from kcolor.targets.base import ColorTarget
from kcolor.utils.types import Tensor


class AbTarget(ColorTarget):
    """Base of targets whose chroma is the a and b of Lab: a picture keeps the L of its photo."""

    chroma_is_ab = True

    def luma(self, rgb: Tensor) -> Tensor:
        return color.rgb_to_lightness(rgb) / 100.0

    def gray(self, rgb: Tensor) -> Tensor:
        lightness = color.rgb_to_lightness(rgb)
        return color.lab_to_rgb(ops.concatenate([lightness, ops.zeros_like(lightness), ops.zeros_like(lightness)], axis=-1))

    def own_chroma(self, rgb: Tensor) -> Tensor:
        return color.rgb_to_lab(rgb)[..., 1:]

    def lab(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        return ops.concatenate([color.rgb_to_lightness(rgb), chroma], axis=-1)

    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        return color.lab_to_rgb(self.lab(chroma, rgb), gamut="nearest")


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Lab(AbTarget):
    """The a and b of Lab, divided by `scale`: in [-1, 1], or in [0, 1] with `unit` (system C). The activation follows.

    Args:
        activation: String. Activation of the head; None takes the one whose range is the target's.
        scale: Float. a and b are divided by it. sRGB reaches b = -107.9, so less than 108 could not represent pure blue.
        unit: Boolean. Shifts and halves to [0, 1].

    >>> gray = np.full((1, 4, 4, 3), 0.5, "float32")
    >>> kcolor.targets.Lab().activation, kcolor.targets.Lab(unit=True).activation
    ('tanh', 'sigmoid')
    >>> round(float(kcolor.targets.Lab(unit=True).encode(gray)[0, 0, 0, 0]), 3)
    0.5
    """

    scale: float = 110.0
    unit: bool = False

    def __post_init__(self):
        super().__post_init__()
        if self.scale < 108:
            raise ValueError(f"Expected `scale` of at least 108, the reach of sRGB in the ab plane. Received: {self.scale!r}")

    def encode(self, rgb: Tensor) -> Tensor:
        ab = color.rgb_to_lab(rgb)[..., 1:] / self.scale
        return (ab + 1) / 2 if self.unit else ab

    def chroma(self, raw: Tensor) -> Tensor:
        raw = ops.cast(raw, "float32")
        return (raw * 2 - 1 if self.unit else raw) * self.scale

    def range(self) -> tuple[float, float]:
        return (0.0, 1.0) if self.unit else (-1.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class MeanAb(Lab):
    """The mean (a, b) of the whole picture, scaled as in `Lab` (system C's regressor).

    >>> photo = np.random.default_rng(0).uniform(size=(2, 8, 8, 3)).astype("float32")
    >>> tuple(kcolor.targets.MeanAb().encode(photo).shape)
    (2, 2)
    """

    pooled = True
    tolerance = math.inf  # one colour for all: only pictures of one colour come back

    def encode(self, rgb: Tensor) -> Tensor:
        return ops.mean(super().encode(rgb), axis=(-3, -2))

    def own_chroma(self, rgb: Tensor) -> Tensor:
        return ops.mean(super().own_chroma(rgb), axis=(-3, -2), keepdims=True)

    def chroma(self, raw: Tensor) -> Tensor:
        return super().chroma(raw)[..., None, None, :]

    def lab(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        return super().lab(ops.broadcast_to(chroma, (*ops.shape(rgb)[:-1], 2)), rgb)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class YCbCr(ColorTarget):
    """BT.601 full-range chroma, doubled to [-1, 1]; or unchanged in [0, 1], with its neutral in the middle.

    Args:
        activation: String. Activation of the head; None takes the one whose range is the target's.
        unit: Boolean. Leaves the chroma in [0, 1].

    >>> red = np.array([[[[1.0, 0.0, 0.0]]]], "float32")
    >>> [round(float(value), 2) for value in kcolor.targets.YCbCr().encode(red)[0, 0, 0]]
    [-0.34, 1.0]
    """

    unit: bool = False

    def encode(self, rgb: Tensor) -> Tensor:
        chroma = color.rgb_to_ycbcr(rgb)[..., 1:] - color.NEUTRAL
        return chroma + 0.5 if self.unit else chroma * 2

    def chroma(self, raw: Tensor) -> Tensor:
        raw = ops.cast(raw, "float32")
        return (raw - 0.5 if self.unit else raw / 2) + color.NEUTRAL

    def neutral(self, chroma: Tensor) -> Tensor:
        return ops.full_like(chroma, color.NEUTRAL)

    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        return color.ycbcr_to_rgb(ops.concatenate([color.rgb_to_gray(rgb), chroma], axis=-1), gamut="nearest")

    def range(self) -> tuple[float, float]:
        return (0.0, 1.0) if self.unit else (-1.0, 1.0)
