"""Computes all metrics of a batch of photos for one colorizer.

Each photo becomes a picture in several *ways*: grey; as the colorizer makes it ("model"); the best that its target could reach
("oracle"); and, for bins, by other decodings of the same output of the network.
"""

import collections
import math
from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from kcolor import bins
from kcolor.colorizer.colorizer import Colorizer, painted
from kcolor.evaluation.recognizer import Recognizer
from kcolor.evaluation.scores import SCORES, SMALLEST, bin_hits
from kcolor.images import arrays
from kcolor.images.resizing import shrink
from kcolor.metrics import functions
from kcolor.metrics.lpips import LPIPSDistance
from kcolor.targets import ColorTarget
from kcolor.utils.compile import Compiled, without_gradients
from kcolor.utils.types import Tensor

_STRIP = 1 << 17  # pixels at once where the encoding is wide: soft truths have a number for every bin
_EAGER = 1 << 20  # compiling takes as long as this many pixels take without: it pays for sizes of which there are more


def oracle(target: ColorTarget, photo: Tensor) -> Tensor:
    """Returns what a perfect network would lead to: ``decode(encode(photo))`` at the photo's resolution.

    Args:
        target: `ColorTarget`.
        photo: Floats ``(batch, height, width, 3)`` in [0, 1].

    Returns:
        RGB in [0, 1] of the same shape.
    """
    batch, height, width = photo.shape[:3]
    strips = -(-batch * height * width // _STRIP) if target.encoded_channels > 3 else 1
    rows = -(-height // strips)
    parts = [photo[:, top : top + rows] for top in range(0, height, rows)]
    return ops.concatenate([target.decode(target.encode(part), part) for part in parts], axis=1)


class Scorer:
    """Computes what `kcolor.evaluation.measure.measure` averages.

    ``scorer(photos)`` returns ``(scores, pictures)``, two dicts by way: dicts of NumPy ``(batch,)`` by the metric's name, and
    uint8 ``(batch, height, width, 3)``. The way "photo" has the photos' own colourfulness. Metrics for which the photos are
    too small are missing.

    Args:
        colorizer: `Colorizer`.
        names: Names in `kcolor.evaluation.scores.SCORES`. Bin accuracies are left out where there are no bins.
        lpips_weights: ``(vgg, linear)``, the paths of the files that `kcolor.metrics.LPIPS` takes, if LPIPS is among the names.
        temperatures: Boolean. Whether bins are decoded in other ways, too.
        recognizer: `Recognizer` that looks at photos and pictures, if that is among the names.
    """

    def __init__(
        self,
        colorizer: Colorizer,
        names: Iterable[str],
        lpips_weights: tuple | None = None,
        temperatures: bool = True,
        recognizer: Recognizer | None = None,
    ):
        has_bins = colorizer.target.bins is not None
        self.colorizer = colorizer
        self._lpips = LPIPSDistance(*lpips_weights) if lpips_weights is not None and "lpips" in names else None
        self._recognized = {"recognized_1", "recognized_5"}.intersection(names)
        self._recognizer = recognizer if self._recognized else None
        self._of_pictures = [name for name in names if SCORES[name].metric]
        self._of_bins = [name for name in names if has_bins and name.startswith("bin_")]
        self._forward = colorizer.forward_pass
        self._decoders = {"model": self._forward}
        self._same: dict[str, str] = {}
        for way, target in colorizer.target.other_decodings().items() if temperatures else ():
            self._add(way, target)
        self._met: collections.Counter = collections.Counter()
        self._compiled: dict[tuple, Compiled] = {}

    def _add(self, way, target):
        """Adds a decoding of the same raw output; two that come to the same are computed once."""
        for known, other in self._decoders.items():
            if target.decodes_like(other.target):
                self._same[way] = known
                return
        self._decoders[way] = self._forward.with_target(target)

    def __call__(self, batch: np.ndarray) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, np.ndarray]]:
        photo = arrays.to_float(batch)
        seen = self._forward.seen(photo)
        with without_gradients():
            raw = ops.stop_gradient(self._forward.raw(seen))  # once, whatever is made of it
        scores, pictures = self._run({"photo": photo, "seen": seen, "raw": raw})
        scores, pictures = ({k: dict(v) for k, v in scores.items()}, dict(pictures))
        if self._lpips and min(photo.shape[1:3]) >= SMALLEST["lpips"]:
            self._add_lpips(scores, photo, pictures)
        if self._recognizer:
            truth = self._recognizer.scores(photo)  # once for all ways
            for way, picture in pictures.items():
                agreement = self._recognizer.agreement(truth, arrays.to_float(picture))
                scores[way].update({name: value for name, value in agreement.items() if name in self._recognized})
        for way, known in self._same.items():
            scores[way] = {name: value for name, value in scores[known].items() if name not in self._of_bins}
            pictures[way] = pictures[known]
        return scores, pictures

    def _run(self, given):
        """`_measure` as NumPy, compiled for a size once many pixels of that size were seen."""
        key = tuple(tuple(tensor.shape) for tensor in given.values())
        if self._met[key] < _EAGER:
            self._met[key] += math.prod(given["photo"].shape[:3])
            return keras.tree.map_structure(ops.convert_to_numpy, self._measure(given))
        if key not in self._compiled:
            self._compiled[key] = Compiled(self._measure)
        return self._compiled[key](given)

    def _measure(self, given):
        photo, seen, raw = given["photo"], given["seen"], given["raw"]
        target = self.colorizer.target
        pictures = {"grey": target.gray(photo)}
        for way, decoder in self._decoders.items():
            pictures[way] = painted(decoder, raw, seen, photo)
        pictures["oracle"] = oracle(target, photo)
        # As a file has them.
        pictures = {way: arrays.rounded(p) for way, p in pictures.items()}
        names = [name for name in self._of_pictures if min(photo.shape[1:3]) >= SMALLEST.get(name, 1)]
        scores = {way: {name: SCORES[name].metric(photo, p) for name in names} for way, p in pictures.items()}
        if "colorfulness" in names:
            scores["photo"] = {"colorfulness": functions.colorfulness(photo)}
        if self._of_bins:
            for way, hits in self._bin_hits(raw, seen).items():
                scores[way].update({name: hits[name] for name in self._of_bins})
        return scores, pictures

    def _bin_hits(self, raw, seen):
        """Bin accuracies at the resolution of the network's output, without the margin around it."""
        stride, grid = self.colorizer.output_stride, self.colorizer.target.bins
        height, width = (max(1, side // stride) for side in seen.shape[1:3])
        truth = self._forward.framed(seen)
        truth = (shrink(truth, stride) if stride > 1 else truth)[:, :height, :width]
        predicted = ops.argmax(raw, axis=-1)[:, :height, :width]
        neutral = bins.index(ops.zeros((*truth.shape[:-1], 2)), grid)
        return {"model": bin_hits(predicted, truth, grid), "grey": bin_hits(neutral, truth, grid)}

    def _add_lpips(self, scores, photo, pictures):
        distance = self._lpips.from_truth(photo)
        for way, picture in pictures.items():
            scores[way]["lpips"] = ops.convert_to_numpy(distance(arrays.to_float(picture)))
