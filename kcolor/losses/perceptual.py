"""The perceptual loss: how far apart two pictures are for a network that recognises things."""

import keras
from keras import ops

from kcolor.backbones.features import Features


class RGBLoss(keras.losses.Loss):
    """A loss between pictures, ``(truth, result)`` as RGB in [0, 1], rather than between encoded targets.

    A `kcolor.Colorizer` hands its decoded picture to a loss of this kind, and its network's raw answer to every other.
    """


@keras.saving.register_keras_serializable("kcolor")
class Perceptual(RGBLoss):
    """Pixel term plus distance of VGG16 features; one value a pixel, ``(batch, height, width)``, before reduction.

    The pixel term stays per pixel. (Reduced to one number for the batch together with the features, as system D had it, it
    lets a network pay for vertical stripes with good features.) The features' network is frozen, is no part of any model
    that trains on this loss and is never saved with one; it is built, and its weights are read, when the loss is made.

    Args:
        weights: ``"imagenet"`` (downloaded once by keras.applications), the path of a weights file (see
            `kcolor.backbones.build`), or a Keras model that takes RGB in [0, 1] and has the named layers. A loss with a
            model for weights cannot be serialized.
        layers: whose answers are compared; of keras.applications' VGG16, where an activation is part of its convolution.
        layer_weights: one a layer; 1 each by default.
        pixel: weight of the pixel term.
        distance: ``"mae"`` or ``"mse"``, for the pixels and the features both.
        dtype_policy: what the features are computed in; ``"mixed_bfloat16"`` is several times faster on hardware that has it.
    """

    DISTANCES = ("mae", "mse")

    def __init__(
        self,
        weights="imagenet",
        layers=("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3"),
        layer_weights=None,
        pixel=1.0,
        distance="mae",
        dtype_policy="float32",
        reduction="sum_over_batch_size",
        name="perceptual",
    ):
        super().__init__(name=name, reduction=reduction)
        layer_weights = (1.0,) * len(layers) if layer_weights is None else tuple(layer_weights)
        if len(layer_weights) != len(layers):
            raise ValueError(f"Expected one of `layer_weights` for each of {tuple(layers)}. Received: {layer_weights}")
        if distance not in self.DISTANCES:
            raise ValueError(f"Unknown `distance`. Expected one of {self.DISTANCES}. Received: {distance!r}")
        # Only the name of the weights is kept: Keras would save a model that hangs on a loss with whoever has the loss.
        self.given = isinstance(weights, keras.Model)
        self.weights = None if self.given or weights is None else str(weights)
        self.layers, self.layer_weights = tuple(layers), layer_weights
        self.pixel, self.distance, self.dtype_policy_name = pixel, distance, dtype_policy
        self.features = Features(weights, self.layers, dtype_policy)

    def call(self, y_true, y_pred):
        loss = self.pixel * ops.mean(self._distance(y_true, y_pred), axis=-1)
        # The truth needs no gradient, so one pass each: together they would keep twice the activations for the way back.
        pairs = zip(self.features(ops.stop_gradient(y_true)), self.features(y_pred), strict=True)
        for weight, (truth, result) in zip(self.layer_weights, pairs, strict=True):
            loss = loss + weight * ops.mean(self._distance(truth, result), axis=(1, 2, 3))[:, None, None]
        return loss

    def _distance(self, truth, result):
        return ops.abs(result - truth) if self.distance == "mae" else ops.square(result - truth)

    def get_config(self):
        if self.given:
            raise ValueError("A perceptual loss around a given model cannot be serialized: give `weights` as a file")
        return {
            "name": self.name,
            "reduction": self.reduction,
            "weights": self.weights,
            "layers": list(self.layers),
            "layer_weights": list(self.layer_weights),
            "pixel": self.pixel,
            "distance": self.distance,
            "dtype_policy": self.dtype_policy_name,
        }
