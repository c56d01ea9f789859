"""EfficientNet-Lite: its published sizes, its stages, and that its weights still know what they see."""

import keras
import numpy as np
import pytest
from helpers.weights import CACHE
from keras import ops
from PIL import Image

from kcolor import backbones
from kcolor.backbones.efficientnet_lite import efficientnet_lite0, efficientnet_lite2
from kcolor.backbones.zoo import load_npz

# With the classifier, as the paper's repository states them: 4.7 and 6.1 million.
BUILT = {"efficientnet_lite0": (efficientnet_lite0, 4_694_024), "efficientnet_lite2": (efficientnet_lite2, 6_150_168)}


@pytest.mark.parametrize("name", ["efficientnet_lite0", pytest.param("efficientnet_lite2", marks=pytest.mark.slow)])
def test_it_has_as_many_weights_as_published(name):
    build, count = BUILT[name]
    assert build(include_top=True, input_tensor=keras.Input((64, 64, 3))).count_params() == count


@pytest.mark.parametrize(
    ("name", "maps"), [("efficientnet_lite0", [16, 24, 40, 112, 320]), ("efficientnet_lite2", [16, 24, 48, 120, 352])]
)
def test_stages_halve_the_resolution(name, maps):
    _, stages = backbones.build(name, weights=None, inputs=keras.Input((64, 96, 1)))
    assert [stage.shape[1:] for stage in stages] == [(32 >> i, 48 >> i, m) for i, m in enumerate(maps)]


def test_its_weights_are_no_part_of_keras():
    with pytest.raises(ValueError, match="weights of efficientnet_lite0 are no part of Keras. Expected `weights` as a file"):
        backbones.build("efficientnet_lite0", weights="imagenet")


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT)
def test_it_knows_what_it_sees(name):
    """Ten classes of ImageNet, told from all thousand: with the weights in a wrong place none would be found."""
    weights, pictures = CACHE / f"{name}.npz", CACHE / "mix" / "train" / "imagenette"
    if not (weights.is_file() and pictures.is_dir()):
        pytest.skip(f"needs {weights} and {pictures}: get.py lite0 lite2 mix brings them")
    network = BUILT[name][0](include_top=True, input_tensor=keras.Input((None, None, 3)))
    load_npz(network, weights)
    photos = [Image.open(path).convert("RGB").resize((160, 160)) for path in sorted(pictures.rglob("*.jpg"))[:64]]
    seen = np.stack([np.asarray(photo) for photo in photos]).astype("float32") / 127.5 - 1
    logits = network([seen], training=False)
    classes = (0, 217, 482, 491, 497, 566, 569, 571, 574, 701)  # tench, springer, cassette player, chain saw, church, …
    found = np.isin(ops.convert_to_numpy(logits).argmax(axis=-1), classes)
    assert found.mean() > 0.6
