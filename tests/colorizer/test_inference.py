"""Predict and paint: the two steps of a photo's way."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy, painter, small
from keras import ops
from PIL import Image

import kcolor
from kcolor import color, targets
from kcolor.colorizer.forward import Forward
from kcolor.colorizer.inference import Inference, Prediction, resize_like
from kcolor.colorizer.options import Options
from kcolor.images import arrays
from kcolor.models import head


@pytest.fixture
def made(monkeypatch):
    """The options of every inference that colorizers make."""
    made = []
    monkeypatch.setattr(
        "kcolor.colorizer.colorizer.Inference",
        lambda forward, options, painter: made.append(options) or Inference(forward, options, painter),
    )
    return made


@pytest.mark.slow
@pytest.mark.graphs
def test_one_graph_is_made_for_photos_of_all_sizes(samples, made):
    """On TensorFlow; also for other saturations and tones."""
    colorizer = small()
    ways = [colorizer.colorize(samples["girl"][:side, :64], saturation=side / 50) for side in (40, 50, 60)]
    assert [way.shape[0] for way in ways] == [40, 50, 60]
    assert [options.size for options in made] == [None]


@pytest.mark.slow
def test_what_the_network_sees_otherwise_needs_another_graph(samples, made):
    colorizer = small()
    for size in (None, 48):
        colorizer.colorize(samples["girl"], size=size)
    assert [options.size for options in made] == [None, 48]
    for size in (16, 24, 32, None):  # only some are kept
        colorizer.colorize(samples["girl"][:20, :20], size=size, keep_tone=size == 16)
    assert [options.size for options in made] == [None, 48, 16, 24, 32, None]


@pytest.mark.parametrize("kind", ["gray", "color"])
def test_the_network_sees_all_of_a_photo_at_its_size(samples, kind):
    photo = samples["girl"][None, :90, :120]
    photo = photo[..., :1].repeat(3, axis=-1) if kind == "gray" else photo
    inference = small("bins", size=32).inference()
    expected = inference.forward.seen(arrays.to_float(photo))
    np.testing.assert_allclose(numpy(inference.predict(photo).seen), numpy(expected), atol=1e-5)


@pytest.mark.parametrize("band", [1, 500, 1 << 20])
def test_a_large_photo_is_reduced_in_bands_as_at_once(samples, monkeypatch, band):
    photo = samples["girl"][:203, :301]
    monkeypatch.setattr("kcolor.colorizer.inference.PIXELS_AT_ONCE", 1)
    monkeypatch.setattr("kcolor.colorizer.inference._BAND", band)
    inference = small("bins", size=16).inference()
    factor = inference.reduction(*photo.shape[:2])
    assert factor > 1
    np.testing.assert_array_equal(inference.reduced(photo[None])[0], Image.fromarray(photo).reduce(factor))


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


@pytest.mark.slow
@pytest.mark.graphs
def test_a_network_that_has_to_know_its_size(samples):
    """Keras's bilinear enlargement is one on TensorFlow: such a network is asked without a graph."""
    target = targets.get("lab")
    gray = keras.Input((None, None, 1))
    x = keras.layers.Conv2D(4, 3, strides=2, padding="same")(gray)
    x = keras.layers.UpSampling2D(2, interpolation="bilinear")(x)
    colorizer = kcolor.Colorizer(keras.Model(gray, head.head(x, target)), target, size=32, stride=2)
    photo = samples["girl"][:50, :40]
    assert colorizer.colorize(photo).shape == photo.shape


def ab_of(rgb):
    return numpy(color.rgb_to_lab(np.asarray(rgb, "float32") / 255))[..., 1:]


def test_saturation_and_its_ends(samples):
    colorizer = painter(size=64)
    photo = samples["hats"][:96, :96]
    strength = [np.linalg.norm(ab_of(colorizer.colorize(photo, saturation=s)), axis=-1).mean() for s in (0, 0.5, 1, 2)]
    assert strength[0] < 0.6
    assert strength == sorted(strength)
    assert np.array_equal(colorizer.colorize(photo, saturation=1), colorizer.colorize(photo))


@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_no_saturation_is_grey_for_every_target(name, rng):
    target = targets.get(name, **({"grid": 6} if name == "bins" else {}))
    raw = ops.convert_to_tensor(rng.uniform(0.1, 0.9, (1, target.channels) if target.pooled else (1, 4, 4, target.channels)))
    chroma = target.chroma(raw)
    rgb = rng.uniform(0.1, 0.9, (1, 4, 4, 3)).astype("float32")
    assert numpy(target.join(target.neutral(chroma), rgb)) == pytest.approx(numpy(target.gray(rgb)), abs=1e-4)


@pytest.mark.parametrize("name", ["lab", "ycbcr", "rgb", "difference", "quotient", "bins"])
def test_a_photos_own_chroma_gives_the_photo_back(name, samples):
    target = targets.get(name)
    rgb = samples["hats"][:32, :32][None] / np.float32(255)
    assert numpy(target.join(target.own_chroma(rgb), rgb)) == pytest.approx(rgb, abs=2e-3)


def test_a_toned_photo_loses_its_tone_unless_it_is_kept():
    sepia = np.clip(np.linspace(30, 220, 64)[None, :, None] * [1.0, 0.85, 0.65], 0, 255).astype("uint8").repeat(64, axis=0)
    colorizer = painter()
    gray = np.linalg.norm(ab_of(colorizer.colorize(sepia, saturation=0)), axis=-1).max()
    kept = ab_of(colorizer.colorize(sepia, saturation=0, keep_tone=True))
    assert gray < 1
    assert np.abs(kept - ab_of(sepia)).mean() < 1


@pytest.mark.parametrize("shape", [(60, 90), (30, 200), (10, 500)])
def test_the_second_look_of_an_ensemble_is_at_a_larger_size(shape):
    """Also at a photo that is so wide that the network sees it with less than the working size."""
    first, second = painter(size=64).inference(ensemble=True)._sizes(*shape)
    assert all(1.2 < larger / smaller < 1.6 for smaller, larger in zip(first, second, strict=True)), (first, second)


def test_an_ensemble_averages_over_mirror_images(samples):
    """A network that answers by the place of a pixel alone: its mirror image's answer cancels it."""
    luma = keras.Input((None, None, 1))
    ramp = keras.layers.Conv2D(2, (1, 9), padding="same", use_bias=False, name="edge")(luma)
    network = keras.Model(luma, ramp)
    kernel = np.zeros((1, 9, 1, 2), "float32")
    kernel[0, 0], kernel[0, 8] = -0.3, 0.3  # brighter on the right than on the left
    network.get_layer("edge").set_weights([kernel])
    colorizer = kcolor.Colorizer(network, targets.get("lab", activation="linear"), stride=1, size=64)
    photo = samples["hats"][:64, :64]
    alone, both = (np.abs(ab_of(colorizer.colorize(photo, ensemble=e))).mean() for e in (False, True))
    assert both < 0.1 * alone


@pytest.mark.slow
def test_temperature_is_for_bins():
    colorizer = small("bins")
    photo = np.full((8, 8, 3), 90, "uint8")
    assert colorizer.inference(temperature=0.0)(photo[None]).shape == (1, 8, 8, 3)
    cold, warm = (colorizer.colorize(photo, temperature=t) for t in (0.0, 1.0))
    assert not np.array_equal(cold, warm)
    mean = kcolor.Colorizer(colorizer.network, targets.get("bins", decoding="mean"))  # which has none of its own
    assert np.array_equal(mean.colorize(photo, temperature=0.4), colorizer.colorize(photo, temperature=0.4))
    with pytest.raises(ValueError, match="Only distributions over bins have a `temperature`"):
        small("lab").colorize(photo, temperature=0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "Expected `size`"),
        ({"temperature": 1.5}, r"in \[0, 1\]. Received: 1.5"),
        ({"saturation": -1}, "Expected `saturation`"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=message):
        Options(**options)
    with pytest.raises(ValueError, match=message):
        small().colorize(np.zeros((4, 4, 3), "uint8"), **options)


def test_maps_are_scaled_like_another_tensor():
    assert resize_like(ops.zeros((1, 4, 6, 3)), ops.zeros((1, 8, 3, 1))).shape == (1, 8, 3, 3)


def test_a_prediction_is_small(samples):
    prediction = small(size=16).inference().predict(samples["hats"][None])
    assert isinstance(prediction, Prediction)
    assert prediction.seen.shape == (1, 16, 24, 3)
