"""A Keras model of one's own as a backbone: where its stages are, and at which resolutions."""

import itertools
from collections.abc import Sequence

import keras

from kcolor.utils.types import Tensor

_SIDE = 256  # of the picture by which resolutions are found where a model takes any


def own_stages(model: keras.Model, stages: Sequence[str] | None = None) -> tuple[keras.Model, tuple[int, ...]]:
    """Returns a copy of a model that outputs its stages, and their strides.

    >>> picture = keras.Input((None, None, 3))
    >>> x = keras.layers.Conv2D(4, 3, strides=2, padding="same", name="half")(picture)
    >>> model = keras.Model(picture, keras.layers.Conv2D(8, 3, strides=2, padding="same", name="quarter")(x))
    >>> kcolor.backbones.own_stages(model, ["half", "quarter"])[1]
    (2, 4)

    Args:
        model: Functional Keras model of RGB pictures.
        stages: Names of layers, or keys of the model's `pyramid_outputs`, fine to coarse. None takes all of `pyramid_outputs`:
            a dict ``{"P2": tensor, "P3": tensor, …}``, as KerasHub's backbones have it. Strides are found from the shapes: of
            some of those backbones P1 has the stride 4.

    Returns:
        ``(copy, strides)``: a functional model called ``backbone`` with weights of its own, and an integer for each output.

    Raises:
        ValueError: If it is no functional model of pictures, a stage is missing, or strides are not rising powers of 2.
    """
    if not isinstance(model, keras.Model) or len(getattr(model, "inputs", None) or ()) != 1 or not hasattr(model, "operations"):
        raise ValueError(f"Expected `backbone` as a name or a functional Keras model with one input. Received: {model!r}")
    shape = tuple(model.inputs[0].shape)
    if len(shape) != 4 or shape[-1] != 3:
        raise ValueError(f"Expected a backbone of RGB pictures, (batch, height, width, 3). Received: one of {shape}")
    tensors = _tensors(model, stages)
    found = _strides(keras.Model(model.inputs, list(tensors.values())), list(tensors))
    order = sorted(tensors, key=found.__getitem__) if stages is None else list(tensors)
    strides = tuple(found[name] for name in order)
    if strides[-1] < 2 or any(coarse <= fine for fine, coarse in itertools.pairwise(strides)):
        raise ValueError(f"Expected `stages` from fine to coarse, each of a resolution of its own. Received: strides {strides}")
    # A copy, so that the model that was given stays trainable or not, and keeps its weights, whatever is trained here.
    outputs = keras.Model(model.inputs[0], [tensors[name] for name in order], name="backbone")
    try:
        copy = keras.models.clone_model(outputs)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(f"Expected a backbone of layers that can be made again from their configs. {error}") from error
    copy.set_weights(outputs.get_weights())
    return copy, strides


def _tensors(model, stages) -> dict[str, Tensor]:
    """A model's stages by their names."""
    pyramid = dict(getattr(model, "pyramid_outputs", None) or {})
    if stages is None and not pyramid:
        raise ValueError(
            "Expected `stages`, names of the last layers at each resolution, fine to coarse: this backbone has no "
            "`pyramid_outputs`"
        )
    if stages is not None and not len(stages):
        raise ValueError(f"Expected at least one of `stages`. Received: {stages!r}")
    names = list(pyramid if stages is None else stages)
    outputs = {layer.name: layer for layer in model.layers}
    if unknown := [name for name in names if name not in pyramid and name not in outputs]:
        raise ValueError(f"Unknown `stages` {unknown}. Expected some of {[*pyramid, *outputs]}")
    return {name: pyramid[name] if name in pyramid else outputs[name].output for name in names}


def _strides(model, names) -> dict[str, int]:
    """The strides of all outputs by name, found by the sizes that they have for a picture of some size."""
    picture = tuple(side or _SIDE for side in model.inputs[0].shape[1:3])
    found = {}
    for name, shape in zip(names, _shapes(model, picture), strict=True):
        stride = picture[0] // shape[1] if len(shape) == 4 and shape[1] else 0
        if stride not in [2**n for n in range(12)] or tuple(stride * side for side in shape[1:3]) != picture:
            raise ValueError(
                f"Expected stages (batch, height / 2ⁿ, width / 2ⁿ, channels). Received: {name} with {shape}, of a picture of "
                f"{picture[0]}×{picture[1]}"
            )
        found[name] = stride
    return found


def _shapes(model, picture):
    shapes = model.compute_output_shape((None, *picture, 3))
    return shapes if isinstance(shapes, list) else [shapes]
