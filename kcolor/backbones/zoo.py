"""Pretrained recognition networks: as encoders of `kcolor.models.pretrained_unet` and as eyes of perceptual losses.

`BACKBONES` names what kcolor needs to know of a keras.applications network: how to build it, what it expects to see, and after
which layer each halving of the resolution ends.
"""

import contextlib
import dataclasses
import pathlib
from collections.abc import Callable

import keras
import numpy as np

from kcolor.backbones.preprocess import Preprocess
from kcolor.backbones.squeezenet import squeezenet


@dataclasses.dataclass(frozen=True)
class Backbone:
    """A network, built as those of keras.applications; `stages` are its last layers at 1/1 or 1/2, … of the input, in order."""

    build: Callable
    preprocessing: str
    stages: tuple[str, ...]
    stride: int  # of the first stage


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
    ),
    "densenet121": Backbone(
        keras.applications.DenseNet121,
        "torch",
        ("conv1_relu", "pool2_relu", "pool3_relu", "pool4_relu", "relu"),
        2,
    ),
    "squeezenet": Backbone(squeezenet, "caffe", ("conv1", "fire3", "fire5", "fire9"), 2),
}


def build(name, weights="imagenet", inputs=None):
    """Builds a backbone on top of a tensor of pictures in [0, 1].

    Args:
        name: one of `BACKBONES`.
        weights: ``"imagenet"`` (keras.applications downloads them once), the path of a weights file (``.npz`` with arrays
            ``layer/kernel`` and ``layer/bias`` that expects torchvision's normalisation; anything else as Keras loads it),
            or None or ``"random"`` for random ones.
        inputs: a Keras tensor ``(batch, height, width, 1 or 3)`` in [0, 1]; a new RGB input by default.

    Returns:
        ``(model, stages)``: a functional model and the list of its stage outputs, fine to coarse.
    """
    if name not in BACKBONES:
        raise ValueError(f"Unknown `backbone`. Expected one of {sorted(BACKBONES)}. Received: {name!r}")
    backbone = BACKBONES[name]
    weights = None if weights == "random" else weights
    path = None if weights in (None, "imagenet") else pathlib.Path(weights)
    if path is not None and not path.is_file():
        raise ValueError(f'Expected `weights` as "imagenet", "random", None or a file. There is no file {str(path)!r}')
    inputs = keras.Input((None, None, 3)) if inputs is None else inputs
    mode = "torch" if path is not None and path.suffix == ".npz" else backbone.preprocessing
    seen = Preprocess(mode, name=f"{name}_preprocess")(inputs)
    try:
        model = backbone.build(include_top=False, weights=weights if path is None else None, input_tensor=seen)
    except Exception as error:  # Keras raises no other when it cannot fetch
        if "URL fetch failure" not in str(error):
            raise
        raise OSError(f"Keras could not fetch the ImageNet weights of {name}. Give a file (`weights`). {error}") from error
    if path is not None and path.suffix == ".npz":
        load_npz(model, path)
    elif path is not None:
        model.load_weights(path)
    return model, [model.get_layer(stage).output for stage in backbone.stages]


def load_npz(model, path):
    """Sets the weights of every convolution of `model` from an ``.npz`` file; anything that does not fit is an error."""
    with np.load(path) as arrays:
        for layer in model.layers:
            if not layer.weights:
                continue
            names = [f"{layer.name}/{weight.name}" for weight in layer.weights]
            if missing := [n for n in names if n not in arrays]:
                raise ValueError(f"Expected arrays {names} in {path}. Missing: {missing}")
            values = [arrays[n] for n in names]
            for n, value, weight in zip(names, values, layer.weights, strict=True):
                if value.shape != tuple(weight.shape):
                    raise ValueError(f"Expected {n} in {path} of shape {tuple(weight.shape)}. Received: {value.shape}")
            layer.set_weights([v.astype("float32") for v in values])


@contextlib.contextmanager
def dtype_policy(name):
    """Builds what is inside under a dtype policy of its own."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
