"""Whether a classifier still knows what is in a picture."""

import pathlib

import keras
import numpy as np
import pytest
from helpers.colorizers import small
from keras import ops

from kcolor.backbones.efficientnet_lite import efficientnet_lite0
from kcolor.evaluation.measure import measure
from kcolor.evaluation.recognizer import Recognizer, load

CACHE = pathlib.Path.home() / ".cache" / "kcolor" / "data"


def by_color(size=(None, None)):
    """A classifier of the strongest channel: red, green or blue."""
    picture = keras.Input((*size, 3))
    return keras.Model(picture, keras.layers.GlobalAveragePooling2D()(picture))


def plain(*colors):
    return np.broadcast_to(np.float32(colors)[:, None, None], (len(colors), 16, 16, 3)).copy()


def test_agreement_is_with_the_first_verdict():
    recognizer = Recognizer(by_color(), "0..1")
    photos, pictures = plain([0.9, 0.2, 0.1], [0.1, 0.9, 0.2]), plain([0.8, 0.1, 0.2], [0.9, 0.8, 0.1])
    found = recognizer.agreement(recognizer.scores(photos), pictures)
    assert found["recognized_1"].tolist() == [1.0, 0.0]
    assert found["recognized_5"].tolist() == [1.0, 1.0]  # there are three classes


def test_photos_are_shown_at_the_classifiers_size_and_range():
    """This classifier says the least and the largest value."""
    picture = keras.Input((8, 12, 3))
    flat = keras.layers.Flatten()(picture)
    least = keras.layers.Lambda(lambda x: ops.stack([ops.min(x, axis=1), ops.max(x, axis=1)], axis=1))
    recognizer = Recognizer(keras.Model(picture, least(flat)), "tf")
    assert recognizer.size == (8, 12)
    np.testing.assert_allclose(recognizer.scores(plain([0.0, 0.5, 1.0])), [[-1, 1]], atol=1e-6)


def test_the_share_of_the_gap_is_worked_out_by_hand():
    """Of four pictures grey keeps one verdict. A colorizer that answers red gets back those of the two red ones."""
    photos = (plain([0.9, 0.1, 0.1], [0.8, 0.2, 0.1], [0.1, 0.2, 0.9], [0.5, 0.5, 0.5]) * 255).astype("uint8")
    colorizer = small("lab")
    head = [layer for layer in colorizer.network.layers if layer.weights][-1]
    head.set_weights([np.zeros_like(head.get_weights()[0]), np.float32([0.6, 0.5])])
    found = measure(colorizer, photos, recognizer=Recognizer(by_color(), "0..1")).metrics
    # What of equal channels comes first is the first one: grey pictures are red to this classifier.
    assert found["recognized_1"]["grey"].mean == pytest.approx(0.75)
    assert found["recognized_1"]["oracle"].mean == 1.0
    assert found["recognized_gap"]["oracle"].mean == 1.0
    model = found["recognized_1"]["model"].mean
    assert found["recognized_gap"]["model"].mean == pytest.approx((model - 0.75) / 0.25)
    assert "grey" not in found["recognized_gap"]


def test_without_a_recognizer_there_is_nothing_of_it():
    photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype="uint8")
    assert not any(name.startswith("recognized") for name in measure(small("lab"), photos).metrics)
    with pytest.raises(ValueError, match="Expected a `recognizer`"):
        measure(small("lab"), photos, metrics=["recognized_gap"])
    found = measure(small("lab"), photos, metrics=["recognized_gap"], recognizer=Recognizer(by_color(), "0..1")).metrics
    assert "recognized_1" in found  # it is a share of that
    found = measure(small("lab"), photos, metrics=["recognized_5"], recognizer=Recognizer(by_color(), "0..1")).metrics
    assert "recognized_5" in found
    assert "recognized_1" not in found


def test_what_is_no_classifier_is_refused(tmp_path):
    picture = keras.Input((8, 8, 1))
    with pytest.raises(ValueError, match="Expected a classifier from RGB"):
        Recognizer(keras.Model(picture, keras.layers.GlobalAveragePooling2D()(picture)))
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match="EfficientNet-Lite0 or 2 with its classifier"):
        load(tmp_path / "other.npz")


def test_a_keras_file_is_loaded(tmp_path):
    by_color((16, 16)).save(tmp_path / "colors.keras")
    recognizer = load(tmp_path / "colors.keras", "0..1")
    assert recognizer.size == (16, 16)
    assert recognizer.scores(plain([0.9, 0.2, 0.1])).argmax() == 0


@pytest.mark.slow
def test_weights_of_efficientnet_lite_are_loaded(tmp_path):
    network = efficientnet_lite0(include_top=True, input_tensor=keras.Input((None, None, 3)))
    arrays = {f"{layer.name}/{weight.name}": weight.numpy() for layer in network.layers for weight in layer.weights}
    np.savez(tmp_path / "lite0.npz", **arrays)
    photo = np.random.default_rng(0).uniform(size=(1, 32, 32, 3)).astype("float32")
    seen = ops.image.resize(photo * 2 - 1, (224, 224))
    expected = ops.convert_to_numpy(network(seen, training=False))
    np.testing.assert_allclose(load(tmp_path / "lite0.npz").scores(photo), expected, atol=1e-3)
