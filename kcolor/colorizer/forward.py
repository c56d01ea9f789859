"""The forward pass: a photo's way to its chroma, at the size at which the network sees it."""

import dataclasses
import functools

import keras
from keras import ops

from kcolor.colorizer.agreement import agree
from kcolor.colorizer.conditions import Condition
from kcolor.colorizer.input_size import InputSizes, Side, input_channels
from kcolor.images.grain import smooth_grain
from kcolor.images.resizing import mirror_pad, resize
from kcolor.images.tone import stretch_tone
from kcolor.models.hint_branch import split, uses_hints
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor


@dataclasses.dataclass(frozen=True, eq=False)
class Forward:
    """Everything that lies between a photo and its chroma. All photos are float RGB ``(batch, height, width, 3)`` in [0, 1].

    Photos lie in the upper left corner of the network's input and are mirrored at its other two edges. A network of one
    size sees them scaled to fit.

    Args:
        network: Keras model from luma (or RGB) to the target's raw output.
        target: `ColorTarget`. What that output means.
        sizes: `InputSizes` of the network.
        output_stride: Integer. Pixels of the input, along a side, for one pixel of the output.
        conditions: Tuple of `Condition`. What else the network is given.
        saturation: Float. Factor on the chroma.
        tint: Float. How much of each picture's mean chroma stays.
        stretch_tone: Boolean. Whether the network sees lightness that is stretched, see `kcolor.images.tone`.
        smooth_grain: Boolean. Whether it sees lightness without grain, see `kcolor.images.grain`.
        agreement: Boolean. Whether the raw output is made to agree over like places, see `kcolor.colorizer.agreement`. Not in
            training.
    """

    network: keras.Model
    target: ColorTarget
    sizes: InputSizes
    output_stride: int
    conditions: tuple[Condition, ...] = ()
    saturation: float = 1.0
    tint: float = 1.0
    stretch_tone: bool = False
    smooth_grain: bool = False
    agreement: bool = False

    def with_target(self, target: ColorTarget) -> "Forward":
        """Returns the same forward pass with another target, which decodes the same raw output."""
        return dataclasses.replace(self, target=target)

    def seen(self, rgb: Tensor, working: int | None = None) -> Tensor:
        """Returns photos at the size at which the network is to see them; `working` replaces the own working size."""
        return resize(rgb, self.sizes.seen(*_size(rgb), working))

    def framed(self, rgb: Tensor) -> Tensor:
        """Returns photos as they lie in the network's input, with the margins."""
        if self.sizes.fixed:
            rgb = self.seen(rgb)
        return mirror_pad(rgb, self.sizes.framed(*_size(rgb)))

    def inputs(self, rgb: Tensor) -> Tensor | dict[str, Tensor]:
        """Returns what the network is given for photos: one tensor, or one for each named input."""
        framed = self.framed(rgb)
        if not self.target.sees_color:
            framed = self.target.luma(framed) if input_channels(self.network) == 1 else self.target.gray(framed)
            if self.stretch_tone:
                framed = stretch_tone(framed, self.target.luma(rgb))
            if self.smooth_grain:
                framed = smooth_grain(framed)
        if not self.conditions:
            return framed
        return {"luma": framed, **{condition.name: condition.compute(rgb) for condition in self.conditions}}

    def raw(self, rgb: Tensor, training: bool = False, hints: Tensor | None = None) -> Tensor:
        """Returns the network's raw output for photos, of the framed size or smaller.

        Args:
            rgb: Photos.
            training: Boolean. Whether this is a step of training.
            hints: For a network that uses hints, a list of them: see `kcolor.models.hint_branch.COLUMNS`. None for none.
        """
        if hints is not None:
            return self.network({"luma": self.inputs(rgb), "hints": ops.convert_to_tensor(hints)}, training=training)
        if self.agreement and not training:
            return self.raw_and_features(rgb)[0]
        return self.plain(self.inputs(rgb), training=training)

    def raw_and_features(self, rgb: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the raw output, and the feature maps from which the network's last layer computes it."""
        return self.raw_features_and_trunk(rgb)[:2]

    def raw_features_and_trunk(self, rgb: Tensor) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        """Returns raw output and feature maps, and what `raw_with_hints` needs: nothing if the network does not use hints."""
        inputs = self.inputs(rgb)
        raw, features, *coarse = self._with_features(inputs, training=False)
        trunk = (raw, features, *coarse) if coarse else ()
        if self.agreement:
            seen = ops.mean(inputs["luma"] if isinstance(inputs, dict) else inputs, axis=-1, keepdims=True)
            raw = agree(raw, features, resize(seen, ops.shape(raw)[1:3]))
        return raw, features, trunk

    def raw_with_hints(self, trunk: tuple[Tensor, ...], hints: Tensor) -> Tensor:
        """Returns the raw output with hints, of what the network without hints has seen: it does not look again.

        Args:
            trunk: As of `raw_features_and_trunk`.
            hints: As of `raw`.
        """
        return self._parts[2]([*trunk, ops.convert_to_tensor(hints)], training=False)

    @functools.cached_property
    def uses_hints(self) -> bool:
        """Whether the network has learnt to use hints."""
        return uses_hints(self.network)

    @functools.cached_property
    def _parts(self):
        return split(self.network)

    @property
    def plain(self) -> keras.Model:
        """The network without hints: the network itself if it does not use them."""
        return self._parts[0] if self.uses_hints else self.network

    @functools.cached_property
    def has_features(self) -> bool:
        """Whether the network has feature maps as `raw_and_features` returns them."""
        try:
            return not self.target.pooled and len(features_of(self.plain).shape) == 4
        except ValueError:
            return False

    @functools.cached_property
    def _with_features(self):
        if self.uses_hints:
            return self._parts[1]
        inputs = self.network.input if isinstance(self.network.input, dict) else self.network.inputs[0]
        return keras.Model(inputs, [self.network.outputs[0], features_of(self.network)])

    def chroma(self, raw: Tensor, rgb: Tensor) -> Tensor:
        """Decodes a raw output.

        Args:
            raw: The network's raw output.
            rgb: The photos as they were seen.

        Returns:
            Chroma of the photos' size; one pixel of it if the target is pooled.
        """
        chroma = self.target.chroma(raw)
        if self.saturation != 1:
            chroma = self.target.scale_chroma(chroma, self.saturation)
        if self.target.pooled:
            return chroma
        chroma = self.at_photo(chroma, rgb)
        return chroma if self.tint == 1 else self._less_tinted(chroma)

    def _less_tinted(self, chroma):
        mean = ops.mean(chroma - self.target.neutral(chroma), axis=(1, 2), keepdims=True)
        return chroma - (1 - self.tint) * mean

    def at_photo(self, maps: Tensor, rgb: Tensor) -> Tensor:
        """Scales what the network outputs to the photos' size and cuts the margins off."""
        height, width = _size(rgb)
        seen_size = self.sizes.seen(height, width) if self.sizes.fixed else (height, width)
        if self.output_stride > 1:
            maps = resize(maps, self.sizes.framed(height, width))
        maps = maps[:, : seen_size[0], : seen_size[1]]
        return resize(maps, (height, width)) if self.sizes.fixed else maps


def _size(rgb) -> tuple[Side, Side]:
    height, width = ops.shape(rgb)[1:3]
    return height, width


def features_of(network: keras.Model) -> Tensor:
    """Returns the symbolic feature maps from which a network's last layer with weights computes its output.

    Raises:
        ValueError: if the output's way back to such a layer branches, or leads into a nested model.
    """
    operation = network.outputs[0]._keras_history.operation
    while not isinstance(operation, keras.Model):
        tensors = keras.tree.flatten(operation.input)
        if len(tensors) != 1:
            break
        if getattr(operation, "weights", None):
            return tensors[0]
        operation = tensors[0]._keras_history.operation
    raise ValueError(
        f"Expected a network that ends with one layer with weights, and activations behind it. Received: {network.name}"
    )
