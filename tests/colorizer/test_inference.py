"""Predict and paint: the two steps of a photo's way."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy, painter, small

import kcolor
from kcolor import targets
from kcolor.colorizer.forward import Forward
from kcolor.colorizer.inference import Inference
from kcolor.models import head


def test_one_graph_is_made_for_photos_of_all_sizes(samples, monkeypatch):
    """On TensorFlow; also for other saturations and tones, but not for what the network has to see or output otherwise."""
    made = []
    monkeypatch.setattr(
        "kcolor.colorizer.colorizer.Inference",
        lambda forward, options, painter: made.append(options) or Inference(forward, options, painter),
    )
    colorizer = small()
    ways = [colorizer.colorize(samples["girl"][:side, :64], saturation=side / 50) for side in (40, 50, 60)]
    assert [way.shape[0] for way in ways] == [40, 50, 60]
    colorizer.colorize(samples["girl"], size=48)
    assert [options.size for options in made] == [None, 48]
    for size in (16, 24, 32, None):  # only some are kept
        colorizer.colorize(samples["girl"][:20, :20], size=size, keep_tone=size == 16)
    assert [options.size for options in made] == [None, 48, 16, 24, 32, None]


def test_predict_and_paint_are_colorize(samples):
    colorizer, photo = small("bins", size=32), samples["girl"][None, :90, :120]
    inference = colorizer.inference(temperature=0.5)
    prediction = inference.predict(photo)
    assert prediction.seen.shape[:3] == prediction.chroma.shape[:3] == (1, 32, 43)
    for options in ({}, {"saturation": 1.7}, {"keep_tone": True}):
        expected = colorizer.colorize(photo, temperature=0.5, **options)
        assert np.array_equal(inference.paint(prediction, photo, **options), expected)


def test_painting_does_not_run_the_network_again(samples, monkeypatch):
    runs = []
    raw = Forward.raw
    monkeypatch.setattr(Forward, "raw", lambda self, *given: runs.append(given) or raw(self, *given))
    photo = samples["girl"][None, :40, :50]
    inference = small(size=16).inference()
    prediction = inference.predict(photo)
    count = len(runs)
    for saturation in (0.0, 1.0, 2.0):
        inference.paint(prediction, photo, saturation=saturation, keep_tone=saturation > 1)
    assert len(runs) == count > 0


def test_a_prediction_is_painted_onto_a_larger_copy(samples):
    colorizer, photo = painter(size=32), samples["hats"][:64, :96]
    larger = photo.repeat(2, axis=0).repeat(2, axis=1)
    inference = colorizer.inference()
    painted = inference.paint(inference.predict(photo[None]), larger[None])
    assert painted.shape == (1, *larger.shape)
    assert np.abs(painted[0].astype(int) - colorizer.colorize(larger)).mean() < 1.5


@pytest.mark.parametrize("target", ["lab", "bins"])
def test_features_are_asked_for(target, samples):
    inference = small(target, size=32).inference()
    photo = samples["hats"][None, :40, :50]
    plain, prediction = inference.predict(photo), inference.predict(photo, features=True)
    assert (plain.raw, plain.features) == (None, None)
    assert prediction.features.shape == (1, 32, 40, 4)  # the first level of this U-Net has four maps
    assert prediction.raw.shape[-1] == inference.forward.target.channels
    assert numpy(prediction.chroma) == pytest.approx(numpy(plain.chroma), abs=1e-3)


def test_no_saturation_is_grey(samples):
    gray = small().colorize(samples["hats"][:32, :32], saturation=0.0).astype(int)
    assert np.ptp(gray, axis=-1).max() <= 1


def test_a_network_that_has_to_know_its_size(samples):
    """Keras's bilinear enlargement is one on TensorFlow: such a network is asked without a graph."""
    target = targets.get("lab")
    gray = keras.Input((None, None, 1))
    x = keras.layers.Conv2D(4, 3, strides=2, padding="same")(gray)
    x = keras.layers.UpSampling2D(2, interpolation="bilinear")(x)
    colorizer = kcolor.Colorizer(keras.Model(gray, head.head(x, target)), target, size=32, stride=2)
    photo = samples["girl"][:50, :40]
    assert colorizer.colorize(photo).shape == photo.shape
