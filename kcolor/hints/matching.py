"""Places of a photo and of a reference that look alike to a network: the colours of one are guesses for the other."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from kcolor.hints.hint import Hint

CELLS_PER_SIDE = 16  # along the shorter side: places that are compared
MAX_MATCHES = 60  # matches
# Least likeness of a match: lower ones add little to a photo of the same place, and put wrong colours into others: see
# benchmarks/references.py.
MIN_LIKENESS = 0.95


@dataclasses.dataclass(frozen=True)
class Match:
    """A place of a photo, and the place of the reference that looks like it.

    Args:
        here: Pair (x, y) in the photo, as shares of its sides.
        there: Pair (x, y) in the reference.
        ab: Pair (a, b): the colour of the reference there.
        likeness: Float in [0, 1].
    """

    here: tuple[float, float]
    there: tuple[float, float]
    ab: tuple[float, float]
    likeness: float


def matches(
    features: np.ndarray, others: np.ndarray, ab: np.ndarray, most: int = MAX_MATCHES, sure: float = MIN_LIKENESS
) -> list[Match]:
    """Returns the places that look most alike, the surest first: each is the other's nearest neighbour.

    >>> features = np.eye(4, dtype="float32").reshape(2, 2, 4)
    >>> found = matches(features, features[::-1], np.zeros((2, 2, 2)))
    >>> found[0].here, found[0].there
    ((0.25, 0.25), (0.25, 0.75))

    Args:
        features: Array ``(h, w, maps)``. Of the photo, a row for each place.
        others: Array ``(h', w', maps)``. Of the reference.
        ab: Array ``(h', w', 2)``. Colours of the reference.
        most: Integer. The most matches.
        sure: Float. Likeness that a match has at least: the cosine of the angle between the features of both places, after
            their common mean is taken off.
    """
    one, other = _directions(features, others)
    likeness = one @ other.T
    there, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    here = np.arange(len(one))
    kept = (back[there] == here) & (likeness[here, there] > sure)
    order = here[kept][np.argsort(-likeness[here, there][kept], kind="stable")][:most]
    return [
        Match(
            _place(i, features.shape),
            _place(there[i], others.shape),
            (float(ab.reshape(-1, 2)[there[i], 0]), float(ab.reshape(-1, 2)[there[i], 1])),
            float(likeness[i, there[i]]),
        )
        for i in order
    ]


def guesses(found: Sequence[Match]) -> list[Hint]:
    """Returns matches as hints that are not exact.

    >>> guesses([Match((0.25, 0.5), (0.1, 0.2), (12.0, -3.0), 0.9)])[0].color
    (12.0, -3.0)

    Args:
        found: Sequence of `Match`.
    """
    return [Hint(*one.here, one.ab, radius=0.5 / CELLS_PER_SIDE, relative=True, exact=False) for one in found]


def _directions(features, others):
    """Unit vectors of both, from the middle of both together: what all places share says nothing."""
    flat = [part.reshape(-1, part.shape[-1]).astype("float64") for part in (features, others)]
    flat = [part / np.maximum(np.linalg.norm(part, axis=-1, keepdims=True), 1e-6) for part in flat]
    middle = (flat[0].mean(axis=0) + flat[1].mean(axis=0)) / 2
    return [(part - middle) / np.maximum(np.linalg.norm(part - middle, axis=-1, keepdims=True), 1e-6) for part in flat]


def _place(number, shape):
    row, column = divmod(int(number), shape[1])
    return (column + 0.5) / shape[1], (row + 0.5) / shape[0]
