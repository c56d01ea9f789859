"""Pix2Pix: weights, patches, and how they begin."""

import numpy as np
import pytest
from helpers.counting import conv, norm, weights
from helpers.gradients import gradient
from keras import ops

from kcolor import models


@pytest.mark.slow
def test_pix2pix():
    f = (64, 128, 256, 512, 512, 512, 512, 512)
    down = conv(4, 1, 64) + sum(conv(4, f[i - 1], f[i], bias=False) + norm(f[i]) for i in range(1, 7)) + conv(4, 512, 512)
    inputs = (512, 1024, 1024, 1024, 1024, 512, 256)  # what came up, beside the skip
    up = sum(conv(4, i, o, bias=False) + norm(o) for i, o in zip(inputs, reversed(f[:-1]), strict=True)) + conv(4, 128, 2)
    assert weights(models.build("pix2pix_unet", "lab")) == down + up


def test_patchgan():
    assert weights(models.build("patchgan")) == 2_765_633


def test_patchgan_gives_30_by_30_logits_that_each_see_70_pixels():
    network = models.build("patchgan", filters=4, size=256)
    assert network.output_shape == (None, 30, 30, 1)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 256, 256, 3))
    slope = gradient(lambda x: network(x)[0, 15, 15], picture)
    rows, columns = (np.flatnonzero(np.abs(slope).sum(axis=(0, 3)).sum(axis=axis)) for axis in (1, 0))
    assert rows[-1] - rows[0] + 1 == columns[-1] - columns[0] + 1 == 70


def test_patchgan_needs_no_logit_larger_than_a_picture():
    assert models.build("patchgan", filters=4, layers=1, size=64).output_shape == (None, 30, 30, 1)


def test_pix2pix_starts_from_narrow_normals():
    network = models.build("pix2pix_unet", "lab", filters=(64, 128, 128))
    kernels = [layer.kernel for layer in network.layers if "conv" in layer.name or layer.name == "head"]
    spread = np.concatenate([ops.convert_to_numpy(k).ravel()[:20000] for k in kernels]).std()
    assert spread == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: models.build("patchgan", layers=0), "at least one layer"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
