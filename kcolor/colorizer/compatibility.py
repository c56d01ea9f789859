"""Checks that network, target, loss and metrics belong together."""

import contextlib
from collections.abc import Sequence

import keras

from kcolor import losses, metrics
from kcolor.colorizer.conditions import CONDITIONS, Condition
from kcolor.colorizer.forward import features_of
from kcolor.colorizer.input_size import input_channels, photo_input
from kcolor.targets import ColorTarget

# Class names of layers that are an activation.
_ACTIVATION_LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax"}


def check_match(network: keras.Model, target: ColorTarget, conditions: Sequence[Condition] = ()) -> None:
    """Raises ValueError unless the network sees photos and outputs what the target asks for.

    Args:
        network: Keras functional model.
        target: `ColorTarget`.
        conditions: The conditions that the network is given, one for each named input beside ``luma``.
    """
    if not isinstance(target, ColorTarget):
        raise ValueError(f"Expected `target` as a kcolor.targets.ColorTarget (kcolor.targets.get). Received: {target!r}")
    if not isinstance(network, keras.Model) or getattr(network, "inputs", None) is None:
        raise ValueError(f"Expected `network` as a functional Keras model (kcolor.models.build). Received: {network!r}")
    _check_inputs(network, conditions)
    name, shape = type(target).__name__, tuple(network.output_shape)
    if len(shape) != (2 if target.pooled else 4) or shape[-1] != target.channels:
        wanted = f"(batch, {target.channels})" if target.pooled else f"(batch, height, width, {target.channels})"
        raise ValueError(f"Network and target do not match: {name} needs outputs of shape {wanted}. Received: {shape}")
    if activation := _last_activation(network):
        target.check_activation(activation)


def check_agreement(network: keras.Model, target: ColorTarget) -> None:
    """Raises ValueError unless like places of a network's output can agree: a distribution over bins, of feature maps.

    Args:
        network: Keras functional model.
        target: `ColorTarget`.
    """
    if target.bins is None or target.pooled:
        raise ValueError(f"Expected a target of bins for `agreement`. Received: {type(target).__name__}")
    if tuple(features_of(network).shape[1:3]) != tuple(network.output_shape[1:3]):
        raise ValueError("Expected a network whose last feature maps have its output's size for `agreement`")


def find_loss(loss: str | keras.losses.Loss | None, target: ColorTarget) -> keras.losses.Loss:
    """Returns the loss that a colorizer is compiled with.

    Args:
        loss: None for the target's own, and so is ``"bin_cross_entropy"`` for bins; a name of kcolor's or of Keras's; or a
            loss.
        target: `ColorTarget` of the colorizer.

    Returns:
        A Keras loss.

    Raises:
        ValueError: if the loss would train the network on something else than the target means.
    """
    if loss is None or (loss == "bin_cross_entropy" and target.bins is not None):
        return target.loss()  # with what the target rebalances and adds
    if isinstance(loss, str):
        loss = _loss_by_name(loss)
    if not isinstance(loss, keras.losses.Loss):
        raise ValueError(f"Expected `loss` as a name or a keras.losses.Loss. Received: {loss!r}")
    if isinstance(loss, losses.Adversarial):
        raise ValueError("An adversarial loss is for a discriminator; a colorizer's compile takes none")
    target.check_loss(loss)
    return loss


def _loss_by_name(name):
    if name in losses.LOSSES:
        return losses.get(name)
    # Keras gives functions for names like log_cosh, which know neither weights nor reduction; LogCosh is the class.
    camel = name if name != name.lower() else name.title().replace("_", "")
    with contextlib.suppress(ValueError):
        found = keras.losses.get(camel)
        if isinstance(found, keras.losses.Loss):
            return found
    try:
        function = keras.losses.get(name)  # of a short name, as "mape", it is a function whose name is a class's
        return next(one() for one in _loss_classes() if one.__name__.lower() == function.__name__.replace("_", ""))
    except (ValueError, StopIteration):
        raise ValueError(f"Unknown loss. Expected one of {sorted(losses.LOSSES)} or Keras's. Received: {name!r}") from None


def _loss_classes():
    found = [getattr(keras.losses, name) for name in dir(keras.losses)]
    return [one for one in found if isinstance(one, type) and issubclass(one, keras.losses.Loss)]


def find_metric(metric: str | keras.metrics.Metric, target: ColorTarget) -> keras.metrics.Metric:
    """Returns a metric by its name in kcolor or Keras, or as it is. ``"bin_accuracy"`` takes the target's bins."""
    if metric == "bin_accuracy" and target.bins is not None:
        return metrics.get(metric, grid=target.bins)
    if not isinstance(metric, (str, keras.metrics.Metric)):
        raise ValueError(f"Expected metrics as names, or keras.metrics.Metric as `PictureMetric`. Received: {metric!r}")
    return metrics.find(metric) if isinstance(metric, str) else metric


def in_float16(network: keras.Model) -> bool:
    """Returns whether any layer computes in float16."""
    # The network's own policy does not say: that of a loaded network is the one in which it was loaded.
    return any(
        in_float16(layer) if isinstance(layer, keras.Model) else layer.compute_dtype == "float16" for layer in network.layers
    )


def _check_inputs(network, conditions):
    named = network.input
    several = isinstance(named, (list, tuple)) and len(named) != 1
    asked_for = set(named) - {"luma", "hints"} if isinstance(named, dict) else set()
    if several or (isinstance(named, dict) and "luma" not in named) or asked_for - set(CONDITIONS):
        names = ", ".join(f'"{name}": …' for name in (*CONDITIONS, "hints"))
        raise ValueError(f'Expected a network with one input, or named ones of {{"luma": …, {names}}}. Received: {named}')
    if len(photo_input(network).shape) != 4 or input_channels(network) not in (1, 3):
        raise ValueError(f"Expected a network that sees 1 channel or 3. Its input is {tuple(photo_input(network).shape)}")
    if asked_for != {condition.name for condition in conditions}:
        raise ValueError("A network with a `guide` input needs `guide`, a colorizer with a pooled target; others take none")


def _last_activation(network):
    operation = network.outputs[0]._keras_history.operation
    if isinstance(operation, keras.Model):
        return _last_activation(operation) if getattr(operation, "outputs", None) else None
    activation = getattr(operation, "activation", None)
    return keras.activations.serialize(activation) if activation else _ACTIVATION_LAYERS.get(type(operation).__name__)


def check_format(found: int, known: int) -> None:
    """Raises ValueError for a format that is newer than those that are known.

    >>> check_format(2, 2)

    Args:
        found: Integer. The format in which a colorizer was saved.
        known: Integer. The newest format that is known.
    """
    if found > known:
        raise ValueError(
            f"This colorizer was saved by a newer kcolor, in format {found}; this one reads formats up to {known}. "
            "Install a newer kcolor: `pip install .` in its folder"
        )
