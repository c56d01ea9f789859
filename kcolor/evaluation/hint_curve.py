"""How much better a colorizer gets with hints: siggraph17's protocol.

Hints are patches of 6×6 pixels of their true mean colour. Places are drawn from a Gaussian around the picture's middle, as
wide as a quarter of its side. Ten hints are five and five more. What is averaged is the PSNR of each picture.
"""

import dataclasses
import functools
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from keras import ops

from kcolor import color
from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation import confidence
from kcolor.evaluation.confidence import Interval
from kcolor.evaluation.measure import batches_of_one_size, plain_interval, score_cell
from kcolor.evaluation.scores import SCORES
from kcolor.hints.hint import MAX_PATCHES, Hint
from kcolor.images import arrays
from kcolor.metrics import functions
from kcolor.metrics.lpips import LPIPSDistance
from kcolor.utils.text import aligned, counted

NUMBERS = (0, 1, 2, 5, 10, 20, 50, 100)
PATCH = 6
_MEASURES = {"psnr": functions.psnr, "ab_distance": functions.ab_distance}


def true_hints(photo: np.ndarray, count: int, seed: int = 0) -> list[Hint]:
    """Returns hints of a photo's own colours, as siggraph17 was tested with. The first few of many are the same.

    >>> photo = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype="uint8")
    >>> true_hints(photo, 5)[:2] == true_hints(photo, 2)
    True

    Args:
        photo: uint8 array ``(height, width, 3)``.
        count: Integer. Number of hints.
        seed: Integer. Together with the photo it decides the places.
    """
    height, width = (side - PATCH + 1 for side in photo.shape[:2])
    draws = np.random.RandomState([seed, zlib.crc32(np.ascontiguousarray(photo).tobytes())])  # the same on every machine
    corners = draws.standard_normal((count, 2)) * np.array([height, width]) / 4 + np.array([height, width]) / 2
    corners = np.clip(corners.astype(int), 0, np.array([height, width]) - 1)
    ab = ops.convert_to_numpy(color.rgb_to_lab(arrays.to_float(photo)))[..., 1:]
    hints = []
    for top, left in corners:
        mean = ab[top : top + PATCH, left : left + PATCH].mean(axis=(0, 1))
        middle = (PATCH - 1) / 2
        hints.append(Hint(float(left + middle), float(top + middle), tuple(map(float, mean)), radius=middle))
    return hints


@dataclasses.dataclass(frozen=True)
class HintCurve:
    """A colorizer's metrics by the number of hints.

    Args:
        count: Integer. Number of pictures.
        metrics: Dict from a number of hints to a dict from a metric's name to an `Interval`.
    """

    count: int
    metrics: dict[int, dict[str, Interval]]

    def gains(self) -> dict[int, float]:
        """Returns by how many dB each number of hints is better than the first one."""
        first = next(iter(self.metrics.values()))["psnr"].mean
        return {number: row["psnr"].mean - first for number, row in self.metrics.items()}

    def table(self) -> str:
        """Returns the metrics as text."""
        names = list(next(iter(self.metrics.values())))
        gains = self.gains()
        lines = [["hints", *(SCORES[name].label for name in names), "gain"]]
        for number, row in self.metrics.items():
            cells = (score_cell(SCORES[name], row[name]) for name in names)
            lines.append([str(number), *cells, f"{gains[number]:+.2f}"])
        note = f"{counted(self.count, 'picture')}; mean ± half of the {confidence.NAME}. "
        return "\n".join([*aligned(lines, left=0), f"{note}Hints: {PATCH}×{PATCH} pixels of the truth."])

    def to_json(self) -> dict:
        """Returns the same as plain numbers and texts."""
        rows = {
            str(number): {name: plain_interval(interval) for name, interval in row.items()}
            for number, row in self.metrics.items()
        }
        return {"count": self.count, "patch": PATCH, "interval": confidence.NAME, "hints": rows}


def hint_curve(
    colorizer: Colorizer,
    pictures: Iterable,
    numbers: Sequence[int] = NUMBERS,
    *,
    seed: int = 0,
    lpips_weights: tuple | None = None,
    progress: Callable[[int], object] | None = None,
    **options: Any,
) -> HintCurve:
    """Measures a colorizer with some numbers of hints.

    Args:
        colorizer: `Colorizer`.
        pictures: Photos ``(h, w, 3)`` of any sizes, uint8, or batches ``(b, h, w, 3)`` of them.
        numbers: Integers. The numbers of hints.
        seed: Integer. Decides the places, with each photo.
        lpips_weights: ``(vgg, linear)``: the files of `kcolor.metrics.LPIPS`. Without them LPIPS is left out.
        progress: Function that is called with the number of pictures measured, after each.
        options: Options of `Colorizer.colorize`.

    Returns:
        A `HintCurve`.

    >>> photos = np.random.default_rng(0).integers(0, 256, (1, 16, 16, 3), dtype="uint8")
    >>> curve = hint_curve(kcolor.Colorizer("unet", "lab", filters=(4, 8)), photos, (0, 2))
    >>> curve.count, sorted(curve.metrics)
    (1, [0, 2])
    """
    if not numbers or min(numbers) < 0 or max(numbers) > MAX_PATCHES or list(numbers) != sorted(set(numbers)):
        raise ValueError(f"Expected `hints` as growing numbers in 0..{MAX_PATCHES}. Received: {list(numbers)}")
    inference, lpips = colorizer.inference(**options), None if lpips_weights is None else LPIPSDistance(*lpips_weights)
    names = [*_MEASURES, *([] if lpips is None else ["lpips"])]
    found: dict[int, dict[str, list[float]]] = {number: {name: [] for name in names} for number in numbers}
    count = 0
    for batch in batches_of_one_size(pictures, 1):
        photo = arrays.to_uint8(arrays.to_float(batch))
        prediction = inference.predict(photo, features=inference.forward.has_features)
        hints, measures = true_hints(photo[0], max(numbers), seed), _measures_from(arrays.to_float(photo), lpips)
        for number in numbers:
            painted = arrays.to_float(inference.paint(prediction.with_hints(hints[:number], photo.shape[1:3]), photo))
            for name, values in found[number].items():
                values.append(float(ops.convert_to_numpy(measures[name](painted))[0]))
        count += 1
        if progress is not None:
            progress(count)
    if not count:
        raise ValueError("Expected at least one picture to evaluate. Received none")
    rows = {
        number: {name: confidence.bootstrap(np.array(values)) for name, values in row.items()} for number, row in found.items()
    }
    return HintCurve(count, rows)


def _measures_from(truth, lpips):
    """What measures results by their distance from a photo."""
    measures = {name: functools.partial(measure, truth) for name, measure in _MEASURES.items()}
    if lpips is not None:
        measures["lpips"] = lpips.from_truth(truth)
    return measures
