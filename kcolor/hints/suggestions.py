"""Colours that a place may have: from a distribution over bins, or around one colour."""

import dataclasses

import numpy as np

from kcolor.hints.nearest import nearest
from kcolor.hints.possible import picture_of
from kcolor.targets import ColorTarget

_ROUNDS = 20
_ALIKE = 4.0  # in the ab plane: nearer colours are suggested as one
# Around a colour, if nothing is known of others: by turning it (degrees) and making it stronger or paler.
_AROUND = ((0, 1.0), (0, 0.5), (0, 1.6), (180, 1.0), (30, 1.0), (-30, 1.0), (90, 1.0), (-90, 1.0), (0, 0.0))


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A colour that a place may have.

    Args:
        color: String. As a hint takes it, ``"#7a5c3e"``, at the place's lightness.
        ab: Pair of floats: its a and b.
        share: Float in [0, 1]: how likely it is. None if the colorizer knows no distribution.
    """

    color: str
    ab: tuple[float, float]
    share: float | None = None


def clusters(ab: np.ndarray, weights: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups weighted colours (k-means, with a start that is always the same), the heaviest group first.

    >>> clusters(np.float32([[0, 0], [2, 0], [50, 0]]), np.array([0.3, 0.3, 0.4]), 2)[0].round(3).tolist()
    [[1.0, 0.0], [50.0, 0.0]]

    Args:
        ab: Array ``(colors, 2)``.
        weights: Array ``(colors,)``, with the sum 1.
        count: Integer. The most groups.

    Returns:
        The middle of each group ``(groups, 2)``, and its weight.
    """
    middles = [ab[np.argmax(weights)]]
    while len(middles) < min(count, len(ab)):
        apart = np.min(np.linalg.norm(ab[:, None] - np.array(middles)[None], axis=-1), axis=1)
        middles.append(ab[np.argmax(weights * apart**2)])
    found = np.array(middles, "float64")
    for _ in range(_ROUNDS):
        group = np.argmin(np.linalg.norm(ab[:, None] - found[None], axis=-1), axis=1)
        mass = np.bincount(group, weights, len(found))
        sums = np.stack([np.bincount(group, weights * ab[:, axis], len(found)) for axis in (0, 1)], axis=-1)
        found = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-12)[:, None], found)
    order = np.argsort(-mass, kind="stable")
    order = order[mass[order] > 1e-4]
    return found[order], mass[order]


def suggestions(target: ColorTarget, ab: np.ndarray, weights: np.ndarray | None, luma: float, count: int) -> list[Suggestion]:
    """Returns colours for a place, the likeliest first.

    Args:
        target: `ColorTarget` of the colorizer.
        ab: Array ``(colors, 2)``: all that are known, or one.
        weights: Array ``(colors,)``: how likely each is; None if one is known.
        luma: Float in [0, 1]: what `target.luma` says of the place.
        count: Integer. The most suggestions.
    """
    if weights is None:
        colors = np.array([_turned(ab[0], degrees, factor) for degrees, factor in _AROUND[:count]])
        shares: list[float | None] = [None] * len(colors)
    else:
        colors, masses = clusters(ab, weights, count)
        shares = [float(mass) for mass in masses]
    light = np.full((len(colors), 1), luma, "float32")
    colors = nearest(target, colors.astype("float32"), light)
    rgb = np.rint(np.clip(picture_of(target, colors, light), 0, 1) * 255).astype(int)
    found: list[Suggestion] = []
    for one, pixel, share in zip(colors, rgb, shares, strict=True):
        near = [i for i, other in enumerate(found) if np.hypot(*np.subtract(other.ab, one)) < _ALIKE]
        if near:
            first = found[near[0]]
            if share is not None and first.share is not None:
                found[near[0]] = dataclasses.replace(first, share=first.share + share)
            continue
        found.append(Suggestion("#" + "".join(f"{level:02x}" for level in pixel), (float(one[0]), float(one[1])), share))
    return sorted(found, key=lambda one: -(one.share or 0))


def _turned(ab, degrees, factor):
    angle = np.deg2rad(degrees)
    a, b = factor * ab
    return a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)
