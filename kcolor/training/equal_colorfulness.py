"""Measures a run's validation pictures at equal colourfulness, so that neither paleness nor a sure but wrong network wins."""

from collections.abc import Iterable
from typing import Any

import keras

from kcolor.colorizer.colorizer import Colorizer
from kcolor.evaluation.equal_colorfulness import at_equal_colorfulness
from kcolor.training.averaging import averaged
from kcolor.utils.types import Tensor

PREFIX = "equal_"  # of the names in the logs: val_equal_ab_distance
METRICS = ("psnr", "ab_distance")


class EqualColorfulness(keras.callbacks.Callback):
    """Adds metrics of coloured photos to the logs of every epoch, their colours brought to 0.9 of the truth's colourfulness.

    Photos are coloured as `kcolor.Colorizer.colorize` does, at the working size. A loss is measured on crops, and a network
    that is surer has a lower one, though its colours may be no truer.

    Args:
        pictures: Photos ``(height, width, 3)``, uint8.
    """

    def __init__(self, pictures: Iterable[Tensor]):
        super().__init__()
        self.pictures = list(pictures)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        with averaged(self.model):
            found = self.measure(self.model)
        if logs is not None:
            logs.update(found)

    def measure(self, colorizer: Colorizer) -> dict[str, float]:
        """Returns the metrics of a colorizer, by their names in the logs."""
        row = at_equal_colorfulness(colorizer.inference(), self.pictures, metrics=METRICS)
        return {f"val_{PREFIX}{name}": row[name] for name in METRICS}
