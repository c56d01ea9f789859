"""Colour spaces as layers: there and back, in float32, saved."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import color
from kcolor.color import layers


@pytest.mark.parametrize("space", layers.SPACES)
@pytest.mark.parametrize("scaled", [False, True])
def test_there_and_back(space, scaled, samples):
    photos = np.stack([samples["hats"][::8, ::8], samples["girl"][::8, ::8]])
    there, back = layers.FromRGB(space, scaled), layers.ToRGB(space, scaled)
    found = ops.convert_to_numpy(there(photos))
    assert np.abs(ops.convert_to_numpy(back(found)) * 255 - photos).max() < 0.1
    if scaled:
        assert np.abs(found).max() <= 1.01
        gray = ops.convert_to_numpy(there(np.full((1, 2, 2, 3), 119, "uint8")))
        assert np.abs(gray[..., 1:]).max() < 1e-3
    else:
        function = {"lab": color.rgb_to_lab, "ycbcr": color.rgb_to_ycbcr}[space]
        assert np.allclose(found, ops.convert_to_numpy(function(photos.astype("float32") / 255)), atol=1e-4)


def test_layers_compute_in_float32_and_are_saved(policy, tmp_path, blobs):
    policy("mixed_bfloat16")
    photo = keras.Input((None, None, 3), dtype="uint8")
    model = keras.Model(photo, layers.ToRGB(scaled=True)(layers.FromRGB(scaled=True, name="there")(photo)))
    policy("float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.abs(ops.convert_to_numpy(again(blobs)) * 255 - blobs).max() < 0.1
    assert again.get_layer("there").get_config()["scaled"] is True


def test_unknown_spaces_are_refused():
    with pytest.raises(ValueError, match=r"Unknown `space`. Expected one of \['lab', 'ycbcr'\]. Received: 'hsv'"):
        layers.FromRGB("hsv")


def test_colours_that_srgb_has_not_keep_their_lightness():
    lab = np.float32([60, 90, -90]).reshape(1, 1, 1, 3)
    rgb = ops.convert_to_numpy(layers.ToRGB("lab")(lab))
    assert rgb.min() >= 0
    assert rgb.max() <= 1
    assert ops.convert_to_numpy(color.rgb_to_lightness(rgb)).item() == pytest.approx(60, abs=0.01)
    assert layers.ToRGB().compute_output_shape((None, 4, 6, 3)) == (None, 4, 6, 3)
