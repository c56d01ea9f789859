"""Whether a network and a target belong together, and what the network expects to see."""

import keras

from kcolor.models import InputSize
from kcolor.targets import ColorTarget

# Sides that are multiples of it suit nearly every network that does not say itself what it needs.
USUAL_STRIDE = 32


def check_match(network, target, guide=None):
    """Refuses a network that does not answer what a target asks for, or that sees something else than photos."""
    if not isinstance(target, ColorTarget):
        raise ValueError(f"Expected `target` as a kcolor.targets.ColorTarget (kcolor.targets.get). Received: {target!r}")
    if not isinstance(network, keras.Model) or not network.built:
        raise ValueError(f"Expected `network` as a built Keras model (kcolor.models.build). Received: {network!r}")
    name, shape = type(target).__name__, tuple(network.output_shape)
    if len(shape) != (2 if target.pooled else 4) or shape[-1] != target.channels:
        wanted = f"(batch, {target.channels})" if target.pooled else f"(batch, height, width, {target.channels})"
        raise ValueError(f"Network and target do not match: {name} needs answers of shape {wanted}. Received: {shape}")
    if input_channels(network) not in (1, 3):
        raise ValueError(f"Expected a network that sees 1 channel or 3. It sees {input_channels(network)}")
    answering = network.outputs[0]._keras_history.operation
    if activation := getattr(answering, "activation", None):
        target.check_activation(keras.activations.serialize(activation))
    if (guide is not None) != isinstance(network.input, dict):
        raise ValueError("A network with a `guide` input needs `guide`, a colorizer with a pooled target; others take none")
    if guide is not None and not guide.target.pooled:
        raise ValueError(f"Expected a `guide` with a pooled target. Received: {type(guide.target).__name__}")


def input_channels(network) -> int:
    """Channels of the network's picture input: 1 for lightness, 3 for RGB."""
    return _picture_input(network).shape[-1]


def fixed_size(network) -> tuple[int, int] | None:
    """The (height, width) of the network's picture input, or None if it takes any."""
    size = tuple(_picture_input(network).shape[1:3])
    return None if None in size else size


def input_stride(network) -> int:
    """What the sides of the network's input must be multiples of: kcolor's builders say it, others are given the usual."""
    return next((layer.stride for layer in network.layers if isinstance(layer, InputSize)), USUAL_STRIDE)


def _picture_input(network):
    return network.input["luma"] if isinstance(network.input, dict) else network.input
