"""A frozen network's feature maps, for perceptual losses and LPIPS."""

import os
from collections.abc import Sequence

import keras
from keras import ops

from kcolor.backbones.zoo import build
from kcolor.utils.precision import policy
from kcolor.utils.types import Tensor


class Features:
    """A frozen network that returns the outputs of some of its layers, for losses and metrics.

    It is not a Keras layer on purpose: a model that holds one must neither train nor save the network.

    >>> picture = keras.Input((None, None, 3))
    >>> model = keras.Model(picture, keras.layers.Conv2D(4, 3, padding="same", name="edges")(picture))
    >>> features = kcolor.backbones.Features(model, ["edges"])
    >>> [tuple(found.shape) for found in features(np.zeros((1, 8, 8, 3), "float32"))]
    [(1, 8, 8, 4)]

    Args:
        weights: As in `build`; or a Keras model that takes RGB in [0, 1] and has the named layers.
        names: Names of the layers.
        dtype: Name of the dtype policy that the network computes in, whatever the global one is: ``"float32"``,
            ``"mixed_bfloat16"``, …. A model that is given keeps its own.
        backbone: Key of `BACKBONES`. Which network to build.
    """

    def __init__(
        self,
        weights: str | os.PathLike[str] | keras.Model | None,
        names: Sequence[str],
        dtype: str = "float32",
        backbone: str = "vgg16",
    ) -> None:
        if isinstance(weights, keras.Model):
            model = weights  # it belongs to the caller, so it stays trainable or not as it is
        else:
            with policy(dtype):
                model, _ = build(backbone, weights)
            model.trainable = False
        known = [layer.name for layer in model.layers]
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"Unknown layers {unknown}. Expected some of {known}")
        self.model = keras.Model(model.inputs[0], [model.get_layer(name).output for name in names], name="features")

    def __call__(self, rgb: Tensor) -> list[Tensor]:
        """Returns the feature maps of pictures.

        Args:
            rgb: Float tensor ``(batch, height, width, 3)`` in [0, 1].

        Returns:
            One float32 tensor ``(batch, h, w, channels)`` for each of the named layers.
        """
        outputs = self.model(rgb, training=False)
        return [ops.cast(output, "float32") for output in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]
