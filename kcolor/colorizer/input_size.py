"""Which sizes a network takes, and at which size it sees a photo."""

from kcolor.models import InputSize

# Sides that are multiples of it suit nearly every network that does not say itself what it needs.
USUAL_STRIDE = 32


def input_channels(network) -> int:
    """Channels of the network's picture input: 1 for lightness, 3 for RGB."""
    return photo_input(network).shape[-1]


def fixed_size(network) -> tuple[int, int] | None:
    """The (height, width) of the network's picture input, or None if it takes any."""
    size = tuple(photo_input(network).shape[1:3])
    return None if None in size else size


def input_stride(network) -> int:
    """What the sides of the network's input must be multiples of: kcolor's builders say it, others are given the usual."""
    return next((layer.stride for layer in network.layers if isinstance(layer, InputSize)), USUAL_STRIDE)


def output_stride(network, stride) -> int:
    """How many pixels of the photo one pixel of the network's answer stands for, along a side; 1 if it is pooled."""
    size = fixed_size(network) or (stride, stride)
    shapes = (1, *size, input_channels(network))
    if isinstance(network.input, dict):
        shapes = {name: shapes if name == "luma" else (1, *tensor.shape[1:]) for name, tensor in network.input.items()}
    answer = network.compute_output_shape(shapes)[1:-1]
    factors = {side // new if new and side % new == 0 else None for side, new in zip(size, answer, strict=False)}
    if len(factors) > 1 or None in factors:
        raise ValueError(
            f"Expected a network that answers a photo of {size[0]}×{size[1]} with as many pixels, or a whole fraction of "
            f"them a side. It answers {'×'.join(map(str, answer))}; is its `stride`, {stride}, right?"
        )
    return factors.pop() if factors else 1


def photo_input(network):
    if isinstance(network.input, dict):
        return network.input["luma"]
    return network.inputs[0]
