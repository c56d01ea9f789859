"""Colours with hints: between what was predicted and what is painted. The network does not run again."""

import copy
from collections.abc import Callable

import numpy as np
from keras import ops

from kcolor.hints.hint import Placement
from kcolor.hints.patches import ab_of, patches_in, wanted_parts
from kcolor.hints.pins import chroma_of, painted_ab, pinned
from kcolor.hints.spread import DOUBT, NUGGET, boldness, halves, spread
from kcolor.images.resizing import resize
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor

_SMALL = 0.008  # a radius, as a share of the shorter side: below it a place is very small


class PhotoForHints:
    """What hints need of one photo, whatever they say: made once, so that a further hint costs little.

    Args:
        chroma: Floats ``(1, h, w, channels)``, or one pixel of them: what would be painted without hints.
        seen: Floats ``(1, h, w, 3)``. The photo as the network saw it.
        descriptors: Floats ``(1, h, w, d)``, see `kcolor.hints.spread`.
        target: `ColorTarget` whose chroma it is.
        learnt: Function from hints, a list ``(hints, 7)`` as of `kcolor.models.hint_branch.COLUMNS`, to what the network has
            learnt to make of them: what is added to chroma. None for a network that has not learnt to use hints.
    """

    def __init__(
        self,
        chroma: Tensor,
        seen: Tensor,
        descriptors: Tensor,
        target: ColorTarget,
        learnt: Callable[[np.ndarray], Tensor] | None = None,
    ) -> None:
        self.target, self.learnt = target, learnt
        self.luma = target.luma(seen)
        self.seen = _numpy(seen)[0]
        self._set_chroma(ops.broadcast_to(chroma, (*ops.shape(seen)[:3], chroma.shape[-1])), seen)
        self.descriptors = _numpy(descriptors)[0]
        self._everywhere = ops.reshape(descriptors, (-1, descriptors.shape[-1]))
        self._halves = halves(self._everywhere)

    def _set_chroma(self, chroma, seen):
        target, self.chroma = self.target, chroma
        self.ab = _numpy(target.lab(chroma, seen)[..., 1:])[0]
        self.difference = _numpy(chroma - target.neutral(chroma))[0]

    def with_learnt(self, hints: np.ndarray) -> "PhotoForHints":
        """Returns the same of the photo as the network, which has learnt to use hints, colours it with them.

        Args:
            hints: As of `learnt`.
        """
        if self.learnt is None or not len(hints):
            return self
        other = copy.copy(self)
        other._set_chroma(self.chroma + self.learnt(hints), self.seen[None])
        return other

    def color_cast(self, placement: Placement) -> np.ndarray:
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
    prepared: PhotoForHints, placement: Placement, photo: np.ndarray, to_coefficients: Callable[[Tensor, Tensor], Tensor]
) -> np.ndarray:
    """Returns the coefficients with which a photo is painted so that its hints are kept.

    Args:
        prepared: `PhotoForHints` of the photo.
        placement: `Placement` of the hints.
        photo: ``(height, width, 3)``, uint8 or floats in [0, 1].
        to_coefficients: Function from chroma and luma of the size seen to coefficients ``(1, …, …, 2 * channels)``.

    Returns:
        Array ``(…, …, 2 * channels)``.
    """
    if not placement.patches:
        return _numpy(to_coefficients(hinted_chroma(prepared, placement, photo), prepared.luma))[0]
    asked = _Asked(prepared, placement, photo)
    coefficients = _numpy(to_coefficients(asked.chroma(), prepared.luma))[0]
    if not asked.exact.any():
        return coefficients
    possible, parts, exact = asked.possible, asked.parts, asked.exact
    if asked.keep.any():
        before = painted_ab(_numpy(to_coefficients(prepared.chroma, prepared.luma))[0], asked.at_size, prepared.target)
        possible[asked.keep], parts[asked.keep] = before[asked.keep], np.nan
    luma = _numpy(resize(prepared.luma, coefficients.shape[:2]))[0]
    return pinned(
        coefficients, asked.at_size.only(exact), possible[exact], luma, prepared.target, (asked.lumas[exact], parts[exact])
    )


def hinted_chroma(prepared: PhotoForHints, placement: Placement, photo: np.ndarray) -> Tensor:
    """Returns chroma with hints, of the size that the network saw: ``(1, h, w, channels)``.

    Args:
        prepared: `PhotoForHints` of the photo.
        placement: `Placement` of the hints.
        photo: ``(height, width, 3)``, uint8 or floats in [0, 1].
    """
    if not placement.patches:
        return prepared.chroma + ops.convert_to_tensor(prepared.color_cast(placement))
    return _Asked(prepared, placement, photo).chroma()


class _Asked:
    """What hints ask for, and how near a photo can come: a colour of each patch that exists at its lightness."""

    def __init__(self, prepared, placement, photo):
        target = prepared.target
        self._plain, self._color_cast = prepared, prepared.color_cast(placement)
        self.exact = np.array([patch.exact for patch in placement.patches], bool)
        self.at_size, self._small = (patches_in(one, placement.patches) for one in (photo, prepared.seen))
        self.lumas = self.at_size.lumas(target)
        wanted, self.parts = wanted_parts([patch.color for patch in placement.patches], self.lumas, target)
        self.possible, self.keep = self.parts.mean(axis=1), ~np.isfinite(wanted[:, 0])
        self._radii = _radii(placement, photo.shape[:2])
        self._learnt = prepared.with_learnt(self._listed(placement))

    def chroma(self):
        """Chroma with the corrections at the hints spread over all of it."""
        prepared, plain, color_cast = self._learnt, self._plain, self._color_cast
        before = self._small.of(prepared.difference)
        then = chroma_of(prepared.target, np.where(self.keep[:, None], 0, self.possible), self.at_size.luma(prepared.target))
        then = np.where(self.keep[:, None], self._small.of(plain.difference), then)
        corrections = then - before - color_cast
        strength = np.where(self.keep, 0, np.linalg.norm(self.possible - self._small.of(prepared.ab), axis=-1))
        bold = _numpy(boldness(strength, self._radii))
        spread_out = prepared.spread(corrections, self._small.of(prepared.descriptors), self.exact, bold)
        return prepared.chroma + (spread_out + ops.convert_to_tensor(color_cast))

    def _listed(self, placement):
        """The hints as a network takes them: those that are exact, and not very small.

        Guesses may be wrong, and it has learnt from truths. A very small place is meant to be one small thing; what it has
        learnt from small places is that they say much of what is around.
        """
        boxes = np.array([patch.box for patch in placement.patches], "float32")
        colors = np.where(self.keep[:, None], self._small.of(self._plain.ab), self.possible)
        return np.concatenate([boxes, colors, np.ones((len(boxes), 1))], axis=1).astype("float32")[
            self.exact & (self._radii >= _SMALL)
        ]


def _radii(placement, size):
    """How far each patch reaches, as a share of the shorter side: as it was meant, since at an edge it is cut."""
    heights = np.array([patch.box[2] - patch.box[0] for patch in placement.patches]) * size[0] / min(size)
    return np.maximum(heights / 2, [patch.radius for patch in placement.patches])


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)
