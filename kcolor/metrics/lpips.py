"""LPIPS: how different two pictures look to a network that recognises things, calibrated on people's judgements."""

import pathlib
from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import ops

from kcolor.backbones.features import Features
from kcolor.metrics import functions
from kcolor.utils.npz import opened_npz
from kcolor.utils.types import PathLike, Tensor

LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3")
STAGES = {"stage1": 64, "stage2": 128, "stage3": 256, "stage4": 512, "stage5": 512}  # arrays of the linear file, channels
SMALLEST = 16  # pixels a side: smaller pictures vanish in the poolings


def lpips(truth: Tensor, result: Tensor, features: Callable[[Tensor], Sequence[Tensor]], linear: Sequence[Tensor]) -> Tensor:
    """Returns the learned perceptual distance (Zhang et al.: The unreasonable effectiveness of deep features, 2018; v0.1).

    Args:
        truth: Photos ``(batch, height, width, 3)`` in [0, 1], of at least 16×16 pixels.
        result: Photos of the same shape.
        features: Callable that takes RGB in [0, 1] and returns a list of feature maps, for example
            `kcolor.backbones.Features`.
        linear: One array ``(channels,)`` for each feature map: the weights of its channels.

    Returns:
        float32 ``(batch,)``: 0 for equal pictures; about 0.7 for two unrelated photographs.

    >>> photo = np.random.default_rng(0).uniform(size=(1, 16, 16, 3)).astype("float32")
    >>> edges = lambda rgb: [rgb[:, 1:] - rgb[:, :-1]]
    >>> float(kcolor.metrics.lpips(photo, photo, edges, [np.ones(3)])[0])
    0.0
    """
    truth, result = functions.pair(truth, result, smallest=SMALLEST)
    return distance_of_features(features(truth), features(result), linear)


def distance_of_features(true_maps: Sequence[Tensor], maps: Sequence[Tensor], linear: Sequence[Tensor]) -> Tensor:
    """Returns the LPIPS of pictures whose feature maps are known.

    Args:
        true_maps: Feature maps of the truth, each ``(batch, height, width, channels)``.
        maps: Feature maps of the result, of the same shapes.
        linear: One array ``(channels,)`` for each feature map: the weights of its channels.

    Returns:
        float32 ``(batch,)``.
    """
    distance = 0.0
    for weights, true_map, map_ in zip(linear, true_maps, maps, strict=True):
        squared = ops.square(_unit(map_) - _unit(true_map))
        distance += ops.mean(ops.sum(squared * ops.convert_to_tensor(weights, "float32"), axis=-1), axis=(1, 2))
    return distance


def load_linear(path: PathLike) -> list[np.ndarray]:
    """Loads the linear layers of LPIPS from an ``.npz`` file with the arrays of `STAGES`: a list of ``(channels,)``."""
    with opened_npz(_file(path, "linear"), "the linear layers of LPIPS") as arrays:
        if missing := [name for name in STAGES if name not in arrays]:
            raise ValueError(f"Expected arrays {list(STAGES)} in {path}. Missing: {missing}")
        linear = [arrays[name].astype("float32") for name in STAGES]
    shapes = [weights.shape for weights in linear]
    if shapes != [(channels,) for channels in STAGES.values()]:
        raise ValueError(f"Expected arrays of shape (channels,) in {path}: {STAGES}. Received shapes: {shapes}")
    return linear


class LPIPSDistance:
    """`lpips` with VGG16 and the weights of two files; the features of one picture can be compared with those of many.

    Args:
        weights: Path of the ``.npz`` file of torchvision's VGG16 (see `kcolor.backbones.build`).
        linear: Path of the ``.npz`` file of the linear layers (see `load_linear`).

    >>> kcolor.metrics.LPIPSDistance("vgg16.npz", "linear.npz")
    Traceback (most recent call last):
    ValueError: Expected `weights` as the path of an .npz file. Received: 'vgg16.npz', which is none
    """

    def __init__(self, weights: PathLike, linear: PathLike):
        weights = _file(weights, "weights")
        self.linear = load_linear(linear)
        self._features = Features(str(weights), LAYERS)

    def __call__(self, truth: Tensor, result: Tensor) -> Tensor:
        """Returns `lpips` of two batches of photos: float32 ``(batch,)``."""
        return lpips(truth, result, self._features, self.linear)

    def from_truth(self, truth: Tensor) -> Callable[[Tensor], Tensor]:
        """Returns the function that compares pictures with these photos, which VGG16 sees once: float32 ``(batch,)``."""
        true_maps = self._features(truth)
        return lambda result: distance_of_features(true_maps, self._features(result), self.linear)


@keras.saving.register_keras_serializable("kcolor")
class LPIPS(keras.metrics.Mean):
    """Mean over the pictures of `lpips`, with VGG16 in float32. `sample_weight` is one weight per picture.

    The network is built and its weights are read when the metric is made. It is never saved; only the paths of the files are.

    Args:
        weights: Path of the ``.npz`` file of torchvision's VGG16 (see `kcolor.backbones.build`). The weights that
            keras.applications has are different and would give other numbers.
        linear: Path of the ``.npz`` file of the linear layers (see `load_linear`).
        name: String. Name of the metric.
        dtype: String. What it accumulates in.

    >>> kcolor.metrics.get("lpips", weights="vgg16.npz", linear="linear.npz")
    Traceback (most recent call last):
    ValueError: Expected `weights` as the path of an .npz file. Received: 'vgg16.npz', which is none
    """

    higher_is_better = False
    _direction = "down"  # for EarlyStopping and ModelCheckpoint in mode "auto"

    def __init__(self, weights: PathLike, linear: PathLike, name: str = "lpips", dtype: str = "float32"):
        super().__init__(name=name, dtype=dtype)
        self._weights, self._linear = str(_file(weights, "weights")), str(linear)
        self._distance = LPIPSDistance(weights, linear)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        # No gradient through VGG16 is needed; on torch it would be recorded, and its memory held.
        y_pred = ops.stop_gradient(ops.convert_to_tensor(y_pred))
        super().update_state(self._distance(y_true, y_pred), sample_weight)

    def get_config(self) -> dict:
        return {**super().get_config(), "weights": self._weights, "linear": self._linear}


def _unit(features):
    # Where no channel is active the length is 0: the unit vector is then 0, too, and not NaN.
    return features / ops.sqrt(ops.maximum(ops.sum(ops.square(features), axis=-1, keepdims=True), 1e-20))


def _file(path, name):
    path = pathlib.Path(str(path))
    if path.suffix != ".npz" or not path.is_file():
        raise ValueError(f"Expected `{name}` as the path of an .npz file. Received: {str(path)!r}, which is none")
    return path
