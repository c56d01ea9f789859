"""Measures a colorizer on photos in colour, beside the grey picture and the best that its target could reach."""

import dataclasses
import math
import textwrap
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from PIL import Image

from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation import confidence
from kcolor.evaluation.confidence import Interval
from kcolor.evaluation.examples import Gallery
from kcolor.evaluation.recognizer import Recognizer
from kcolor.evaluation.scorer import Scorer
from kcolor.evaluation.scores import SCORES, SMALLEST, Score
from kcolor.images import arrays
from kcolor.targets.bins import OTHER_DECODINGS
from kcolor.utils.text import aligned, counted

COLUMNS = ("grey", "model", "oracle", "photo")
ALWAYS = ("psnr", "ab_distance")  # the captions of the sheet show them

_BATCH_PIXELS = 1 << 21  # large photos go through fewer at a time
_RECOGNIZED = ("recognized_1", "recognized_5", "recognized_gap")
_ARROWS = {"higher": " ↑", "lower": " ↓", None: ""}
_WIDTH = 100


def measure(
    colorizer: Colorizer,
    pictures: Iterable,
    *,
    metrics: Iterable[str] | None = None,
    batch_size: int = 8,
    lpips_weights: tuple | None = None,
    temperatures: bool = True,
    recognizer: Recognizer | None = None,
    progress: Callable[[int], object] | None = None,
) -> "Evaluation":
    """Measures a colorizer on photos in colour.

    All metrics are of 8-bit pictures as `Colorizer.colorize` makes them, working size included. The pictures are read once.
    Consecutive ones of one size are coloured together. Nothing is kept of them but their metrics and about a hundred
    thumbnails (see `Gallery`).

    Args:
        colorizer: `Colorizer`.
        pictures: Photos ``(h, w, 3)`` of any sizes, uint8 or floats in [0, 1], or batches ``(b, h, w, 3)`` of them.
        metrics: Names in `kcolor.evaluation.scores.SCORES`; by default all that this target and these pictures have. PSNR and
            the ab distance are always there.
        batch_size: Integer. The most pictures at once.
        lpips_weights: ``(vgg, linear)``: the files of `kcolor.metrics.LPIPS`. Without them LPIPS is left out.
        temperatures: Boolean. For a target of bins: whether other decodings of the same outputs are measured, too.
        recognizer: `kcolor.evaluation.recognizer.Recognizer`, a classifier that says whether it still knows what is in a
            picture. Without it these metrics are left out.
        progress: Function that is called with the number of pictures measured, after each batch.

    Returns:
        An `Evaluation`.
    """
    if batch_size < 1:
        raise ValueError(f"Expected a `batch_size` of at least 1. Received: {batch_size!r}")
    metrics = None if metrics is None else [metrics] if isinstance(metrics, str) else list(metrics)
    names = _names(metrics, lpips_weights, recognizer)
    scorer = Scorer(colorizer, names, lpips_weights, temperatures, recognizer)
    columns: dict[tuple[str, str], list] = {}
    pixels: list[int] = []
    gallery = Gallery()
    for batch in batches_of_one_size(pictures, batch_size):
        scores, seen = scorer(batch)
        _append(columns, scores, len(pixels), len(batch))
        pixels += [math.prod(batch.shape[1:3])] * len(batch)
        gallery.add(batch, seen, scores)
        if progress is not None:
            progress(len(pixels))
    if not pixels:
        raise ValueError("Expected at least one picture to evaluate. Received none")
    found = _averaged(columns, names, np.array(pixels))
    if metrics is not None:
        _check_found(metrics, found, colorizer.target)
    return Evaluation(len(pixels), found, type(colorizer.target).__name__, gallery)


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """The result of an evaluation.

    Args:
        count: Integer. Number of pictures.
        metrics: Dict from a metric's name to a dict from a way to an `Interval`. The ways are ``"grey"``, ``"model"`` and
            ``"oracle"``; ``"photo"`` for the photos' own colourfulness; for bins the names of
            `kcolor.targets.bins.OTHER_DECODINGS`.
        target: String. Name of the colour target's class.
        gallery: `Gallery` of the pictures that `sheet` shows.
    """

    count: int
    metrics: dict[str, dict[str, Interval]]
    target: str
    gallery: Gallery = dataclasses.field(repr=False, compare=False)

    def table(self) -> str:
        """Returns the metrics as text, at most 100 columns wide, with their conventions below."""
        ways = [way for row in self.metrics.values() for way in row]
        lines = []
        for heading, block in (("", COLUMNS), ("decoded otherwise", OTHER_DECODINGS)):
            if shown := [way for way in block if way in ways]:
                lines += [*self._block(heading, shown), ""]
        notes = [f"{counted(self.count, 'picture')}; mean ± half of the {confidence.NAME}. ↑ higher is better, ↓ lower."]
        notes += [f"{SCORES[name].label}: {SCORES[name].convention}." for name in self.metrics]
        notes += self._fewer()
        return "\n".join([*lines, *(textwrap.fill(note, _WIDTH, subsequent_indent="    ") for note in notes)])

    def to_json(self) -> dict:
        """Returns the same as plain numbers and texts, with None for the interval of a single picture."""
        metrics = {
            name: {
                "better": SCORES[name].better,
                "convention": SCORES[name].convention,
                **{way: plain_interval(interval) for way, interval in row.items()},
            }
            for name, row in self.metrics.items()
        }
        return {"count": self.count, "target": self.target, "interval": confidence.NAME, "metrics": metrics}

    def sheet(self, height: int = 128) -> Image.Image:
        """Draws the best, median and worst pictures by PSNR: photo, grey, result and oracle of each."""
        return self.gallery.sheet(height)

    def _block(self, heading, ways):
        labels = {name: SCORES[name].label + _ARROWS[SCORES[name].better] for name in self.metrics}
        rows = [[heading, *ways]]
        for name, found in self.metrics.items():
            if any(way in found for way in ways):
                rows.append([labels[name], *(score_cell(SCORES[name], found.get(way)) for way in ways)])
        return aligned(rows)

    def _fewer(self):
        """Notes for the metrics that not all pictures have."""
        counts = {name: next(iter(row.values())).count for name, row in self.metrics.items()}
        return [f"{SCORES[name].label}: of {n} of the pictures." for name, n in counts.items() if n < self.count]


def _names(metrics, lpips_weights, recognizer):
    """The names of the metrics to compute, in the order of `SCORES`."""
    if metrics is None:
        missing = {"lpips": lpips_weights, **dict.fromkeys(_RECOGNIZED, recognizer)}
        return [name for name in SCORES if missing.get(name, True) is not None]
    wanted = set(metrics)
    if unknown := sorted(wanted - set(SCORES)):
        raise ValueError(f"Unknown metrics. Expected some of {list(SCORES)}. Received: {unknown}")
    if "lpips" in wanted and lpips_weights is None:
        raise ValueError("Expected `lpips_weights` as (vgg, linear), two paths, for the metric lpips. Received None")
    if wanted & set(_RECOGNIZED) and recognizer is None:
        raise ValueError(f"Expected a `recognizer` for the metrics {list(_RECOGNIZED)}. Received None")
    wanted |= {SCORES[name].share_of for name in wanted}
    return [name for name in SCORES if name in wanted or name in ALWAYS]


def batches_of_one_size(pictures: Iterable, batch_size: int) -> Iterator[np.ndarray]:
    """Yields consecutive photos of one size and type, stacked; checked as they come.

    Args:
        pictures: As of `measure`.
        batch_size: Integer. The most pictures at once.
    """
    waiting: list[np.ndarray] = []
    for photo in _photos(pictures):
        like = waiting and (waiting[0].shape, waiting[0].dtype) == (photo.shape, photo.dtype)
        room = min(batch_size, _BATCH_PIXELS // math.prod(photo.shape[:2]))
        if waiting and (not like or len(waiting) >= room):
            yield np.stack(waiting)
            waiting = []
        waiting.append(photo)
    if waiting:
        yield np.stack(waiting)


def _photos(pictures):
    if isinstance(pictures, np.ndarray) and pictures.ndim == 3:
        pictures = [pictures]  # one photo, not its rows
    for picture in pictures:
        picture = arrays.check(picture, "pictures")
        yield from picture if picture.ndim == 4 else [picture]


def _append(columns, scores, before, count):
    """Adds a batch's values to the columns by (name, way), each with the number of pictures before it."""
    for way, values in scores.items():
        for name, value in values.items():
            columns.setdefault((name, way), []).append((before, value))


def _averaged(columns, names, pixels):
    """The intervals of all metrics, by name and way."""
    draws, intervals = confidence.resamples(len(pixels)), {}
    for name in names:
        score = SCORES[name]
        values = _by_way(columns, score.share_of or name, len(pixels))
        of_name = _shares_of_gap(values, draws) if score.share_of else _means(score, values, pixels, draws)
        if of_name:
            intervals[name] = of_name
    return intervals


def _means(score, values, pixels, draws):
    weights = pixels if score.by_pixels else None
    return {
        way: confidence.bootstrap(column, weights, finish=score.finish, draws=draws)
        for way, column in values.items()
        if np.isfinite(column).any()
    }


def _shares_of_gap(values, draws):
    """How much of what the grey picture loses each other way wins back."""
    if "grey" not in values or not (lost := 1 - values["grey"]).sum():
        return {}
    others = {way: column for way, column in values.items() if way != "grey"}
    return {way: confidence.ratio(column - values["grey"], lost, draws) for way, column in others.items()}


def _by_way(columns, name, count):
    """The values of one metric for all pictures, by way; NaN for a picture that has none."""
    found = {}
    for (other, way), parts in columns.items():
        if other == name:
            found[way] = np.full(count, np.nan)
            for before, part in parts:
                found[way][before : before + len(part)] = part
    return found


def _check_found(metrics, found, target):
    for name in metrics:
        if SCORES[name].share_of:
            needs = "pictures of which grey loses something"
        elif name in SMALLEST:
            needs = f"pictures of at least {SMALLEST[name]}×{SMALLEST[name]} pixels"
        else:
            needs = "pictures with colour" if target.bins is not None else "a target of bins"
        if name not in found:
            raise ValueError(f"The metric {name!r} needs {needs}. There were none; the target is {type(target).__name__}")


def score_cell(score: Score, interval: Interval | None) -> str:
    """Returns an interval as a table has it."""
    if interval is None:
        return "–"
    mean = f"{interval.mean * score.scale:.{score.digits}f}"
    return mean if interval.count < 2 else f"{mean} ± {interval.half_width * score.scale:.{score.digits}f}"


def plain_interval(interval: Interval) -> dict[str, float | int | None]:
    """Returns an interval as JSON has it, with None for what is not a number."""
    values = dataclasses.asdict(interval)
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()}
