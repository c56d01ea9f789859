"""Colours of a reference photograph: guesses for the places of a photo that look like its own to the network."""

from typing import TYPE_CHECKING

import numpy as np
from keras import ops

from kcolor import color
from kcolor.colorizer.prediction import Prediction
from kcolor.hints.matching import CELLS_PER_SIDE, MIN_LIKENESS, Match, matches
from kcolor.images import arrays
from kcolor.images.resizing import resize

if TYPE_CHECKING:
    from kcolor.colorizer.inference import Inference


class Reference:
    """A photograph in colour, as a network sees it without colour.

    Args:
        inference: `Inference` of a colorizer whose network has feature maps.
        rgb: Photo ``(height, width, 3)`` in colour, uint8 or floats in [0, 1].
    """

    def __init__(self, inference: "Inference", rgb: np.ndarray) -> None:
        self.rgb = rgb
        small = inference.reduced(rgb[None])
        prediction = inference.predict(small, features=True)
        self._cells = _cells(prediction)
        ab = color.rgb_to_lab(arrays.to_float(small))[..., 1:]
        self._ab = ops.convert_to_numpy(resize(ab, self._cells.shape[:2]))[0]

    def matches(self, prediction: Prediction, sure: float = MIN_LIKENESS) -> list[Match]:
        """Returns the places of a photo that look like places of this one, the surest first.

        Args:
            prediction: `Prediction` of one photo, with features.
            sure: Float. As of `kcolor.hints.matching.matches`.
        """
        return matches(_cells(prediction), self._cells, self._ab, sure=sure)


def _cells(prediction):
    """The features of a grid of places."""
    height, width = (int(side) for side in prediction.seen.shape[1:3])
    share = CELLS_PER_SIDE / min(height, width)
    size = (max(1, round(share * height)), max(1, round(share * width)))
    return ops.convert_to_numpy(resize(ops.cast(prediction.features, "float32"), size))[0]
