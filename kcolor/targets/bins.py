"""The target that is a distribution over bins of the ab plane (system A)."""

import dataclasses
import math
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor import bins, color
from kcolor.bins.encode_decode import check_decoding
from kcolor.bins.grid import Grid
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.losses.bins_and_colors import BinsAndColors
from kcolor.losses.perceptual import RGBLoss
from kcolor.targets.base import ColorTarget
from kcolor.targets.chroma import AbTarget
from kcolor.utils.types import Tensor

# What an evaluation compares with a target's own decoding: a name, and what of the target is replaced.
OTHER_DECODINGS: dict[str, dict[str, Any]] = {
    "T=0 (mode)": {"decoding": "temperature", "temperature": 0.0},
    "T=0.8": {"decoding": "temperature", "temperature": 0.8},
    "T=1 (mean)": {"decoding": "temperature", "temperature": 1.0},
    "annealed 0.38": {"decoding": "annealed_mean", "temperature": 0.38},
}


@keras.saving.register_keras_serializable("kcolor")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Bins(AbTarget):
    """A distribution over bins of the ab plane, as logits (system A and its successors).

    Args:
        activation: String. Activation of the head; None takes ``"linear"``.
        grid: Integer W. Takes system A's W×W grid.
        count: Integer. The same by its number of bins, a square: 36 is ``grid=6``, 324 is ``grid=18``.
        step: Float. Takes the in-gamut grid of this step; 10 if none of the three is given.
        frequent: Integer. Keeps only this number of most frequent bins.
        soft: Boolean. Spreads the truth over several bins, instead of one.
        neighbors: Integer. Number of nearest bins that share a soft truth.
        sigma: Float. Standard deviation of the Gaussian, in units of ab, by which they share it.
        rebalance: Float λ in (0, 1]. Makes rare colours count more, see `kcolor.bins.Grid.rebalancing`. Needs `measure`.
        color_weight: Float. Trains on `kcolor.losses.BinsAndColors`: what a unit of distance from the true colour counts, at
            equal colourfulness, beside the cross entropy. Around 0.1; None for the cross entropy alone.
        decoding: String. One of `kcolor.bins.DECODINGS`; see `kcolor.bins.decode`.
        temperature: Float. Temperature of the decoding; by default 0.38 for ``"annealed_mean"`` and 0.8 for
            ``"temperature"``.
        measured: The grid with the tables of a data set. `measure` makes it.

    >>> target = kcolor.targets.Bins(grid=6)
    >>> target.channels
    36
    >>> photo = np.random.default_rng(0).uniform(size=(1, 8, 8, 3)).astype("float32")
    >>> tuple(target.encode(photo).shape)
    (1, 8, 8, 1)
    """

    grid: int | None = None
    count: int | None = None
    step: float | None = None
    frequent: int | None = None
    soft: bool = False
    neighbors: int = 5
    sigma: float = 5.0
    rebalance: float | None = None
    color_weight: float | None = None
    decoding: str = "annealed_mean"
    temperature: float | None = None
    measured: bins.Grid | None = None

    def __post_init__(self):
        super().__post_init__()
        given = {name: getattr(self, name) for name in ("grid", "count", "step") if getattr(self, name) is not None}
        if len(given) > 1:
            raise ValueError(f"Expected one of `grid`, `count` and `step`. Received: {given}")
        if self.count is not None and math.isqrt(self.count) ** 2 != self.count:
            raise ValueError(f"Expected a `count` of bins that is a square, as 36 or 324. Received: {self.count}")
        if self.temperature is None:
            object.__setattr__(self, "temperature", 0.8 if self.decoding == "temperature" else 0.38)
        check_decoding(self.decoding, self.temperature)
        if self.neighbors < 1 or self.sigma <= 0:
            raise ValueError(f"Expected `neighbors` and `sigma` above 0. Received: {self.neighbors} and {self.sigma}")
        if self.rebalance is not None and not 0 < self.rebalance <= 1:
            raise ValueError(f"Expected `rebalance` in (0, 1]. Received: {self.rebalance}")
        if self.color_weight is not None and not self.color_weight > 0:
            raise ValueError(f"Expected `color_weight` above 0, or None. Received: {self.color_weight}")
        # Made now, because its first use may be inside a graph, where no numbers can be read.
        self.__dict__["_grid"] = self._made_grid()

    def _made_grid(self) -> Grid:
        if self.measured is None:
            whole = self._whole_grid()
            return whole if self.frequent is None else bins.frequent(whole, self.frequent)
        step = 255 / self._width() if self._width() else self.step or 10
        if self.measured.step != step or self.frequent not in (None, self.measured.size):
            raise ValueError(f"Expected `measured` to be of this target's grid, of step {step:g}. Received: {self.measured}")
        return self.measured

    @property
    def bins(self) -> Grid:
        """The grid of bins, with the tables of a data set once they are measured."""
        return self.__dict__["_grid"]

    @property
    def channels(self) -> int:  # type: ignore[override]
        return self.bins.size

    @property
    def encoded_channels(self) -> int:
        return self.channels if self.soft else 1

    @property
    def differentiable(self) -> bool:
        return self.decoding == "annealed_mean"  # all others look up the likeliest bin

    @property
    def tolerance(self) -> float:  # type: ignore[override]
        """How far any colour of the sRGB cube moves at most, plus a quarter for those between the samples.

        Pure colours move most: the colour of their bin does not exist at their lightness, and `join` takes the nearest.
        """
        axis = np.linspace(0, 1, 33, dtype="float32")
        cube = np.stack(np.meshgrid(axis, axis, axis), axis=-1)
        before, after = (color.rgb_to_lab(rgb)[..., 1:] for rgb in (cube, self.decode(self.encode(cube), cube)))
        return 1.25 * float(ops.sqrt(ops.max(ops.sum(ops.square(after - before), axis=-1))))

    def measure(self, pictures: Iterable, progress: Callable[[int], object] | None = None) -> "Bins":
        """Returns this target with the bins' means, modes and frequencies in photographs (see `kcolor.bins.measure`).

        Args:
            pictures: Photos or batches of them, uint8 or floats in [0, 1].
            progress: Callable, called with the number of pixels after each item.
        """
        measured = bins.measure(pictures, self._whole_grid(), keep=self.frequent, progress=progress)
        return dataclasses.replace(self, measured=measured)

    def take_tables(self, other: ColorTarget) -> "Bins":
        """Returns this target with the tables of `other`, another target of bins."""
        if not isinstance(other, Bins):
            raise ValueError(f"Expected a target of bins, whose tables can be taken. Received: {other!r}")
        return dataclasses.replace(self, measured=other.measured)

    def with_temperature(self, temperature: float) -> "Bins":
        """Returns this target with another temperature: see `ColorTarget.with_temperature`.

        A decoding that has no temperature gives way to ``"annealed_mean"``, and at 0 any gives way to ``"mode"``.
        """
        if temperature == 0:
            return dataclasses.replace(self, decoding="mode")
        decoding = self.decoding if self.decoding in ("annealed_mean", "temperature") else "annealed_mean"
        return dataclasses.replace(self, decoding=decoding, temperature=temperature)

    def other_decodings(self) -> dict[str, ColorTarget]:
        """Returns the decodings of `OTHER_DECODINGS`, by their names."""
        return {name: dataclasses.replace(self, **changes) for name, changes in OTHER_DECODINGS.items()}

    def decodes_like(self, other: ColorTarget) -> bool:
        return isinstance(other, Bins) and self._what_decodes() == other._what_decodes()

    def _what_decodes(self):
        """Two decodings are the same if this is equal."""
        if self.decoding == "annealed_mean":
            return "annealed", self.temperature
        if self.bins.counts is None:
            return "table", None  # the mean and the mode of a bin are both its centre
        return "table", {"mean": 1.0, "mode": 0.0}.get(self.decoding, self.temperature)

    def encode(self, rgb: Tensor) -> Tensor:
        """Returns the index of the bin, int32 ``(..., 1)``; or, if soft, the logarithm of each bin's share, ``(..., bins)``."""
        ab = color.rgb_to_lab(rgb)[..., 1:]
        if not self.soft:
            return ops.expand_dims(bins.index(ab, self.bins), -1)
        # Logarithms, so that a perfect network's output equals its truth; e^-30 stands for nothing.
        return ops.log(ops.maximum(bins.soft_encode(ab, self.bins, self.neighbors, self.sigma), math.exp(-30)))

    def truth(self, rgb: Tensor) -> Tensor | dict[str, Tensor]:
        """Returns what `loss` compares with: `encode`, but soft truth as its few bins only, ``{"index": …, "share": …}``.

        The share of every bin would be as large as the network's output, and writing it takes a fifth of a training step.
        """
        if not self.soft:
            return self.encode(rgb)
        index, share = bins.neighbors_of(color.rgb_to_lab(rgb)[..., 1:], self.bins, self.neighbors, self.sigma)
        return {"index": index, "share": share}

    def chroma(self, raw: Tensor) -> Tensor:
        return bins.decode(raw, self.bins, self.decoding, self.temperature or 0.0)

    def loss(self) -> keras.losses.Loss:
        weights = None if self.rebalance is None else self.bins.rebalancing(self.rebalance)
        if self.color_weight is None:
            return BinCrossEntropy(weights)
        if not self.differentiable:
            raise ValueError(
                f'`color_weight` needs decoding="annealed_mean", to train on the colours: {self.decoding!r} has no gradient'
            )
        return BinsAndColors(self.bins.colors(), self.color_weight, self.temperature or 0.0, weights=weights)

    def check_loss(self, loss: keras.losses.Loss) -> None:
        """Raises ValueError if `loss` is not for distributions, or needs a gradient that this decoding does not have."""
        if self._means_something_else(loss):
            raise ValueError(
                f"{type(self).__name__} needs a loss for distributions: BinCrossEntropy, its own. Received: {loss!r}"
            )
        if isinstance(loss, RGBLoss) and not self.differentiable:
            raise ValueError(f'A loss between pictures needs decoding="annealed_mean": {self.decoding!r} has no gradient')

    def _means_something_else(self, loss):
        """Whether a loss is Keras's own, of which none takes shares as logarithms and one takes the index of a bin."""
        if isinstance(loss, keras.losses.SparseCategoricalCrossentropy):
            return self.soft or not loss.get_config()["from_logits"]
        return getattr(keras.losses, type(loss).__name__, None) is type(loss)

    def range(self) -> tuple[float, float]:
        return (-math.inf, math.inf)

    def get_config(self) -> dict:
        config = super().get_config()
        return {**config, "measured": keras.saving.serialize_keras_object(self.measured)}

    @classmethod
    def from_config(cls, config: dict) -> "Bins":
        return cls(**{**config, "measured": keras.saving.deserialize_keras_object(config["measured"])})

    def _whole_grid(self):
        width = self._width()
        return bins.gamut_grid(float(self.step or 10)) if width is None else bins.uniform_grid(width)

    def _width(self):
        return self.grid if self.count is None else math.isqrt(self.count)

    def _natural_activation(self):
        return "linear"
