"""From photos to chroma at the size seen."""

import keras
import numpy as np
import pytest
from helpers.colorizers import lightness, numpy, small

import kcolor
from kcolor import models, targets
from kcolor.colorizer.forward import features_of


def test_padding_changes_nothing_but_the_margin(rng):
    """A photo whose size the strides allow, and the same with one more row: both alike, away from that row."""
    colorizer = small()
    photo = rng.uniform(size=(1, 33, 32, 3)).astype("float32")
    odd, even = numpy(colorizer(photo)), numpy(colorizer(photo[:, :32]))
    assert odd.shape == photo.shape
    assert odd[:, :16] == pytest.approx(even[:, :16], abs=1e-5)


def test_fixed_size_networks_see_the_whole_photo(rng):
    network = models.build("unet", "lab", filters=(4, 8), size=(16, 16))
    colorizer = kcolor.Colorizer(network, targets.get("lab"))
    photo = rng.integers(0, 256, (40, 100, 3), dtype="uint8")
    assert colorizer.colorize(photo).shape == photo.shape
    assert np.abs(lightness(colorizer.colorize(photo)) - lightness(photo)).max() < 0.6


def test_a_network_that_sees_three_channels_sees_no_colour(blobs):
    for target, blind in [
        (targets.get("lab"), True),
        (targets.get("rgb"), True),
        (targets.get("rgb", keep_lightness=False), False),
    ]:
        network = models.build("autoencoder", target, channel_factor=1, input_channels=3)
        colorizer = kcolor.Colorizer(network, target)
        rgb = blobs.astype("float32") / 255
        one, other = (numpy(colorizer.forward_pass.raw(photo)) for photo in (rgb, target.gray(rgb)))
        assert (np.abs(one - other).max() < 1e-3) == blind


def test_a_faded_photo_is_seen_as_it_was_and_painted_as_it_is(rng):
    colorizer = small(stretch_tone=True)
    rgb = rng.uniform(size=(2, 32, 32, 3)).astype("float32")
    faded = (0.8 * rgb + 0.1).astype("float32")
    seen, seen_faded = (numpy(colorizer.forward_pass.inputs(photo)) for photo in (rgb, faded))
    unstretched = numpy(small().forward_pass.inputs(faded))
    assert np.abs(seen - seen_faded).max() < 0.1  # lightness is not linear in RGB
    assert np.abs(seen - unstretched).max() > 0.2
    colored = colorizer.colorize((255 * faded).astype("uint8"))
    assert np.abs(lightness(colored) - lightness((255 * faded).astype("uint8"))).max() < 0.6


def test_grain_is_not_seen_and_stays_in_the_photo(rng):
    plain = small()
    smooth = plain.for_inference(smooth_grain=True)
    grainy = np.repeat(0.5 + 0.03 * rng.standard_normal((1, 32, 32, 1)), 3, axis=-1).astype("float32")
    seen, seen_smooth = (numpy(colorizer.forward_pass.inputs(grainy)) for colorizer in (plain, smooth))
    assert np.std(seen_smooth) < 0.5 * np.std(seen)
    photo = (255 * grainy).astype("uint8")
    assert np.abs(lightness(smooth.colorize(photo)) - lightness(photo)).max() < 0.6
    assert keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(smooth)).smooth_grain


@pytest.mark.parametrize("target", ["lab", "bins", "ycbcr"])
def test_tint_is_the_share_of_the_mean_colour_that_stays(target, rng):
    """What lies in the margin of a network's input does not count."""
    plain = small(target)
    half = plain.for_inference(tint=0.5).forward_pass
    rgb = rng.uniform(size=(2, 30, 37, 3)).astype("float32")
    raw, neutral = plain.forward_pass.raw(rgb), numpy(plain.target.neutral(np.zeros((1, 1, 1, 2), "float32")))
    before, after = (numpy(forward.chroma(raw, rgb)) - neutral for forward in (plain.forward_pass, half))
    means = before.mean(axis=(1, 2), keepdims=True)
    assert np.abs(means).max() > 0
    np.testing.assert_allclose(after, before - 0.5 * means, atol=1e-4)


def test_features_are_what_the_last_layer_with_weights_sees():
    network = models.build("unet", "lab", filters=(4, 8))
    assert features_of(network).shape[-1] == 4
    nested = keras.Input((None, None, 1))
    with pytest.raises(ValueError, match="ends with one layer with weights"):
        features_of(keras.Model(nested, network(nested)))


@pytest.mark.slow
def test_a_network_that_uses_hints_sees_them_if_there_are_some(rng):
    options = {"backbone": "squeezenet", "weights": "random", "filters": (8,), "output_stride": 4}
    colorizer = kcolor.Colorizer("pretrained_unet", "bins", hints=True, **options)
    none = colorizer.network.get_layer("hint_attention").none
    none.assign(-1 + 0 * none)
    forward, rgb = colorizer.forward_pass, rng.random((1, 32, 48, 3)).astype("float32")
    assert forward.uses_hints
    assert not small().forward_pass.uses_hints
    hints = np.array([[[0, 0, 0.5, 0.5, 40, 10, 1]]], "float32")
    plain, hinted = numpy(forward.raw(rgb)), numpy(forward.raw(rgb, hints=hints))
    assert np.abs(plain - hinted).max() > 1e-3
    raw, features, trunk = forward.raw_features_and_trunk(rgb)
    assert numpy(raw) == pytest.approx(plain, abs=1e-5)
    assert numpy(forward.raw_with_hints(trunk, hints)) == pytest.approx(hinted, abs=1e-3)
    assert features.shape == trunk[1].shape
    assert small().forward_pass.raw_features_and_trunk(rgb[:, :, :32])[2] == ()
