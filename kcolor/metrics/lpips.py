"""LPIPS: how different two pictures look to a network that recognises things, calibrated on people's judgements."""

import pathlib

import keras
import numpy as np
from keras import ops

from kcolor.backbones.features import Features
from kcolor.metrics import functions

LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3")
STAGES = {"stage1": 64, "stage2": 128, "stage3": 256, "stage4": 512, "stage5": 512}  # arrays of the linear file, channels


def lpips(truth, result, features, linear):
    """Learned perceptual distance (Zhang et al.: The unreasonable effectiveness of deep features, 2018; v0.1).

    Args:
        truth: photos ``(batch, height, width, 3)`` in [0, 1], of at least 16×16 pixels.
        result: the same shape.
        features: RGB in [0, 1] to a list of feature maps, for instance `kcolor.backbones.Features`.
        linear: for each of them the weights of its channels, ``(channels,)``.

    Returns:
        float32 ``(batch,)``: 0 for equal pictures; two unrelated photographs are about 0.7 apart.
    """
    truth, result = functions.pair(truth, result, smallest=16)
    distance = 0.0
    for weights, true_map, map_ in zip(linear, features(truth), features(result), strict=True):
        squared = ops.square(_unit(map_) - _unit(true_map))
        distance += ops.mean(ops.sum(squared * ops.convert_to_tensor(weights, "float32"), axis=-1), axis=(1, 2))
    return distance


def load_linear(path):
    """The linear layers of LPIPS from an ``.npz`` file with the arrays of `STAGES`: a list of ``(channels,)`` numpy."""
    with np.load(_file(path, "linear")) as arrays:
        if missing := [name for name in STAGES if name not in arrays]:
            raise ValueError(f"Expected arrays {list(STAGES)} in {path}. Missing: {missing}")
        linear = [arrays[name].astype("float32") for name in STAGES]
    shapes = [weights.shape for weights in linear]
    if shapes != [(channels,) for channels in STAGES.values()]:
        raise ValueError(f"Expected arrays of shape (channels,) in {path}: {STAGES}. Received shapes: {shapes}")
    return linear


@keras.saving.register_keras_serializable("kcolor")
class LPIPS(keras.metrics.Mean):
    """Mean over the pictures of `lpips`, with VGG16 in float32. `sample_weight` is one weight a picture.

    The network is built and its weights are read when the metric is made; it is never saved, only the files' paths are.

    Args:
        weights: path of the ``.npz`` file of torchvision's VGG16 (see `kcolor.backbones.build`). The weights that
            keras.applications has are others, and would give other figures.
        linear: path of the ``.npz`` file of the linear layers (see `load_linear`).
    """

    _direction = "down"  # for EarlyStopping and ModelCheckpoint in mode "auto"

    def __init__(self, weights, linear, name="lpips", dtype="float32"):
        super().__init__(name=name, dtype=dtype)
        self._weights, self._linear = str(_file(weights, "weights")), str(linear)
        self._linear_layers = load_linear(linear)
        self._features = Features(self._weights, LAYERS)

    def update_state(self, y_true, y_pred, sample_weight=None):
        # No way back through VGG16 is needed; on torch it would be recorded, and its memory held.
        y_pred = ops.stop_gradient(ops.convert_to_tensor(y_pred))
        super().update_state(lpips(y_true, y_pred, self._features, self._linear_layers), sample_weight)

    def get_config(self):
        return {**super().get_config(), "weights": self._weights, "linear": self._linear}


def _unit(features):
    # Where no channel answers the length is 0: so is the unit vector then, not NaN.
    return features / ops.sqrt(ops.maximum(ops.sum(ops.square(features), axis=-1, keepdims=True), 1e-20))


def _file(path, name):
    path = pathlib.Path(str(path))
    if path.suffix != ".npz" or not path.is_file():
        raise ValueError(f"Expected `{name}` as the path of an .npz file. Received: {str(path)!r}, which is none")
    return path
