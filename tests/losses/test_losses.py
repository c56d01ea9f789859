"""What holds for every loss: finite, saved and loaded, and clear about wrong arguments."""

import json

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import losses
from kcolor.losses.perceptual import Perceptual


def number(x):
    return float(ops.convert_to_numpy(x))


EXAMPLES = {
    "mse": {},
    "mae": {},
    "huber": {},  # Keras 3.15 forgets a `delta` of its Huber loss when it is saved
    "binary_crossentropy": {},
    "bin_cross_entropy": {"weights": [1.0, 2.0, 0.5]},
    "bins_and_colors": {"colors": [[0.0, 0.0], [50.0, 0.0], [0.0, -50.0]], "temperature": 0.25},
    "perceptual": {"weights": None, "layers": ("block1_conv2",), "pixel": 2.0},
    "adversarial": {"kind": "least_squares", "label_smoothing": 0.1},
}


@pytest.mark.parametrize("name", losses.LOSSES)
def test_every_loss_is_finite_serializable_and_refuses_unknown_options(name, rng):
    loss = losses.get(name, **EXAMPLES[name])
    truth, result = rng.uniform(size=(2, 2, 16, 16, 3)).astype("float32")
    if name in ("bin_cross_entropy", "bins_and_colors"):
        truth = rng.integers(0, 3, (2, 16, 16, 1))
    assert np.isfinite(number(loss(truth, result)))
    text = json.dumps(keras.saving.serialize_keras_object(loss))
    again = keras.saving.deserialize_keras_object(json.loads(text))
    assert again.get_config() == loss.get_config()
    if name != "perceptual":  # of random weights each time
        assert number(again(truth, result)) == pytest.approx(number(loss(truth, result)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.get("ssim"), "Unknown loss. Expected one of .*'perceptual'"),
        (lambda: losses.BinCrossEntropy(weights=[-1.0]), "non-negative"),
        (lambda: losses.Adversarial("hinge"), r"Expected one of \('bce', 'least_squares'\)"),
        (lambda: losses.adversarial(1.0, np.zeros(2), "lsgan"), "Expected one of .*'lsgan'"),
        (lambda: losses.Adversarial(label_smoothing=1.0), r"in \[0, 1\)"),
        (lambda: Perceptual(None, distance="psnr"), "Unknown `distance`"),
        (lambda: Perceptual(None, layer_weights=(1,)), "one of `layer_weights` for each"),
        (lambda: Perceptual(None, ("block9_conv1",)), "Unknown layers.*block9_conv1"),
        (lambda: Perceptual("nowhere.npz"), "There is no file 'nowhere.npz'"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
