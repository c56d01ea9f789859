"""Colours with hints: between what was predicted and what is painted. The network does not run again."""

from collections.abc import Callable

import numpy as np
from keras import ops

from kcolor import color
from kcolor.hints.hint import Placement
from kcolor.hints.patches import ab_of, patches_in, wanted_parts
from kcolor.hints.pins import chroma_of, painted_ab, pinned
from kcolor.hints.spread import DOUBT, NUGGET, boldness, halves, spread
from kcolor.images.resizing import resize
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor


class Scene:
    """What hints need of one photo, whatever they say: made once, so that a further hint costs little.

    Args:
        chroma: Floats ``(1, h, w, channels)``, or one pixel of them: what would be painted without hints.
        seen: Floats ``(1, h, w, 3)``. The photo as the network saw it.
        descriptors: Floats ``(1, h, w, d)``, see `kcolor.hints.spread`.
        target: `ColorTarget` whose chroma it is.
    """

    def __init__(self, chroma: Tensor, seen: Tensor, descriptors: Tensor, target: ColorTarget) -> None:
        self.target = target
        self.chroma = ops.broadcast_to(chroma, (*ops.shape(seen)[:3], chroma.shape[-1]))
        self.luma = target.luma(seen)
        self.seen = _numpy(seen)[0]
        ab = self.chroma if target.chroma_is_ab else color.rgb_to_lab(target.join(self.chroma, seen))[..., 1:]
        self.ab = _numpy(ab)[0]
        self.difference = _numpy(self.chroma - target.neutral(self.chroma))[0]
        self.descriptors = _numpy(descriptors)[0]
        self._everywhere = ops.reshape(descriptors, (-1, descriptors.shape[-1]))
        self._halves = halves(self._everywhere)

    def cast(self, placement: Placement) -> np.ndarray:
        """Returns what is added to the chroma of all pixels, so that its mean is that of the hint for the whole picture.

        Args:
            placement: `Placement` of the hints.

        Returns:
            Array ``(channels,)``; zeros without such a hint.
        """
        if placement.everywhere is None:
            return np.zeros(self.difference.shape[-1], "float32")
        luma = _numpy(ops.mean(self.luma))[None, None]
        return chroma_of(self.target, ab_of(placement.everywhere)[None], luma)[0] - self.difference.mean(axis=(0, 1))

    def spread(self, corrections: np.ndarray, at: np.ndarray, exact: np.ndarray, bold: np.ndarray) -> Tensor:
        """Returns the correction of every pixel ``(1, h, w, channels)``, from those at the hints.

        Args:
            corrections: Array ``(hints, channels)``.
            at: Array ``(hints, d)``: the descriptors of the hints.
            exact: Booleans ``(hints,)``: whether they are exact.
            bold: Floats ``(hints,)``, see `kcolor.hints.spread.boldness`.
        """
        nugget = np.where(exact, NUGGET, DOUBT).astype("float32")
        found = spread(corrections, at, self._everywhere, nugget, self._halves, bold)
        return ops.reshape(found, ops.shape(self.chroma))


def hinted_coefficients(
    scene: Scene, placement: Placement, photo: np.ndarray, to_coefficients: Callable[[Tensor, Tensor], Tensor]
) -> np.ndarray:
    """Returns the coefficients with which a photo is painted so that its hints are kept.

    Args:
        scene: `Scene` of the photo.
        placement: `Placement` of the hints.
        photo: ``(height, width, 3)``, uint8 or floats in [0, 1].
        to_coefficients: Function from chroma and luma of the size seen to coefficients ``(1, …, …, 2 * channels)``.

    Returns:
        Array ``(…, …, 2 * channels)``.
    """
    target, cast = scene.target, scene.cast(placement)
    if not placement.patches:
        return _numpy(to_coefficients(scene.chroma + ops.convert_to_tensor(cast), scene.luma))[0]
    at_size, small = (patches_in(one, placement.patches) for one in (photo, scene.seen))
    colors, lumas = [patch.color for patch in placement.patches], at_size.lumas(target)
    wanted, parts = wanted_parts(colors, lumas, target)
    possible, keep = parts.mean(axis=1), ~np.isfinite(wanted[:, 0])
    before = small.of(scene.difference)
    then = chroma_of(target, np.where(keep[:, None], 0, possible), at_size.luma(target))
    corrections = np.where(keep[:, None], before, then) - before - cast
    exact = np.array([patch.exact for patch in placement.patches])
    strength = np.where(keep, 0, np.linalg.norm(possible - small.of(scene.ab), axis=-1))
    bold = _numpy(boldness(strength, _radii(placement, photo.shape[:2])))
    change = scene.spread(corrections, small.of(scene.descriptors), exact, bold)
    moved = scene.chroma + (change + ops.convert_to_tensor(cast))
    coefficients = _numpy(to_coefficients(moved, scene.luma))[0]
    if not exact.any():
        return coefficients
    if keep.any():
        possible[keep] = painted_ab(_numpy(to_coefficients(scene.chroma, scene.luma))[0], at_size, target)[keep]
        parts[keep] = np.nan
    luma = _numpy(resize(scene.luma, coefficients.shape[:2]))[0]
    return pinned(coefficients, at_size.only(exact), possible[exact], luma, target, (lumas[exact], parts[exact]))


def _radii(placement, size):
    """Half the height of each patch, as a share of the shorter side."""
    return np.array([patch.box[2] - patch.box[0] for patch in placement.patches]) / 2 * size[0] / min(size)


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)
