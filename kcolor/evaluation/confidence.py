"""Intervals: how far a mean over pictures would move with other pictures of the same kind, by the bootstrap."""

import dataclasses
from collections.abc import Callable

import numpy as np

RESAMPLES, SEED, CONFIDENCE = 2000, 0, 0.95
NAME = f"{100 * CONFIDENCE:g} % interval over pictures: percentile bootstrap, {RESAMPLES:,} resamples, seed {SEED}"


@dataclasses.dataclass(frozen=True)
class Interval:
    """A mean over `count` pictures, and the ends of its interval; those are NaN for a single picture, which has none."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def half_width(self) -> float:
        """Half of the interval's width. (It need not lie evenly around the mean.)"""
        return (self.high - self.low) / 2


def resamples(count: int) -> np.ndarray:
    """How often each of `count` pictures is in each resample: uint8 ``(RESAMPLES, count)``; the same ones every time."""
    rng = np.random.default_rng(SEED)
    share = np.full(count, 1 / count)
    # One byte a picture, drawn in parts: 20 MB for 10,000 pictures. (None is ever drawn 256 times.)
    return np.concatenate([rng.multinomial(count, share, size=100).astype("uint8") for _ in range(RESAMPLES // 100)])


def bootstrap(values, weights=None, *, finish: Callable | None = None, draws: np.ndarray | None = None) -> Interval:
    """Mean and interval of a figure that each picture has one value of.

    Args:
        values: one a picture, ``(pictures,)``; NaN where a picture has none, which then does not count.
        weights: of each picture in the mean, ``(pictures,)``; by default all count alike. A resample takes pictures together
            with their weights, so it is the ratio of two sums that is resampled.
        finish: a monotonic function of the mean, as the root for a root mean square: applied to that of every resample.
        draws: `resamples` of that many pictures, so that many figures share them.

    Returns:
        An `Interval`; its count is that of the pictures that have a value.
    """
    values = np.asarray(values, "float64")
    there = np.isfinite(values)
    count = int(np.count_nonzero(there))
    if not count:
        raise ValueError("Expected a value for at least one picture. Received none")
    weights = there * (1.0 if weights is None else np.asarray(weights, "float64"))
    both = np.stack([np.where(there, values, 0.0) * weights, weights], axis=-1)
    total, finish = both.sum(axis=0), finish or (lambda mean: mean)
    mean = float(finish(total[0] / total[1]))
    if count == 1:
        return Interval(mean, float("nan"), float("nan"), 1)
    draws = resamples(len(values)) if draws is None else draws
    sums = np.concatenate([part @ both for part in np.array_split(draws, 20)])
    sums = sums[sums[:, 1] > 0]  # where few have a value a resample may have missed them all
    low, high = np.percentile(finish(sums[:, 0] / sums[:, 1]), [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Interval(mean, float(low), float(high), count)
