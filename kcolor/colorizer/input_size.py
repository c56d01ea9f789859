"""At which size a network sees a photo."""

import dataclasses
from typing import Any

import keras

from kcolor.images.graph_sizes import ceiling, least, most, rounded_ratio
from kcolor.models.blocks import InputSize
from kcolor.utils.types import Tensor

# Sides that are multiples of it suit nearly every network that does not say itself what it needs.
USUAL_STRIDE = 32
# A photo 50 times as wide as high would be 50 times the working size wide: beyond this the longer side decides.
MAX_ASPECT = 4

# A side in pixels: a whole number, or a tensor while a graph is made.
Side = int | Tensor


@dataclasses.dataclass(frozen=True)
class InputSizes:
    """The sizes at which a network sees photos.

    Args:
        fixed: (height, width) of a network's input that takes one size only, else None.
        working: Integer. Shorter side that photos are scaled to; None leaves them as they are.
        stride: Integer. Both sides of the network's input are multiples of it.

    >>> from kcolor.colorizer.input_size import InputSizes
    >>> sizes = InputSizes(fixed=None, working=256, stride=32)
    >>> sizes.seen(1000, 1500)
    (256, 384)
    >>> sizes.framed(250, 330)
    (256, 352)
    """

    fixed: tuple[int, int] | None
    working: int | None
    stride: int

    def seen(self, height: Side, width: Side, working: int | None = None) -> tuple[Side, Side]:
        """Returns the (height, width) to which photos of a size are scaled; `working` replaces the own working size."""
        working = working or self.working
        if self.fixed is not None:
            scales = [(self.fixed[0], height), (self.fixed[1], width)]
        elif working is not None:
            scales = [(working, least(height, width)), (MAX_ASPECT * working, most(height, width))]
        else:
            return height, width
        scaled = [most(1, least(*(rounded_ratio(side * up, down) for up, down in scales))) for side in (height, width)]
        return scaled[0], scaled[1]

    def framed(self, height: Side, width: Side) -> tuple[Side, Side]:
        """Returns the (height, width) of the network's input for photos seen at this size: with the margins."""
        return self.fixed or (ceiling(height, self.stride) * self.stride, ceiling(width, self.stride) * self.stride)


def photo_input(network: keras.Model) -> Tensor:
    """Returns the network's input for the photo: its only one, or the one called ``luma``."""
    return network.input["luma"] if isinstance(network.input, dict) else network.inputs[0]


def input_channels(network: keras.Model) -> int:
    """Returns the channels of the network's photo input: 1 for lightness, 3 for RGB."""
    return photo_input(network).shape[-1]


def fixed_size(network: keras.Model) -> tuple[int, int] | None:
    """Returns the (height, width) of the network's photo input, or None if it takes any."""
    size = tuple(photo_input(network).shape[1:3])
    return None if None in size else size


def input_stride(network: keras.Model) -> int:
    """Returns what both sides of the network's input must be multiples of.

    kcolor's builders say so with a layer; for other networks it is taken to be 32.
    """
    return next((layer.stride for layer in network.layers if isinstance(layer, InputSize)), USUAL_STRIDE)


def output_stride(network: keras.Model, stride: int) -> int:
    """Returns how many pixels of the input, along a side, one pixel of the network's output stands for.

    Args:
        network: Keras model.
        stride: Integer. What both sides of its input are multiples of.

    Returns:
        The output stride; 1 if the output is pooled.

    Raises:
        ValueError: if the output is neither as large as the input nor a whole fraction of it.
    """
    size = fixed_size(network) or (stride, stride)
    photo = (1, *size, input_channels(network))
    shapes: Any = photo
    if isinstance(network.input, dict):
        shapes = {name: photo if name == "luma" else (1, *tensor.shape[1:]) for name, tensor in network.input.items()}
    output = network.compute_output_shape(shapes)[1:-1]
    factors = {side // new if new and side % new == 0 else 0 for side, new in zip(size, output, strict=False)}
    if len(factors) > 1 or 0 in factors:
        raise ValueError(
            f"Expected a network whose output for a photo of {size[0]}×{size[1]} has as many pixels, or a whole fraction of "
            f"them a side. Its output has {'×'.join(map(str, output))}. Check its `stride`, {stride}"
        )
    return factors.pop() if factors else 1
