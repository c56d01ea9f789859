"""The encoder of a pretrained U-Net: one of `kcolor.backbones.BACKBONES`, or a Keras model of one's own."""

import dataclasses
import re
from collections.abc import Callable, Sequence

import keras

from kcolor import backbones
from kcolor.utils.types import PathLike, Tensor

# The names of all layers of a pretrained U-Net that are not the encoder's: a saved network tells its parts by nothing else.
_OTHERS = re.compile(r"luma|input_size|.*_preprocess|context_\w+|attention|up\d+_\w+|hints|hint_\w+|head|head_pool|raw")


@dataclasses.dataclass(frozen=True)
class Encoder:
    """What a decoder needs to know of an encoder.

    Args:
        strides: Integers, the strides of the stages, fine to coarse.
        attach: Function from pictures in [0, 1] to ``(model, features, ends)``: the model that learns or not, its stages'
            features, and the names of the operations that these end with.
    """

    strides: tuple[int, ...]
    attach: Callable[[Tensor], tuple[keras.Model, list[Tensor], list[str]]]


def find_encoder(
    backbone: str | keras.Model, weights: PathLike | None, stages: Sequence[str] | None, preprocessing: str | None
) -> Encoder:
    """Returns an encoder that is not attached yet.

    Args:
        backbone: One of `kcolor.backbones.BACKBONES`, or a Keras model.
        weights: As of `kcolor.backbones.build`. A model brings its own.
        stages: As of `kcolor.backbones.own_stages`, of a model.
        preprocessing: One of `kcolor.backbones.Preprocess.MODES`, of a model.

    Raises:
        ValueError: If there is no such backbone, or a model does not fit.
    """
    if isinstance(backbone, keras.Model):
        return _own(backbone, weights, stages, preprocessing)
    if backbone not in backbones.BACKBONES:
        raise ValueError(f"Unknown `backbone`. Expected one of {sorted(backbones.BACKBONES)}. Received: {backbone!r}")
    if stages is not None or preprocessing is not None:
        raise ValueError(
            f"`stages` and `preprocessing` are those of a Keras model; {backbone} has its own. "
            f"Received: {stages!r} and {preprocessing!r}"
        )
    ends, finest = list(backbones.BACKBONES[backbone].stages), backbones.BACKBONES[backbone].stride
    strides = tuple(finest * 2**n for n in range(len(ends)))
    return Encoder(strides, lambda pictures: (*backbones.build(backbone, weights, pictures), ends))


def _own(model, weights, stages, preprocessing):
    if weights != "imagenet":  # the default
        raise ValueError(f"A Keras model as `backbone` has its weights. Expected no `weights`. Received: {weights!r}")
    if preprocessing not in backbones.Preprocess.MODES:
        raise ValueError(
            "Expected `preprocessing` of a Keras model as `backbone`, what its weights expect, as one of "
            f"{backbones.Preprocess.MODES}. Received: {preprocessing!r}"
        )
    copy, strides = backbones.own_stages(model, stages)

    def attach(pictures):
        _check_size(copy, pictures)
        features = copy(backbones.Preprocess(preprocessing, name="backbone_preprocess")(pictures))
        ends = [output._keras_history.operation.name for output in copy.outputs]
        return copy, features if isinstance(features, list) else [features], ends

    return Encoder(strides, attach)


def _check_size(model, pictures):
    """Raises ValueError if a model takes pictures of one size, and the network others."""
    own, size = tuple(model.inputs[0].shape[1:3]), tuple(pictures.shape[1:3])
    if own not in (size, (None, None)):
        raise ValueError(
            f"Expected a backbone for pictures of any size, built with (None, None, 3), or `size` as its own, {own}. "
            f"Received: {size}"
        )


def freeze(model: keras.Model, ends: Sequence[str], count: int | None) -> None:
    """Freezes the first stages of an encoder, and lets the others learn.

    Args:
        model: Functional Keras model.
        ends: Names of the last operation of each stage.
        count: Integer. How many stages are frozen; None for all of the model.

    Raises:
        ValueError: If there are not so many stages.
    """
    if count is not None and not 0 <= count < len(ends):
        raise ValueError(f"Expected `frozen_stages` from 0 to {len(ends) - 1}, of {len(ends)} stages. Received: {count!r}")
    names = [operation.name for operation in model.operations]
    frozen = len(names) if count is None else names.index(ends[count - 1]) + 1 if count else 0
    for place, operation in enumerate(model.operations):
        if isinstance(operation, keras.layers.Layer):
            operation.trainable = place >= frozen


def freeze_norms(model: keras.Model) -> None:
    """Freezes the batch norms of an encoder: statistics, scales and shifts.

    Args:
        model: Keras model.
    """
    for layer in model._flatten_layers():  # also those inside of other layers
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def encoder_layers(network: keras.Model) -> list[keras.layers.Layer]:
    """Returns the layers of a `pretrained_unet`'s encoder, also of one that comes from a file.

    Args:
        network: Keras model.

    Returns:
        Keras layers. A backbone of one's own is one layer, ``backbone``.

    Raises:
        ValueError: If the network has no pretrained encoder.

    >>> network = kcolor.models.build("pretrained_unet", "lab", backbone="squeezenet", weights="random", filters=(4,))
    >>> [layer.name for layer in kcolor.models.encoder_layers(network) if layer.weights][:3]
    ['conv1', 'fire2_squeeze1x1', 'fire2_expand1x1']
    """
    if not any(isinstance(layer, backbones.Preprocess) for layer in network.layers):
        raise ValueError(f"Expected a network with a pretrained encoder (`pretrained_unet`). Received: {network.name}")
    return [layer for layer in network.layers if not _OTHERS.fullmatch(layer.name)]
