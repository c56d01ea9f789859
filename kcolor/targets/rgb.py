"""Targets of three numbers per pixel: RGB, its difference from grey, and its quotient by grey (system E)."""

import dataclasses

import keras
from keras import ops

from kcolor import color
from kcolor.targets.base import ColorTarget
from kcolor.utils.types import Tensor


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class RGB(ColorTarget):
    """RGB itself.

    Args:
        activation: String. Activation of the head; None takes the one whose range is the target's.
        keep_lightness: Boolean. Replaces the output's luma by the photo's, like all other targets. Without it the output is
            the picture, as for an autoencoder, which sees RGB and reproduces it.

    >>> kcolor.targets.RGB().channels, kcolor.targets.RGB().activation
    (3, 'sigmoid')
    """

    keep_lightness: bool = True

    channels = 3

    @property
    def sees_color(self) -> bool:  # type: ignore[override]
        return not self.keep_lightness

    def encode(self, rgb: Tensor) -> Tensor:
        return color.as_rgb(rgb)

    def chroma(self, raw: Tensor) -> Tensor:
        return ops.cast(raw, "float32")

    def neutral(self, chroma: Tensor) -> Tensor:
        return ops.repeat(color.rgb_to_gray(chroma), 3, axis=-1)

    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        if not self.keep_lightness:
            return ops.clip(chroma, 0.0, 1.0)
        gray = color.rgb_to_gray(rgb)
        return color.fit_gamut(gray + _without_luma(chroma), gray, color.LUMA)

    def range(self) -> tuple[float, float]:
        return (0.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Difference(ColorTarget):
    """RGB minus grey, in [-0.886, 0.886]: negative half of the time.

    >>> green = np.array([[[[0.0, 1.0, 0.0]]]], "float32")
    >>> [round(float(value), 3) for value in kcolor.targets.Difference().encode(green)[0, 0, 0]]
    [-0.587, 0.413, -0.587]
    """

    channels = 3

    def encode(self, rgb: Tensor) -> Tensor:
        return _without_luma(rgb)

    def chroma(self, raw: Tensor) -> Tensor:
        return ops.cast(raw, "float32")

    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        gray = color.rgb_to_gray(rgb)
        return color.fit_gamut(gray + _without_luma(chroma), gray, color.LUMA)


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Quotient(ColorTarget):
    """RGB divided by grey: 1 where there is no colour, up to 8.5 in pure blue.

    One grey level is added to both sides of the fraction, so that black has a quotient (1) and noise in deep shadow has none
    that matters. Decoding takes it off again.

    >>> gray = np.full((1, 1, 1, 3), 0.5, "float32")
    >>> [round(float(value), 3) for value in kcolor.targets.Quotient().encode(gray)[0, 0, 0]]
    [1.0, 1.0, 1.0]
    """

    channels = 3

    _STEP = 1 / 255

    def encode(self, rgb: Tensor) -> Tensor:
        return (color.as_rgb(rgb) + self._STEP) / (color.rgb_to_gray(rgb) + self._STEP)

    def chroma(self, raw: Tensor) -> Tensor:
        return ops.cast(raw, "float32")

    def neutral(self, chroma: Tensor) -> Tensor:
        return ops.ones_like(chroma)

    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        gray = color.rgb_to_gray(rgb)
        # The luma of a true quotient is 1; that of an output is made so.
        quotient = chroma / ops.maximum(color.rgb_to_gray(chroma), 1e-3)
        return color.fit_gamut(quotient * (gray + self._STEP) - self._STEP, gray, color.LUMA)

    def range(self) -> tuple[float, float]:
        return (0.0, (1 + self._STEP) / (color.LUMA[2] + self._STEP))

    def _natural_activation(self):
        return "softplus"  # relu reaches the range, too, but a head that outputs 0 everywhere never learns again


def _without_luma(rgb):
    return color.as_rgb(rgb) - color.rgb_to_gray(rgb)
