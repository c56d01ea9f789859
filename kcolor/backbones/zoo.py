"""The pretrained networks that there are: how to build one, and what to know about it.

`BACKBONES` says of each network of keras.applications how to build it, what it expects to see, and after which layer each
halving of the resolution ends.
"""

import dataclasses
import pathlib
from collections.abc import Callable
from typing import Any

import keras

from kcolor.backbones.efficientnet_lite import efficientnet_lite0, efficientnet_lite2
from kcolor.backbones.preprocess import Preprocess
from kcolor.backbones.squeezenet import squeezenet
from kcolor.utils.npz import opened_npz
from kcolor.utils.precision import channels_last
from kcolor.utils.types import PathLike, Tensor


@dataclasses.dataclass(frozen=True)
class Backbone:
    """A network that can be built like those of keras.applications. Add one to `BACKBONES` and all of kcolor knows it.

    >>> kcolor.backbones.BACKBONES["squeezenet"].stages
    ('conv1', 'fire3', 'fire5', 'fire9')

    Args:
        build: Function that takes `include_top`, `weights` and `input_tensor` and returns a model.
        preprocessing: A mode of `Preprocess`.
        stages: Names of the last layers at each resolution, fine to coarse. Each has half the resolution of the former.
        stride: Integer. The first stage has 1 / stride of the input's resolution: 1 or 2.
        npz_preprocessing: A mode of `Preprocess`, for weights from an ``.npz`` file.
        depthwise: Boolean. Whether it has depthwise convolutions, which processors compute slowly in bfloat16.
    """

    build: Callable[..., keras.Model]
    preprocessing: str
    stages: tuple[str, ...]
    stride: int
    npz_preprocessing: str = "torch"
    depthwise: bool = False


def _vgg(last):
    return tuple(f"block{block}_conv{last if block > 2 else 2}" for block in range(1, 6))


BACKBONES = {
    "vgg16": Backbone(keras.applications.VGG16, "caffe", _vgg(3), 1),
    "vgg19": Backbone(keras.applications.VGG19, "caffe", _vgg(4), 1),
    "resnet50": Backbone(
        keras.applications.ResNet50,
        "caffe",
        ("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out"),
        2,
    ),
    "mobilenet_v2": Backbone(
        keras.applications.MobileNetV2,
        "tf",
        ("block_1_expand_relu", "block_3_expand_relu", "block_6_expand_relu", "block_13_expand_relu", "out_relu"),
        2,
        depthwise=True,
    ),
    "efficientnet_b0": Backbone(
        keras.applications.EfficientNetB0,
        "0..255",
        (
            "block2a_expand_activation",
            "block3a_expand_activation",
            "block4a_expand_activation",
            "block6a_expand_activation",
            "top_activation",
        ),
        2,
        depthwise=True,
    ),
    "densenet121": Backbone(
        keras.applications.DenseNet121,
        "torch",
        ("conv1_relu", "pool2_relu", "pool3_relu", "pool4_relu", "relu"),
        2,
    ),
    "squeezenet": Backbone(squeezenet, "caffe", ("conv1", "fire3", "fire5", "fire9"), 2),
    "efficientnet_lite0": Backbone(
        efficientnet_lite0,
        "tf",
        ("block0_project_bn", "block2_add", "block4_add", "block10_add", "block15_project_bn"),
        2,
        npz_preprocessing="tf",
        depthwise=True,
    ),
    "efficientnet_lite2": Backbone(
        efficientnet_lite2,
        "tf",
        ("block0_project_bn", "block3_add", "block6_add", "block14_add", "block20_project_bn"),
        2,
        npz_preprocessing="tf",
        depthwise=True,
    ),
}


@channels_last()
def build(name: str, weights: PathLike | None = "imagenet", inputs: Any = None) -> tuple[keras.Model, list[Tensor]]:
    """Builds a backbone on top of pictures in [0, 1].

    >>> model, stages = kcolor.backbones.build("squeezenet", weights=None, inputs=keras.Input((64, 64, 1)))
    >>> [stage.shape[1:] for stage in stages]
    [(32, 32, 64), (16, 16, 128), (8, 8, 256), (4, 4, 512)]

    Args:
        name: Key of `BACKBONES`.
        weights: ``"imagenet"``, which keras.applications downloads once; the path of a file with weights; or None or
            ``"random"`` for random ones. A file ``.npz`` has arrays ``layer/kernel`` and ``layer/bias`` and expects the
            normalisation of torchvision. Files of other suffixes are loaded by Keras.
        inputs: Keras tensor ``(batch, height, width, 1 or 3)`` in [0, 1]. By default there is a new RGB input.

    Returns:
        ``(model, stages)``: a functional model and the list of its stages' outputs, fine to coarse.

    Raises:
        ValueError: If there is no such backbone or file, or the file does not fit.
        OSError: If the weights of ImageNet cannot be downloaded.
    """
    if name not in BACKBONES:
        raise ValueError(f"Unknown `backbone`. Expected one of {sorted(BACKBONES)}. Received: {name!r}")
    backbone = BACKBONES[name]
    weights = None if weights == "random" else weights
    path = None if weights in (None, "imagenet") else pathlib.Path(weights)
    if path is not None and not path.is_file():
        raise ValueError(f'Expected `weights` as "imagenet", "random", None or a file. There is no file {str(path)!r}')
    inputs = keras.Input((None, None, 3)) if inputs is None else inputs
    mode = backbone.npz_preprocessing if path is not None and path.suffix == ".npz" else backbone.preprocessing
    seen = Preprocess(mode, name=f"{name}_preprocess")(inputs)
    try:
        model = backbone.build(include_top=False, weights=weights if path is None else None, input_tensor=seen)
    except Exception as error:  # Keras raises this very class when it cannot download
        if "URL fetch failure" not in str(error):
            raise
        raise OSError(f"Keras could not fetch the ImageNet weights of {name}. Give a file (`weights`). {error}") from error
    if path is not None and path.suffix == ".npz":
        load_npz(model, path)
    elif path is not None:
        model.load_weights(path)
    return model, [model.get_layer(stage).output for stage in backbone.stages]


def load_npz(model: keras.Model, path: PathLike) -> None:
    """Sets the weights of every layer of a model from an ``.npz`` file.

    >>> picture = keras.Input((None, None, 3))
    >>> model = keras.Model(picture, keras.layers.Conv2D(1, 1, name="mean")(picture))
    >>> np.savez(tmp_path / "w.npz", **{"mean/kernel": np.full((1, 1, 3, 1), 1 / 3), "mean/bias": np.zeros(1)})
    >>> kcolor.backbones.load_npz(model, tmp_path / "w.npz")
    >>> ops.convert_to_numpy(model.get_layer("mean").kernel).round(2).ravel()
    array([0.33, 0.33, 0.33], dtype=float32)

    Args:
        model: A Keras model, of convolutions for example.
        path: File with an array ``LAYER/kernel``, ``LAYER/bias``, … for each weight. More arrays are ignored.

    Raises:
        ValueError: If an array is missing or has another shape than the weight.
    """
    with opened_npz(path, f"weights of {model.name}") as arrays:
        for layer in model.layers:
            if not layer.weights:
                continue
            names = [f"{layer.name}/{weight.name}" for weight in layer.weights]
            if missing := [each for each in names if each not in arrays]:
                raise ValueError(f"Expected arrays {names} in {path}. Missing: {missing}")
            values = [arrays[each] for each in names]
            for each, value, weight in zip(names, values, layer.weights, strict=True):
                if value.shape != tuple(weight.shape):
                    raise ValueError(f"Expected {each} in {path} of shape {tuple(weight.shape)}. Received: {value.shape}")
            layer.set_weights([value.astype("float32") for value in values])
