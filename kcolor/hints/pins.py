"""Pins colours at the hints, in the picture that is painted: after the guided filter, the gamut and 8 bits.

What is missing there is added to the coefficients with which a photo is painted, near each hint and where it is as light.
"""

import numpy as np
from keras import ops

from kcolor import color
from kcolor.hints.blobs import Blobs
from kcolor.hints.patches import Patches
from kcolor.hints.possible import graphs, picture_of
from kcolor.images import arrays
from kcolor.images.sampling import bilinear
from kcolor.targets import ColorTarget

_ROUNDS = 20
_PATIENCE = 4  # rounds without a gain
_BOLDEST = 8.0
_CLOSE = 0.2  # in the ab plane: nearer need not be
_FLATNESS = 1e-3  # variance of luma in a patch below which colour need not follow it


def pinned(
    coefficients: np.ndarray,
    patches: Patches,
    wanted: np.ndarray,
    luma: np.ndarray,
    target: ColorTarget,
    parts: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """Returns coefficients with which patches get the colours that they are to have.

    Args:
        coefficients: Array ``(h, w, 2 * channels)``: slopes, then offsets.
        patches: `Patches` of the photo that is painted.
        wanted: Array ``(count, 2)``: the mean (a, b) of each patch in the painted photo.
        luma: Array ``(h, w, 1)``: luma of the photo, as small as the coefficients.
        target: `ColorTarget` whose chroma the coefficients give.
        parts: Luma of the parts of each patch ``(count, parts)``, and the (a, b) that they are to have ``(count, parts, 2)``.
            Where these are not the same, colour has to follow lightness: none exists at all lightnesses.

    Returns:
        Array of the shape of `coefficients`.
    """
    blobs = Blobs(patches, luma)
    channels = coefficients.shape[-1] // 2
    patch_luma = patches.luma(target)
    if parts is not None:
        coefficients = _with_slopes(coefficients, blobs, patch_luma, target, *parts)

    def with_blobs(strength):
        changed = coefficients.copy()
        changed[..., channels:] += blobs.field(strength)
        return changed

    best = strength = np.zeros((len(wanted), channels), "float32")
    least, before, gain = np.inf, np.full(len(wanted), np.inf), np.ones(len(wanted))
    last_gain = 0
    for number in range(_ROUNDS):
        found = painted_ab(with_blobs(strength), patches, target)
        miss = np.linalg.norm(wanted - found, axis=-1)
        total = np.sum(miss**2)  # squares, so that hints that disagree share
        if total < 0.99 * least:
            last_gain = number
        if total < least:
            best, least = strength, total
        if miss.max() < _CLOSE or number - last_gain == _PATIENCE:
            break
        # At the edge of the gamut a step brings less than it says, or another colour: steps grow, or get smaller.
        gain = np.where(miss < before, np.minimum(1.3 * gain, np.where(miss < 0.5 * before, 1.0, _BOLDEST)), 0.4 * gain)
        there, then = (chroma_of(target, ab, patch_luma) for ab in (found, wanted))
        strength, before = strength + blobs.strength_for((then - there) * gain[:, None]), miss
    return with_blobs(best)


def _with_slopes(coefficients, blobs, patch_luma, target, lumas, parts):
    """Coefficients whose chroma follows lightness at the patches whose parts want different colours."""
    uneven = np.ptp(parts, axis=1).max(axis=-1) > _CLOSE  # not those to keep, whose parts are not numbers
    if not uneven.any():
        return coefficients
    channels, count = coefficients.shape[-1] // 2, lumas.shape[1]
    chroma = np.zeros((*lumas.shape, channels), "float32")
    wished = chroma_of(target, parts[uneven].reshape(-1, 2), lumas[uneven].reshape(-1, 1))
    chroma[uneven] = wished.reshape(-1, count, channels)
    apart = (lumas - lumas.mean(axis=1, keepdims=True))[..., None]
    slopes = np.mean(apart * chroma, axis=1) / (np.mean(apart**2, axis=1) + _FLATNESS)
    steeper = np.where(uneven[:, None], slopes - blobs.mean(coefficients[..., :channels]), 0)
    field = blobs.field(blobs.strength_for(steeper.astype("float32")))
    turned = blobs.field(blobs.strength_for((steeper * patch_luma).astype("float32")))
    return coefficients + np.concatenate([field, -turned], axis=-1)


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
    # A graph knows the last axis: with that of the pixels it would be made anew for photos of other sizes.
    rows, columns = (place.astype("float32")[None, ..., None] for place in patches.places_in(height, width))
    return patches.mean(graphs(target, _painted_lab)(coefficients[None], rows, columns, patches.rgb)[..., 1:])


def _painted_lab(target):
    def painted_lab(coefficients, rows, columns, rgb):
        slope, offset = ops.split(bilinear(coefficients, rows[..., 0], columns[..., 0])[0], 2, axis=-1)
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
    if target.chroma_is_ab:
        return np.asarray(ab, "float32")
    chroma = target.own_chroma(picture_of(target, ab, luma)[:, None, None])
    return ops.convert_to_numpy(chroma - target.neutral(chroma))[:, 0, 0]
