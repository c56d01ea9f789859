"""Pictures that the tests of metrics share."""

import numpy as np
import pytest
import skimage


@pytest.fixture(scope="session")
def pictures():
    """Three parts of a photograph, 40×32, and three results: noisy, grey, and lighter by a hair."""
    photo = skimage.data.astronaut()
    truth = np.stack([photo[y : y + 40, x : x + 32] for y, x in ((60, 200), (0, 0), (300, 330))]).astype("float32") / 255
    noisy = np.clip(truth[0] + np.random.default_rng(0).normal(0, 0.1, truth[0].shape), 0, 1)
    gray = np.repeat(truth[1].mean(axis=-1, keepdims=True), 3, axis=-1)
    return truth, np.stack([noisy, gray, np.minimum(truth[2] + 0.004, 1)]).astype("float32")
