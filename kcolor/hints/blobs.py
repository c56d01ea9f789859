"""Soft patches around hints: what is added to a small picture near each of them, and where it is as light."""

import functools

import numpy as np

from kcolor.hints.patches import Patches

PIN_REACH = 4 / 256  # of the shorter side: how far what is missing is added around a patch
PIN_LIGHTNESS = 0.2  # difference of luma at which it is added no more


class Blobs:
    """Soft patches of a small picture, one around each hint, as strong as the hint's luma is there.

    Args:
        patches: `Patches` of a photo of any size.
        luma: Array ``(h, w, 1)``. Luma of the small picture.
    """

    def __init__(self, patches: Patches, luma: np.ndarray):
        self._luma = luma[..., 0]
        height, width = self._luma.shape
        places = patches.places_in(height, width)
        self._middle = np.stack([np.sum(place * patches.weights, axis=1) for place in places], axis=-1)
        half = np.stack([np.ptp(place, axis=1) / 2 for place in places], axis=-1)
        reach = np.minimum(PIN_REACH * min(height, width), _nearest_other(self._middle) / 3)  # not into another's patch
        self._width = np.hypot(np.maximum(1.0, reach)[:, None], half)
        sides = zip(places, (height, width), strict=True)
        rows, columns = (np.clip(np.rint(place).astype(int), 0, side - 1) for place, side in sides)
        self._pixels, self._weights = (rows, columns), patches.weights
        self._own = self.mean(luma)[:, 0]
        self._windows = [self._window(number) for number in range(len(self._middle))]
        total = np.zeros((height, width), "float32")
        for window, blob in self._windows:
            total[window] += blob
        self._total = np.maximum(total, 1.0)  # where several overlap they share
        # What each patch gets from each blob.
        self._shares = np.zeros((len(self._middle), len(self._middle)), "float32")
        for number in range(len(self._middle)):
            self._shares[:, number] = self._received(number, rows, columns, patches.weights)

    def _received(self, number, rows, columns, weights):
        window, blob = self._windows[number]
        (top, bottom), (left, right) = ((part.start, part.stop) for part in window)
        inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
        found = np.zeros(rows.shape, "float32")
        found[inside] = blob[rows[inside] - top, columns[inside] - left] / self._total[rows[inside], columns[inside]]
        return np.sum(found * weights, axis=1)

    def mean(self, picture: np.ndarray) -> np.ndarray:
        """Returns the mean of a small picture ``(h, w, channels)`` in each patch ``(count, channels)``."""
        return np.sum(picture[self._pixels] * self._weights[..., None], axis=1)

    def field(self, strength: np.ndarray) -> np.ndarray:
        """Returns the sum of all blobs ``(h, w, channels)``, each with its strength ``(count, channels)``."""
        found = np.zeros((*self._luma.shape, strength.shape[-1]), "float32")
        for (window, blob), one in zip(self._windows, strength, strict=True):
            found[window] += blob[..., None] * one
        return found / self._total[..., None]

    def strength_for(self, missing: np.ndarray) -> np.ndarray:
        """Returns the strengths with which the patches get what they miss ``(count, channels)``, about."""
        return (self._answer @ missing).astype("float32")

    @functools.cached_property
    def _answer(self):
        """Least squares, solved once: patches over each other may not agree."""
        shares = self._shares.astype("float64")
        return np.linalg.solve(shares.T @ shares + 1e-4 * np.eye(len(shares)), shares.T)

    def _window(self, number):
        sides = []
        for axis, side in enumerate(self._luma.shape):
            middle, width = self._middle[number, axis], self._width[number, axis]
            sides.append(slice(max(0, int(middle - 3 * width)), min(side, int(middle + 3 * width) + 2)))
        window = tuple(sides)
        rows, columns = np.ogrid[window]
        (y, x), (height, width) = self._middle[number], self._width[number]
        near = ((rows - y) / height) ** 2 + ((columns - x) / width) ** 2
        alike = ((self._luma[window] - self._own[number]) / PIN_LIGHTNESS) ** 2
        return window, np.exp(-(near + alike) / 2).astype("float32")


def _nearest_other(places):
    """How far each place is from the nearest of the others that are not at the same place."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    return np.min(np.where(apart < 0.5, np.inf, apart), axis=1, initial=np.inf)
