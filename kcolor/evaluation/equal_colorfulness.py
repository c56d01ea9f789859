"""Compares colorizers at one colourfulness, so that paleness buys nothing.

PSNR and the ab distance prefer pale colours: a wrong guess costs less if it is faint. So the colours of every colorizer are
made stronger or fainter, by one factor for all pictures, until their mean colourfulness is a share of the photos'. Each picture
is predicted once, and painted as often as it takes to find that factor.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from keras import ops

from kcolor import targets
from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.inference import Inference, Prediction
from kcolor.evaluation import confidence
from kcolor.evaluation.array_file import ArrayFile
from kcolor.evaluation.confidence import Interval
from kcolor.evaluation.measure import batches_of_one_size, plain_interval, score_cell
from kcolor.evaluation.saturation_search import saturation_for
from kcolor.evaluation.scores import SCORES, SMALLEST
from kcolor.images import arrays
from kcolor.metrics import functions
from kcolor.metrics.lpips import LPIPSDistance
from kcolor.utils.text import aligned, counted
from kcolor.utils.types import Tensor

SHARE = 0.9  # of the photos' mean colourfulness
METRICS = ("psnr", "ab_distance", "lpips", "colorfulness", "colorfulness_difference", "pixel_accuracy")


@dataclasses.dataclass(frozen=True)
class Row:
    """How one colorizer does at the colourfulness asked for.

    Args:
        metrics: Dict from a metric's name to an `Interval`.
        saturation: Float. The factor on its chroma that leads to that colourfulness; the strongest, 10, if none does. None for
            the grey picture.
    """

    metrics: dict[str, Interval]
    saturation: float | None = None

    def __getitem__(self, name: str) -> float:
        """Returns the mean of a metric."""
        return self.metrics[name].mean


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Colorizers at equal colourfulness.

    Args:
        count: Integer. Number of pictures.
        share: Float. Share of the photos' colourfulness to which colours were brought.
        photo: `Interval` of the photos' own colourfulness.
        rows: Dict from a name to a `Row`; ``"grey"`` comes first if it is measured.
    """

    count: int
    share: float
    photo: Interval
    rows: dict[str, Row]

    def table(self) -> str:
        """Returns the rows as text."""
        names = list(next(iter(self.rows.values())).metrics)
        lines = [["", "saturation", *(SCORES[name].label for name in names)]]
        for way, row in self.rows.items():
            factor = "" if row.saturation is None else f"{row.saturation:.2f}"
            lines.append([way, factor, *(score_cell(SCORES[name], row.metrics[name]) for name in names)])
        count, photos = counted(self.count, "picture"), f"{self.photo.mean:.2f}"
        note = f"{count}, of colourfulness {photos}; colours brought to {self.share:g} of it."
        return "\n".join([*aligned(lines), f"{note} Mean ± half of the {confidence.NAME}."])

    def to_json(self) -> dict:
        """Returns the same as plain numbers and texts."""
        rows = {
            way: {
                "saturation": row.saturation,
                "metrics": {name: plain_interval(interval) for name, interval in row.metrics.items()},
            }
            for way, row in self.rows.items()
        }
        photo = plain_interval(self.photo)
        return {"count": self.count, "share": self.share, "colorfulness": photo, "interval": confidence.NAME, "rows": rows}


def at_equal_colorfulness(
    colorizer: Colorizer | Inference,
    pictures: Iterable,
    share: float = SHARE,
    *,
    metrics: Iterable[str] = METRICS,
    lpips: LPIPSDistance | None = None,
    batch_size: int = 8,
    **options: Any,
) -> Row:
    """Measures one colorizer whose colours are made as colourful as a share of the photos are.

    Args:
        colorizer: `Colorizer`; or an `Inference` of it, which is quicker if the same one is given again and again.
        pictures: Photos ``(h, w, 3)`` of any sizes, uint8 or floats in [0, 1], or batches ``(b, h, w, 3)`` of them.
        share: Float. Share of the photos' mean colourfulness.
        metrics: Names in `kcolor.evaluation.scores.SCORES`.
        lpips: `LPIPSDistance`. Without it LPIPS is left out.
        batch_size: Integer. The most pictures at once.
        options: `size`, `temperature` and `ensemble` of `Colorizer.colorize`.

    Returns:
        A `Row`: the saturation that was found, and the metrics.

    >>> photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype="uint8")
    >>> row = at_equal_colorfulness(kcolor.Colorizer("unet", "lab", filters=(4, 8)), photos, metrics=["ab_distance"])
    >>> row["ab_distance"] == row.metrics["ab_distance"].mean
    True
    """
    inference = colorizer if isinstance(colorizer, Inference) else colorizer.inference(**options)
    compared = compare({"model": inference}, pictures, share, metrics=metrics, lpips=lpips, batch_size=batch_size, grey=False)
    return compared.rows["model"]


def compare(
    ways: Mapping[str, Inference],
    pictures: Iterable,
    share: float = SHARE,
    *,
    metrics: Iterable[str] = METRICS,
    lpips: LPIPSDistance | None = None,
    batch_size: int = 8,
    grey: bool = True,
    aged: Callable[[np.ndarray], np.ndarray] | None = None,
    progress: Callable[[int], object] | None = None,
) -> Comparison:
    """Measures several ways to colour at one colourfulness, beside the grey picture.

    The pictures are read once. What is predicted and painted lies in temporary files, about a megabyte for a picture of
    256×256 and a way.

    Args:
        ways: Dict from a name to an `Inference`, as `Colorizer.inference` returns it.
        pictures: As of `at_equal_colorfulness`.
        share: Float. Share of the photos' mean colourfulness.
        metrics: Names in `kcolor.evaluation.scores.SCORES`, without those of bins.
        lpips: `LPIPSDistance`. Without it LPIPS is left out.
        batch_size: Integer. The most pictures at once.
        grey: Boolean. Whether the grey picture is measured, too.
        aged: Function from a batch of photos, uint8, to what old photographs of the same places look like. These are coloured;
            their colours are then given to the photos, so that colours alone are measured, not what age did to light.
        progress: Function that is called with the number of pictures predicted, after each batch.

    Returns:
        A `Comparison`.

    >>> photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype="uint8")
    >>> colorizer = kcolor.Colorizer("unet", "lab", filters=(4, 8))
    >>> list(compare({"mine": colorizer.inference()}, photos, metrics=["psnr"]).rows)
    ['grey', 'mine']
    """
    if not share > 0:
        raise ValueError(f"Expected `share` as a number above 0. Received: {share!r}")
    names = _checked(metrics, lpips)
    photos, predicted, colorful = ArrayFile(), {way: ArrayFile() for way in ways}, []
    for batch in batches_of_one_size(pictures, batch_size):
        shown = batch if aged is None else aged(batch)
        photos.add(batch, shown)
        colorful += _colorfulness(batch)
        for way, inference in ways.items():
            prediction = inference.predict(shown)
            predicted[way].add(*(ops.convert_to_numpy(part) for part in (prediction.seen, prediction.chroma)))
        if progress is not None:
            progress(len(colorful))
    if not colorful:
        raise ValueError("Expected at least one picture. Received none")
    wanted = share * float(np.mean(colorful))
    painted, saturations = {"grey": _grey(photos)} if grey else {}, {}
    for way, inference in ways.items():
        painted[way], saturations[way] = _brought_to(wanted, inference, photos, predicted.pop(way))
    values = _scores(photos, painted, names, lpips)
    rows = {
        way: Row({name: confidence.bootstrap(np.array(column)) for name, column in found.items()}, saturations.get(way))
        for way, found in values.items()
    }
    return Comparison(len(colorful), share, confidence.bootstrap(np.array(colorful)), rows)


def _brought_to(wanted, inference, photos, predicted):
    """Pictures of one way at a colourfulness, and the saturation of it."""
    painted: dict[float, ArrayFile] = {}

    def colorfulness(saturation):
        painted.clear()  # one set of pictures at a time on the disk
        pictures, values = ArrayFile(), []
        for (batch, shown), (seen, chroma) in zip(photos, predicted, strict=True):
            prediction = Prediction(ops.convert_to_tensor(seen), ops.convert_to_tensor(chroma))
            picture = inference.paint(prediction, shown, saturation=saturation)
            if not np.array_equal(batch, shown):
                picture = _with_colors(batch, picture)
            pictures.add(picture)
            values += _colorfulness(picture)
        painted[saturation] = pictures
        return float(np.mean(values))

    saturation = saturation_for(wanted, colorfulness)
    return painted[saturation], saturation


def _grey(photos):
    pictures, gray = ArrayFile(), targets.get("lab").gray
    for batch, _ in photos:
        pictures.add(ops.convert_to_numpy(arrays.rounded(gray(arrays.to_float(batch)))))
    return pictures


def _with_colors(photos, painted):
    """Photos with the lightness that they have, and the colours of other pictures."""
    lab = targets.get("lab")
    return ops.convert_to_numpy(arrays.rounded(lab.join(lab.own_chroma(arrays.to_float(painted)), arrays.to_float(photos))))


def _scores(photos, painted, names, lpips) -> dict[str, dict[str, list[float]]]:
    """Values of all pictures, by way and metric."""
    values: dict[str, dict[str, list[float]]] = {way: {} for way in painted}
    for (batch, _), *results in zip(photos, *painted.values(), strict=True):
        truth = arrays.to_float(batch)
        here = [name for name in names if min(batch.shape[1:3]) >= SMALLEST.get(name, 1)]
        measures = {name: functools.partial(metric, truth) for name in here if (metric := SCORES[name].metric)}
        if lpips and "lpips" in here:
            measures["lpips"] = lpips.from_truth(truth)
        for way, (result,) in zip(painted, results, strict=True):
            picture = arrays.to_float(result)
            for name, measure in measures.items():
                values[way].setdefault(name, []).extend(_numbers(measure(picture)))
    return values


def _colorfulness(pictures) -> list[float]:
    return _numbers(functions.colorfulness(pictures))


def _numbers(tensor: Tensor) -> list[float]:
    return [float(value) for value in ops.convert_to_numpy(tensor)]


def _checked(metrics, lpips):
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    known = [name for name in SCORES if name == "lpips" or (SCORES[name].metric and not SCORES[name].by_pixels)]
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(f"Unknown metrics. Expected some of {known}. Received: {unknown}")
    return [name for name in names if name != "lpips" or lpips is not None]
