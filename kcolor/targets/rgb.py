"""Targets that are three numbers a pixel: RGB, its difference from grey, and its quotient by grey (system E)."""

import dataclasses

import keras
from keras import ops

from kcolor import color
from kcolor.targets.base import ColorTarget


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class RGB(ColorTarget):
    """RGB itself. With `keep_lightness` (as all other targets have it) the answer's luma gives way to the photo's.

    Without it the answer is the picture: what an autoencoder needs, that sees RGB and gives it back.
    """

    keep_lightness: bool = True

    channels = 3

    @property
    def sees_color(self):
        return not self.keep_lightness

    def encode(self, rgb):
        return color.as_rgb(rgb)

    def chroma(self, raw):
        return ops.cast(raw, "float32")

    def neutral(self, chroma):
        return ops.repeat(color.rgb_to_gray(chroma), 3, axis=-1)

    def join(self, chroma, rgb):
        if not self.keep_lightness:
            return ops.clip(chroma, 0.0, 1.0)
        gray = color.rgb_to_gray(rgb)
        return color.fit_gamut(gray + _without_luma(chroma), gray, color.LUMA)

    def range(self):
        return (0.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Difference(ColorTarget):
    """RGB minus grey, in [-0.886, 0.886]: negative half of the time."""

    channels = 3

    def encode(self, rgb):
        return _without_luma(rgb)

    def chroma(self, raw):
        return ops.cast(raw, "float32")

    def join(self, chroma, rgb):
        gray = color.rgb_to_gray(rgb)
        return color.fit_gamut(gray + _without_luma(chroma), gray, color.LUMA)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Quotient(ColorTarget):
    """RGB over grey, 1 where there is no colour, up to 8.5 in pure blue.

    One grey level is added above and below the line, so that black has a quotient (1) and noise in deep shadow none that
    matters; it is taken off again when decoding.
    """

    channels = 3

    _STEP = 1 / 255

    def encode(self, rgb):
        return (color.as_rgb(rgb) + self._STEP) / (color.rgb_to_gray(rgb) + self._STEP)

    def chroma(self, raw):
        return ops.cast(raw, "float32")

    def neutral(self, chroma):
        return ops.ones_like(chroma)

    def join(self, chroma, rgb):
        gray = color.rgb_to_gray(rgb)
        # The luma of a true quotient is 1; an answer's is made so.
        quotient = chroma / ops.maximum(color.rgb_to_gray(chroma), 1e-3)
        return color.fit_gamut(quotient * (gray + self._STEP) - self._STEP, gray, color.LUMA)

    def range(self):
        return (0.0, (1 + self._STEP) / (color.LUMA[2] + self._STEP))

    def _natural_activation(self):
        return "softplus"  # relu reaches the range too, but a head that answers 0 everywhere never learns again


def _without_luma(rgb):
    return color.as_rgb(rgb) - color.rgb_to_gray(rgb)
