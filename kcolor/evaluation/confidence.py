"""Confidence intervals by the bootstrap: how far a mean would move with other pictures of the same kind."""

import dataclasses
from collections.abc import Callable

import numpy as np

RESAMPLES, SEED, CONFIDENCE = 2000, 0, 0.95
NAME = f"{100 * CONFIDENCE:g} % interval over pictures: percentile bootstrap, {RESAMPLES:,} resamples, seed {SEED}"


@dataclasses.dataclass(frozen=True)
class Interval:
    """A mean and its confidence interval.

    Args:
        mean: Float.
        low: Float. Lower end of the interval; NaN for a single picture.
        high: Float. Upper end; NaN for a single picture.
        count: Integer. Pictures that the mean is over.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def half_width(self) -> float:
        """Half of the interval's width. The interval need not lie evenly around the mean."""
        return (self.high - self.low) / 2


def resamples(count: int) -> np.ndarray:
    """Returns how often each of `count` pictures is in each resample.

    Args:
        count: Integer. Number of pictures.

    Returns:
        uint8 ``(RESAMPLES, count)``, the same every time.
    """
    rng = np.random.default_rng(SEED)
    share = np.full(count, 1 / count)
    # One byte a picture, drawn in parts: 20 MB for 10,000 pictures. No picture is ever drawn 256 times.
    return np.concatenate([rng.multinomial(count, share, size=100).astype("uint8") for _ in range(RESAMPLES // 100)])


def bootstrap(
    values: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    finish: Callable | None = None,
    draws: np.ndarray | None = None,
) -> Interval:
    """Returns the mean of a metric over pictures, and its confidence interval.

    Args:
        values: Floats ``(pictures,)``. One value a picture; NaN for a picture that does not count.
        weights: Floats ``(pictures,)``. Weight of each picture; by default all count alike. A resample draws pictures together
            with their weights.
        finish: Monotonic function of the mean, applied to the mean of every resample.
        draws: `resamples` of that many pictures, if several metrics are to share them.

    Returns:
        An `Interval`. Its count is the number of pictures that have a value.

    Raises:
        ValueError: if no picture has a value.
    """
    values = np.asarray(values, "float64")
    there = np.isfinite(values)
    count = int(np.count_nonzero(there))
    if not count:
        raise ValueError("Expected a value for at least one picture. Received none")
    weights = there * (1.0 if weights is None else np.asarray(weights, "float64"))
    sums = np.stack([np.where(there, values, 0.0) * weights, weights], axis=-1)
    return _ratio(sums, count, finish or (lambda mean: mean), draws)


def ratio(over: np.ndarray, under: np.ndarray, draws: np.ndarray | None = None) -> Interval:
    """Returns the ratio of two sums over pictures, and its confidence interval.

    >>> ratio(np.array([1.0, 0.0, 1.0]), np.array([1.0, 1.0, 2.0])).mean
    0.5

    Args:
        over: Floats ``(pictures,)``. Their sum is above the line.
        under: Floats ``(pictures,)``. Their sum is below it.
        draws: As of `bootstrap`.

    Raises:
        ValueError: If the sum below is 0.
    """
    sums = np.stack([over, under], axis=-1).astype("float64")
    if not sums[:, 1].sum():
        raise ValueError("Expected a sum other than 0 below the line. Received 0")
    return _ratio(sums, len(sums), lambda value: value, draws)


def _ratio(both, count, finish, draws):
    total = both.sum(axis=0)
    mean = float(finish(total[0] / total[1]))
    if count == 1:
        return Interval(mean, float("nan"), float("nan"), 1)
    draws = resamples(len(both)) if draws is None else draws
    sums = np.concatenate([part @ both for part in np.array_split(draws, 20)])
    sums = sums[sums[:, 1] > 0]  # where few have a value a resample may have missed them all
    low, high = np.percentile(finish(sums[:, 0] / sums[:, 1]), [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Interval(mean, float(low), float(high), count)
