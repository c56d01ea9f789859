"""The colours of a key frame, by the network: chroma as the a and b of Lab, whatever the colorizer's target is."""

import dataclasses
from typing import TYPE_CHECKING

import cv2
import numpy as np
from keras import ops

from kcolor.hints.hint import Placement, place
from kcolor.hints.matching import guesses
from kcolor.images.tone import stretch_between
from kcolor.video.layout import Layout
from kcolor.video.pixels import small_light
from kcolor.video.plan import Scene

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_SHORTER = 384  # pixels: the shorter side of what the network is given, which makes it smaller still
_RAMP = np.linspace(0, 1, 1024, dtype="float32")  # levels of light, to stretch a scene's tone by looking up


class KeyColors:
    """Colours frames by themselves.

    Args:
        colorizer: `kcolor.Colorizer`.
        layout: `Layout` of the film.
        size: Pair of integers (height, width): that of the chroma.
        turns: Integer. Quarter turns to the left by which the film is shown: the network sees it upright.
        temperature: Float, as of `Colorizer.colorize`.
        saturation: Float. Factor on the chroma, but for that of hints.
        reference: Photo ``(height, width, 3)`` in colour, whose colours are guesses for what looks like it; or None.
    """

    def __init__(
        self,
        colorizer: "Colorizer",
        layout: Layout,
        size: tuple[int, int],
        turns: int = 0,
        temperature: float | None = None,
        saturation: float = 1.0,
        reference: np.ndarray | None = None,
    ):
        self.calls, self.layout, self.size, self.turns = 0, layout, size, turns
        self._target, self._stretches = colorizer.target, colorizer.stretch_tone
        # The tone is stretched here, over a scene and not frame by frame.
        calm = colorizer.for_inference(stretch_tone=False) if colorizer.stretch_tone else colorizer
        self._once = calm.inference(temperature=temperature, saturation=saturation)
        self._often = self._once.with_options(dataclasses.replace(self._once.options, ensemble=True))
        self._reference = None if reference is None else self._once.referring(reference)

    def __call__(self, luma: np.ndarray, scene: Scene, ensemble: bool = False, hints: Placement | None = None) -> np.ndarray:
        """Returns the chroma of a frame: floats ``(height, width, 2)``, a and b of Lab.

        Args:
            luma: The frame's light, of the film's size.
            scene: `Scene` that it belongs to, for its tone.
            ensemble: Boolean. Whether to average over mirror images and two sizes.
            hints: `Placement` of hints in the upright frame, or None.
        """
        self.calls += 1
        inference, photo = self._often if ensemble else self._once, self._photo(luma, scene)
        prediction = inference.predict(photo, features=bool(hints) and inference.forward.has_features)
        if hints:
            prediction = dataclasses.replace(prediction, hints=(hints,))
        ab = ops.convert_to_numpy(self._target.lab(inference.chroma(prediction, photo), prediction.seen))[0, ..., 1:]
        return _to_size(np.rot90(ab, -self.turns), self.size)

    def guesses(self, luma: np.ndarray, scene: Scene) -> Placement:
        """Returns the reference's colours for the places of an upright frame that look like places of it.

        Args:
            luma: The frame's light, of the film's size.
            scene: `Scene` that it belongs to.
        """
        if self._reference is None:
            return Placement()
        photo = self._photo(luma, scene)
        return place(guesses(self._reference.matches(self._once.predict(photo, features=True))), *photo.shape[1:3])

    def _photo(self, luma, scene):
        """The upright frame as a small photo ``(1, height, width, 3)``."""
        scale = min(1.0, _SHORTER / min(luma.shape))
        light = small_light(luma, self.layout, tuple(max(1, round(side * scale)) for side in luma.shape))
        return np.ascontiguousarray(np.rot90(self._toned(light, scene), self.turns)[None, ..., None].repeat(3, axis=-1))

    def _toned(self, light, scene):
        """The scene's tone stretched, as the network sees it: of what its target calls lightness."""
        if not self._stretches:
            return light
        gray = np.stack([_RAMP, np.full_like(_RAMP, scene.low), np.full_like(_RAMP, scene.high)])[..., None].repeat(3, axis=-1)
        seen, low, high = ops.convert_to_numpy(self._target.luma(gray))[..., 0]
        stretched = ops.convert_to_numpy(stretch_between(seen, float(low[0]), float(high[0])))
        return _looked_up(light, np.interp(stretched, seen, _RAMP).astype("float32"))


def _looked_up(light, table):
    """What a table says of light in [0, 1], linear between its entries: as np.interp, in a tenth of the time."""
    place = light * np.float32(len(table) - 1)
    below = np.minimum(place.astype("int32"), len(table) - 2)
    return table[below] + (place - below.astype("float32")) * np.diff(table)[below]


def _to_size(ab, size):
    smaller = ab.shape[0] > size[0]
    return cv2.resize(
        np.ascontiguousarray(ab, "float32"), size[::-1], interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    )
