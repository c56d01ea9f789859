"""The perceptual loss: how far apart two pictures are for a network that recognises things."""

from collections.abc import Sequence

import keras
from keras import ops

from kcolor.backbones.features import Features
from kcolor.utils.types import PathLike, Tensor


class RGBLoss(keras.losses.Loss):
    """Base of losses between pictures, ``(truth, result)`` as RGB in [0, 1], instead of between encoded targets.

    A `kcolor.Colorizer` gives its decoded picture to a loss of this kind, and its network's raw output to every other.

    >>> class MeanError(kcolor.losses.RGBLoss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.mean(ops.abs(y_true - y_pred), axis=-1)
    >>> round(float(MeanError()(np.zeros((1, 4, 4, 3)), np.full((1, 4, 4, 3), 0.25))), 2)
    0.25
    """


@keras.saving.register_keras_serializable("kcolor")
class Perceptual(RGBLoss):
    """Pixel term plus distance of VGG16 features: one value per pixel, ``(batch, height, width)``, before reduction.

    The pixel term stays per pixel. (System D reduced it to one number for the batch, together with the features. A network
    could then make up for vertical stripes with good features.) The VGG16 is frozen. It is not part of any model that trains
    on this loss, and is never saved with one. It is built, and its weights are read, when the loss is made.

    Args:
        weights: ``"imagenet"`` (downloaded once by keras.applications), the path of a weights file (see
            `kcolor.backbones.build`), None for random weights, or a Keras model that takes RGB in [0, 1] and has the named
            layers. A loss with a model for weights cannot be serialized.
        layers: Names of the layers whose outputs are compared. In the VGG16 of keras.applications an activation is part of
            its convolution.
        layer_weights: One number per layer; 1 each by default.
        pixel: Float. Weight of the pixel term.
        distance: ``"mae"`` or ``"mse"``, for both the pixels and the features.
        dtype_policy: String. What the features are computed in; ``"mixed_bfloat16"`` is several times faster on hardware
            that has it.
        reduction: String. As for every Keras loss.
        name: String. Name of the loss.

    >>> rgb = keras.Input((None, None, 3))
    >>> network = keras.Model(rgb, keras.layers.Conv2D(4, 3, name="edges")(rgb))
    >>> loss = kcolor.losses.Perceptual(network, layers=["edges"])
    >>> photo = np.random.default_rng(0).uniform(size=(1, 8, 8, 3)).astype("float32")
    >>> float(ops.stop_gradient(loss(photo, photo)))
    0.0
    """

    DISTANCES = ("mae", "mse")

    def __init__(
        self,
        weights: PathLike | keras.Model | None = "imagenet",
        layers: Sequence[str] = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3"),
        layer_weights: Sequence[float] | None = None,
        pixel: float = 1.0,
        distance: str = "mae",
        dtype_policy: str = "float32",
        reduction: str = "sum_over_batch_size",
        name: str = "perceptual",
    ):
        super().__init__(name=name, reduction=reduction)
        layer_weights = (1.0,) * len(layers) if layer_weights is None else tuple(layer_weights)
        if len(layer_weights) != len(layers):
            raise ValueError(f"Expected one of `layer_weights` for each of {tuple(layers)}. Received: {layer_weights}")
        if distance not in self.DISTANCES:
            raise ValueError(f"Unknown `distance`. Expected one of {self.DISTANCES}. Received: {distance!r}")
        # Only the name of the weights is kept: Keras would save a model that is an attribute of a loss with the loss's owner.
        self.given = isinstance(weights, keras.Model)
        self.weights = None if self.given or weights is None else str(weights)
        self.layers, self.layer_weights = tuple(layers), layer_weights
        self.pixel, self.distance, self.dtype_policy_name = pixel, distance, dtype_policy
        self.features = Features(weights, self.layers, dtype_policy)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        loss = self.pixel * ops.mean(self._distance(y_true, y_pred), axis=-1)
        # The truth needs no gradient. One pass for both would keep twice the activations for the gradient.
        pairs = zip(self.features(ops.stop_gradient(y_true)), self.features(y_pred), strict=True)
        for weight, (truth, result) in zip(self.layer_weights, pairs, strict=True):
            loss = loss + weight * ops.mean(self._distance(truth, result), axis=(1, 2, 3))[:, None, None]
        return loss

    def _distance(self, truth, result):
        return ops.abs(result - truth) if self.distance == "mae" else ops.square(result - truth)

    def get_config(self) -> dict:
        if self.given:
            raise ValueError("A perceptual loss around a given model cannot be serialized. Give `weights` as a file")
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
