"""Conditions: what a network is given beside the photo, each an input of its own.

A network with conditions has named inputs: ``luma``, and one for each condition by its name.
"""

import abc
from typing import TYPE_CHECKING

from keras import ops

from kcolor.utils.types import Tensor

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer


class Condition(abc.ABC):
    """Something that the network is told about a photo.

    Attributes:
        name: String. Name of the network's input.
        shape: Tuple. Shape of the input, without the batch.
    """

    name: str
    shape: tuple[int | None, ...]

    @abc.abstractmethod
    def compute(self, rgb: Tensor) -> Tensor:
        """Computes the condition of photos.

        Args:
            rgb: Floats ``(batch, height, width, 3)`` in [0, 1].

        Returns:
            Tensor ``(batch, *shape)``.
        """


class Guide(Condition):
    """The raw output of another colorizer whose target is pooled: the photo's mean colour (system C's C5).

    Args:
        colorizer: `Colorizer` with a pooled target. It is not trained.
    """

    name = "guide"

    def __init__(self, colorizer: "Colorizer"):
        if not getattr(getattr(colorizer, "target", None), "pooled", False):
            raise ValueError(f"Expected `guide` as a colorizer with a pooled target. Received: {colorizer!r}")
        self._forward = colorizer.forward_pass
        self.shape = (colorizer.target.channels,)

    def compute(self, rgb: Tensor) -> Tensor:
        return ops.stop_gradient(self._forward.raw(self._forward.seen(rgb)))


# By the name of the network's input.
CONDITIONS: dict[str, type[Condition]] = {"guide": Guide}
