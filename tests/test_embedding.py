"""kcolor in other people's models: the examples of docs/embedding.md as they stand, and the colour layers."""

import os
import pathlib
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

import kcolor
from kcolor import color
from kcolor.color import layers

ROOT = pathlib.Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "embedding.md").read_text()
EXAMPLES = re.findall(r"^## (.*?)\n.*?```python\n(.*?)```\n\n    (.*?)\n", TEXT, re.DOTALL | re.MULTILINE)


def test_all_five_are_found():
    assert len(EXAMPLES) == TEXT.count("```python") == 5


def test_examples_print_what_they_say(tmp_path):
    """One after the other in one process, each with names of its own: starting Keras five times takes half a minute."""
    keras.applications.VGG16(weights=None, include_top=False).save_weights(tmp_path / "vgg16.weights.h5")
    code = f"for code in {[code for _, code, _ in EXAMPLES]!r}: exec(code, {{'__name__': '__main__'}})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error::UserWarning", "-c", code]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [printed for *_, printed in EXAMPLES]


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


def test_everything_that_keras_may_meet_is_registered():
    """Layers, losses, metrics, targets, optimizers: whatever a saved model of somebody else's may hold."""
    for registry in (kcolor.losses.LOSSES, kcolor.metrics.METRICS, kcolor.targets.TARGETS):
        for made in registry.values():
            if isinstance(made, type) and made.__module__.startswith("kcolor"):
                assert keras.saving.get_registered_name(made).startswith("kcolor>"), made
