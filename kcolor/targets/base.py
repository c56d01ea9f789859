"""The base of all colour targets."""

import abc
import dataclasses
import math
from collections.abc import Callable, Iterable

import keras
from keras import ops

from kcolor import color
from kcolor.bins.grid import Grid
from kcolor.images.resizing import resize
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.utils.types import Tensor

# What each activation can output. A bounded range must be exactly the target's: tanh for a target in [0, 1] reaches all of
# it, but half of its own range is dead (system C's mistake).
ACTIVATION_RANGES = {
    "linear": (-math.inf, math.inf),
    "leaky_relu": (-math.inf, math.inf),
    "relu": (0.0, math.inf),
    "softplus": (0.0, math.inf),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
}
# Losses that take what they compare for a probability.
BINARY = (keras.losses.BinaryCrossentropy, keras.losses.BinaryFocalCrossentropy)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ColorTarget(abc.ABC):
    """Base of all targets: how colour is represented, encoded and decoded.

    `channels`, `activation` and `pooled` are all that a network's head needs to know.

    Args:
        activation: String. Activation of the head; None takes the one whose range is the target's.

    >>> target = kcolor.targets.get("lab")
    >>> isinstance(target, kcolor.targets.ColorTarget)
    True
    >>> target.channels, target.activation, target.pooled
    (2, 'tanh', False)
    """

    activation: str | None = None

    channels = 2
    pooled = False  # True: one output for the whole picture, (batch, channels), instead of one per pixel
    chroma_is_ab = False  # True: chroma is the a and b of Lab, and a picture keeps the L of its photo
    sees_color = False  # False: a network with three input channels sees the lightness three times
    tolerance = 0.1  # how far decode(encode(photo), photo) may be from the photo, as a distance in the ab plane

    def __post_init__(self):
        object.__setattr__(self, "activation", self.activation or self._natural_activation())
        self.check_activation(self.activation)

    def luma(self, rgb: Tensor) -> Tensor:
        """Returns what the network sees: RGB ``(..., 3)`` to lightness ``(..., 1)`` in [0, 1]; the same for `gray(rgb)`."""
        return color.rgb_to_gray(rgb)

    def gray(self, rgb: Tensor) -> Tensor:
        """Returns the photo without its colour, at the lightness that this target keeps: RGB ``(..., 3)`` to RGB."""
        return ops.repeat(color.rgb_to_gray(rgb), 3, axis=-1)

    @abc.abstractmethod
    def encode(self, rgb: Tensor) -> Tensor:
        """Returns what the network should output for this photo: RGB ``(..., 3)`` to ``(..., encoded_channels)``."""

    def truth(self, rgb: Tensor) -> Tensor | dict[str, Tensor]:
        """Returns what this target's own loss compares with: `encode`, unless the loss takes something shorter."""
        return self.encode(rgb)

    @abc.abstractmethod
    def chroma(self, raw: Tensor) -> Tensor:
        """Returns the chroma, as `join` takes it, of a raw output; height and width stay the same."""

    def neutral(self, chroma: Tensor) -> Tensor:
        """Returns the chroma that has no colour, broadcastable against `chroma`."""
        return ops.zeros_like(chroma)

    def scale_chroma(self, chroma: Tensor, factor: float | Tensor) -> Tensor:
        """Returns chroma whose colours are stronger by a factor; 0 leaves no colour."""
        neutral = self.neutral(chroma)
        return neutral + factor * (chroma - neutral)

    def own_chroma(self, rgb: Tensor) -> Tensor:
        """Returns a photo's own chroma, exactly: RGB ``(..., 3)`` to what `join` takes."""
        return self.chroma(self.encode(rgb))

    @abc.abstractmethod
    def join(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        """Returns the coloured picture.

        Args:
            chroma: As `chroma` returns it.
            rgb: The photo, of the same size; only its lightness is used.

        Returns:
            RGB ``(..., 3)`` in [0, 1].
        """

    def lab(self, chroma: Tensor, rgb: Tensor) -> Tensor:
        """Returns the coloured picture as Lab ``(..., 3)``: like `join`, but differentiable everywhere.

        Where possible, colours that sRGB does not have stay outside of it: clipping would end their gradients.
        """
        return color.rgb_to_lab(self.join(chroma, rgb))

    def decode(self, raw: Tensor, rgb: Tensor) -> Tensor:
        """Turns a raw output and its photo into the coloured picture.

        Args:
            raw: ``(batch, h, w, channels)``, of the photo's size or smaller; ``(batch, channels)`` if pooled.
            rgb: The photo, ``(batch, height, width, 3)`` in [0, 1]; only its lightness is used.

        Returns:
            RGB in [0, 1], of the photo's size and lightness.
        """
        chroma = self.chroma(raw)
        same = None not in rgb.shape[1:-1] and chroma.shape[1:-1] == rgb.shape[1:-1]
        if not (self.pooled or same):
            chroma = resize(chroma, ops.shape(rgb)[1:3])
        return self.join(chroma, rgb)

    @property
    def bins(self) -> Grid | None:
        """The grid of bins that the colours are sorted into, or None."""
        return None

    @property
    def encoded_channels(self) -> int:
        """How many numbers `encode` returns per pixel (or per picture, if pooled)."""
        return self.channels

    @property
    def differentiable(self) -> bool:
        """Whether a loss between pictures has a gradient with respect to the network's raw output."""
        return True

    def with_temperature(self, temperature: float) -> "ColorTarget":
        """Returns this target with another decoding temperature.

        Args:
            temperature: Float in [0, 1]. 0 decodes to the likeliest colours, 1 to the mean of all.

        Raises:
            ValueError: If this target is not a distribution over bins.
        """
        raise ValueError(f"Only distributions over bins have a `temperature`. This target is {type(self).__name__}")

    def other_decodings(self) -> dict[str, "ColorTarget"]:
        """Returns other ways to decode the same raw output, by name, for an evaluation. Most targets have none."""
        return {}

    def decodes_like(self, other: "ColorTarget") -> bool:
        """Returns whether `other`, a target for the same network, turns any raw output into the same colours."""
        return self == other

    def measure(self, pictures: Iterable, progress: Callable[[int], object] | None = None) -> "ColorTarget":
        """Returns this target with what it measures on photographs. Only bins measure anything; others stay as they are.

        Args:
            pictures: Photos or batches of them; not read unless the target needs them.
            progress: Callable, called with the number of pixels after each item.
        """
        return self

    def take_tables(self, other: "ColorTarget") -> "ColorTarget":
        """Returns this target with what `other` has measured. Targets without bins measure nothing and stay as they are."""
        return self

    def loss(self) -> keras.losses.Loss:
        """Returns the loss that fits: of `encode` (or `truth`) against the network's raw output."""
        return keras.losses.MeanSquaredError()

    def check_loss(self, loss: keras.losses.Loss) -> None:
        """Raises ValueError if `loss` does not fit what this target encodes."""
        name = type(self).__name__
        if isinstance(loss, BinCrossEntropy):
            raise ValueError(f"BinCrossEntropy is for the target Bins. Received a target {name}")
        if isinstance(loss, BINARY) and self.range() != (0.0, 1.0):
            low, high = self.range()
            raise ValueError(
                f"Expected a target in [0, 1] for the loss {type(loss).__name__}. Received: {name}, which lies in "
                f"[{low:g}, {high:g}]. Use another loss, as MeanSquaredError, or `unit=True` if the target has it"
            )

    def range(self) -> tuple[float, float]:
        """Returns the lowest and highest value of `encode`."""
        return (-1.0, 1.0)

    def check_activation(self, name: str) -> None:
        """Raises ValueError unless a head's activation reaches this target's range, and needs all of its own for that."""
        known = ACTIVATION_RANGES.get(name)
        wanted = self.range()
        if known is None:
            raise ValueError(f"Unknown activation for a head. Expected one of {sorted(ACTIVATION_RANGES)}. Received: {name!r}")
        if not (known[0] <= wanted[0] and wanted[1] <= known[1]):
            why = "cannot reach all of it"
        elif not math.isinf(known[1]) and known != wanted and wanted[1] - wanted[0] <= (known[1] - known[0]) / 2:
            why = "would leave half of its own range dead"
        else:
            return
        raise ValueError(
            f"Activation {name!r} does not fit the target {type(self).__name__}: it outputs [{known[0]:g}, {known[1]:g}], "
            f"the target lies in [{wanted[0]:g}, {wanted[1]:g}], so it {why}. Use {self._natural_activation()!r}."
        )

    def get_config(self) -> dict:
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    @classmethod
    def from_config(cls, config: dict) -> "ColorTarget":
        return cls(**config)

    def _natural_activation(self):
        return "sigmoid" if self.range()[0] == 0 else "tanh"
