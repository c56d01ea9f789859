"""Brings pictures into the form that pretrained weights expect."""

from typing import Any

import keras
from keras import layers, ops

from kcolor.utils.types import Tensor

_IMAGENET_MEAN, _IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_CAFFE_MEAN = (103.939, 116.779, 123.68)


@keras.saving.register_keras_serializable("kcolor")
class Preprocess(layers.Layer):
    """Brings RGB or grey in [0, 1] into the form that pretrained weights expect. Grey becomes three equal channels.

    >>> white = np.ones((1, 1, 1, 1), "float32")
    >>> ops.convert_to_numpy(kcolor.backbones.Preprocess("tf")(white))[0, 0, 0]
    array([1., 1., 1.], dtype=float32)

    Args:
        mode: ``"caffe"`` for BGR in 0..255 minus the means, ``"torch"`` for RGB minus the mean and divided by the standard
            deviation, ``"tf"`` for [-1, 1], ``"0..1"`` or ``"0..255"``.
        dtype: Dtype policy. It is float32 under any global policy, because half precision would round the means.
        kwargs: Other arguments of `keras.layers.Layer`.
    """

    MODES = ("caffe", "torch", "tf", "0..1", "0..255")

    def __init__(self, mode: str, dtype: Any = "float32", **kwargs: Any) -> None:
        super().__init__(dtype=dtype, **kwargs)
        if mode not in self.MODES:
            raise ValueError(f"Unknown preprocessing `mode`. Expected one of {self.MODES}. Received: {mode!r}")
        self.mode = mode

    def call(self, images: Tensor) -> Tensor:
        """Returns pictures ``(batch, height, width, 3)`` as the weights expect them."""
        if images.shape[-1] == 1:
            images = ops.repeat(images, 3, axis=-1)
        if self.mode == "caffe":
            return ops.flip(images, axis=-1) * 255.0 - ops.convert_to_tensor(_CAFFE_MEAN, "float32")
        if self.mode == "torch":
            mean, std = (ops.convert_to_tensor(v, "float32") for v in (_IMAGENET_MEAN, _IMAGENET_STD))
            return (images - mean) / std
        if self.mode == "tf":
            return images * 2.0 - 1.0
        return images if self.mode == "0..1" else images * 255.0

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the pictures, with three channels."""
        return (*input_shape[:-1], 3)

    def get_config(self) -> dict:
        """Returns what the layer can be built from again."""
        return {**super().get_config(), "mode": self.mode}


def copy_modes(source: keras.Model, network: keras.Model) -> None:
    """Makes a network prepare pictures as another one does, which goes with its weights.

    Args:
        source: Network to copy from.
        network: Network that is changed. It has as many `Preprocess` layers.
    """
    theirs, ours = ([layer for layer in model.layers if isinstance(layer, Preprocess)] for model in (source, network))
    for layer, other in zip(ours, theirs, strict=True):
        layer.mode = other.mode
