"""Pins colours at the hints, in the picture that is painted: after the guided filter, the gamut and 8 bits.

What is missing there is added to the coefficients with which a photo is painted, near each hint and where it is as light.
"""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.hints.patches import Patches
from kcolor.hints.possible import graphs, picture_of
from kcolor.images import arrays
from kcolor.images.sampling import bilinear
from kcolor.targets import ColorTarget

_REACH = 4 / 256  # of the shorter side: how far what is missing is added around a patch
_LIGHTNESS = 0.2  # difference of luma at which it is added no more
_ROUNDS = 12
_BOLDEST = 4.0
_CLOSE = 0.2  # in the ab plane: nearer need not be


def pinned(coefficients: np.ndarray, patches: Patches, wanted: np.ndarray, luma: np.ndarray, target: ColorTarget) -> np.ndarray:
    """Returns coefficients with which patches get the colours that they are to have.

    Args:
        coefficients: Array ``(h, w, 2 * channels)``: slopes, then offsets.
        patches: `Patches` of the photo that is painted.
        wanted: Array ``(count, 2)``: the mean (a, b) of each patch in the painted photo.
        luma: Array ``(h, w, 1)``: luma of the photo, as small as the coefficients.
        target: `ColorTarget` whose chroma the coefficients give.

    Returns:
        Array of the shape of `coefficients`.
    """
    blobs = Blobs(patches, luma)
    channels = coefficients.shape[-1] // 2
    patch_luma = patches.luma(target)

    def with_blobs(strength):
        changed = coefficients.copy()
        changed[..., channels:] += blobs.field(strength)
        return changed

    best = strength = np.zeros((len(wanted), channels), "float32")
    least, before, gain = np.inf, np.full(len(wanted), np.inf), np.ones(len(wanted))
    for _ in range(_ROUNDS):
        found = painted_ab(with_blobs(strength), patches, target)
        miss = np.linalg.norm(wanted - found, axis=-1)
        if np.sum(miss**2) < least:  # squares, so that hints that disagree share
            best, least = strength, np.sum(miss**2)
        if miss.max() < _CLOSE:
            break
        # At the edge of the gamut a step brings less than it says, or another colour: steps grow, or get smaller.
        gain = np.where(miss < before, np.minimum(1.3 * gain, np.where(miss < 0.5 * before, 1.0, _BOLDEST)), 0.4 * gain)
        there, then = (chroma_of(target, ab, patch_luma) for ab in (found, wanted))
        strength, before = strength + blobs.strength_for((then - there) * gain[:, None]), miss
    return with_blobs(best)


def painted_ab(coefficients: np.ndarray, patches: Patches, target: ColorTarget) -> np.ndarray:
    """Returns the mean (a, b) that each patch has once it is painted in 8 bits.

    >>> from kcolor.hints.hint import place
    >>> from kcolor.hints.patches import patches_in
    >>> photo = np.full((8, 8, 3), 128, "uint8")
    >>> patches = patches_in(photo, place([kcolor.hints.Hint(3, 2, "red")], 8, 8).patches)
    >>> painted_ab(np.float32([[[0, 0, 30, -10]]]), patches, kcolor.targets.get("lab")).round()
    array([[ 30., -10.]], dtype=float32)

    Args:
        coefficients: As of `pinned`.
        patches: As of `pinned`.
        target: As of `pinned`.

    Returns:
        Array ``(count, 2)``.
    """
    height, width = coefficients.shape[:2]
    rows, columns = (
        ((place + 0.5) * (small / side) - 0.5).astype("float32")[None]
        for place, small, side in ((patches.rows, height, patches.size[0]), (patches.columns, width, patches.size[1]))
    )
    return patches.mean(graphs(target, _painted_lab)(coefficients[None], rows, columns, patches.rgb)[..., 1:])


def _painted_lab(target):
    def painted_lab(coefficients, rows, columns, rgb):
        slope, offset = ops.split(bilinear(coefficients, rows, columns)[0], 2, axis=-1)
        painted = target.join(slope * target.luma(rgb) + offset, rgb)
        return color.rgb_to_lab(arrays.to_float(arrays.rounded(painted)))

    return painted_lab


def chroma_of(target: ColorTarget, ab: np.ndarray, luma: np.ndarray) -> np.ndarray:
    """Returns the chroma of colours, as its distance from no colour.

    >>> chroma_of(kcolor.targets.get("lab"), np.float32([[30, -10]]), np.float32([[0.5]])).round()
    array([[ 30., -10.]], dtype=float32)

    Args:
        target: `ColorTarget`.
        ab: Array ``(count, 2)``.
        luma: Array ``(count, 1)``.

    Returns:
        Array ``(count, channels)``.
    """
    if target.bins is not None:  # its chroma is ab
        return np.asarray(ab, "float32")
    chroma = target.own_chroma(picture_of(target, ab, luma)[:, None, None])
    return ops.convert_to_numpy(chroma - target.neutral(chroma))[:, 0, 0]


class Blobs:
    """Soft patches of a small picture, one around each hint, as strong as the hint's luma is there.

    Args:
        patches: `Patches` of a photo of any size.
        luma: Array ``(h, w, 1)``. Luma of the small picture.
    """

    def __init__(self, patches: Patches, luma: np.ndarray):
        self._luma = luma[..., 0]
        height, width = self._luma.shape
        places = [
            (place + 0.5) * (small / side) - 0.5
            for place, small, side in ((patches.rows, height, patches.size[0]), (patches.columns, width, patches.size[1]))
        ]
        self._middle = np.stack([np.sum(place * patches.weights, axis=1) for place in places], axis=-1)
        half = np.stack([np.ptp(place, axis=1) / 2 for place in places], axis=-1)
        reach = np.minimum(_REACH * min(height, width), _nearest_other(self._middle) / 3)  # not into another's patch
        self._width = np.hypot(np.maximum(1.0, reach)[:, None], half)
        sides = zip(places, (height, width), strict=True)
        rows, columns = (np.clip(np.rint(place).astype(int), 0, side - 1) for place, side in sides)
        self._own = np.sum(self._luma[rows, columns] * patches.weights, axis=1)
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

    def field(self, strength: np.ndarray) -> np.ndarray:
        """Returns the sum of all blobs ``(h, w, channels)``, each with its strength ``(count, channels)``."""
        found = np.zeros((*self._luma.shape, strength.shape[-1]), "float32")
        for (window, blob), one in zip(self._windows, strength, strict=True):
            found[window] += blob[..., None] * one
        return found / self._total[..., None]

    def strength_for(self, missing: np.ndarray) -> np.ndarray:
        """Returns the strengths with which the patches get what they miss ``(count, channels)``, about."""
        least = 1e-2 * np.eye(len(missing), dtype="float32")  # patches over each other may not agree
        return np.linalg.lstsq(np.concatenate([self._shares, least]), np.concatenate([missing, 0 * missing]), rcond=None)[0]

    def _window(self, number):
        sides = []
        for axis, side in enumerate(self._luma.shape):
            middle, width = self._middle[number, axis], self._width[number, axis]
            sides.append(slice(max(0, int(middle - 3 * width)), min(side, int(middle + 3 * width) + 2)))
        window = tuple(sides)
        rows, columns = np.ogrid[window]
        (y, x), (height, width) = self._middle[number], self._width[number]
        near = ((rows - y) / height) ** 2 + ((columns - x) / width) ** 2
        alike = ((self._luma[window] - self._own[number]) / _LIGHTNESS) ** 2
        return window, np.exp(-(near + alike) / 2).astype("float32")


def _nearest_other(places):
    """How far each place is from the nearest of the others that are not at the same place."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    return np.min(np.where(apart < 0.5, np.inf, apart), axis=1, initial=np.inf)
