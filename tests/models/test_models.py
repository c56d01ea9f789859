"""Networks and discriminators by name, and what they refuse."""

import numpy as np
import pytest

from kcolor import models


def test_discriminators_answer_logits_in_float32(policy, rng):
    policy("mixed_bfloat16")
    picture = rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32")
    logit = models.build("complexity_discriminator", complexity=4, size=64)(picture)
    patches = models.build("patchgan", filters=4)(picture)
    assert tuple(logit.shape) == (2, 1)
    assert "float32" in str(logit.dtype)
    assert "float32" in str(patches.dtype)


def test_a_network_refuses_sizes_that_its_strides_do_not_allow():
    network = models.build("autoencoder", "rgb")
    with pytest.raises(ValueError, match="multiples of 4. Received: 30×32"):
        network(np.zeros((1, 30, 32, 1), "float32"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("resnet", "lab"), "Unknown model. Expected one of .*'unet'.*'resnet'"),
        (lambda: models.build("unet", "lab", depth=3), "Unknown or missing option of the model 'unet'.*'depth'.*filters"),
        (lambda: models.build("unet"), "needs a target"),
        (lambda: models.build("patchgan", "lab"), "takes no target"),
        (lambda: models.build("unet", "hsv"), "Unknown target"),
        (lambda: models.build("unet", "lab", size=(None, 64)), "None, a number or"),
        (lambda: models.build("unet", "lab", filters=(4, 8), size=9), "multiples of 2. Received: 9×9.*Colorizer"),
        (lambda: models.build("unet", "lab", size=8), "multiples of 16. Received: 8×8"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_models_are_networks_and_discriminators():
    assert {**models.NETWORKS, **models.DISCRIMINATORS} == models.MODELS
    assert set(models.DISCRIMINATORS) == {"complexity_discriminator", "patchgan"}
