"""Colours that agree over like places."""

import numpy as np
import pytest
from helpers.colorizers import numpy, small, tiny
from keras import ops

import kcolor
from kcolor.colorizer.agreement import agree
from kcolor.colorizer.compatibility import check_agreement


def _two_surfaces(rng, size=24):
    """A picture of two things, left and right: features, lightness, and noisy logits that prefer another bin in each."""
    right = np.zeros((1, size, size, 1), "float32")
    right[:, :, size // 2 :] = 1
    features = np.concatenate([right, 1 - right], axis=-1)
    logits = np.concatenate([2 * right, 2 * (1 - right), 0 * right], axis=-1) + rng.normal(0, 2, (1, size, size, 3))
    return logits.astype("float32"), features, 0.3 + 0.4 * right, right[..., 0] > 0


def test_a_thing_gets_one_colour_and_things_stay_apart(rng):
    logits, features, luma, right = _two_surfaces(rng)
    expected = np.where(right, 0, 1)
    before, after = (np.mean(np.argmax(numpy(of), -1) == expected) for of in (logits, agree(logits, features, luma)))
    assert before < 0.8
    assert after > 0.999


def test_it_is_the_weighted_mean_of_log_probabilities(rng):
    logits, features, luma, _ = _two_surfaces(rng)
    features = rng.uniform(0.1, 1, (1, 24, 24, 5)).astype("float32")
    unit = features / np.linalg.norm(features, axis=-1, keepdims=True)
    rows, columns = np.mgrid[1:25, 1:25] / 24
    parts = [rows / 0.5, columns / 0.5, luma[0, ..., 0] / 0.15, *(np.moveaxis(unit[0], -1, 0) / 0.4)]
    pixels = np.stack(parts, axis=-1).reshape(576, -1)
    weights = np.exp(-((pixels[:, None] - pixels[None]) ** 2).sum(-1) / 2)
    values = numpy(ops.log_softmax(logits)).reshape(576, 3)
    expected = (weights / weights.sum(1, keepdims=True)) @ values
    np.testing.assert_allclose(numpy(agree(logits, features, luma)).reshape(576, 3), expected, rtol=2e-4, atol=2e-4)


def test_pictures_of_any_size_and_half_precision(rng):
    logits, features, luma, right = _two_surfaces(rng, 50)
    cut = [ops.cast(part[:, :31], "bfloat16") for part in (logits, features)]
    agreed = numpy(agree(*cut, luma[:, :31]))
    assert (agreed.shape, agreed.dtype) == ((1, 31, 50, 3), np.float32)
    assert np.mean(np.argmax(agreed, -1) == np.where(right[:, :31], 0, 1)) > 0.95


@pytest.mark.slow
def test_a_colorizer_agrees_in_use_and_not_in_training(blobs):
    plain = tiny("bins", size=16)
    agreeing = plain.for_inference(agreement=True)
    photo = blobs[:1].astype("float32") / 255
    raw, features = plain.forward_pass.raw_and_features(photo)
    luma = plain.target.luma(photo)
    expected = numpy(agree(raw, features, luma))
    np.testing.assert_allclose(numpy(agreeing.forward_pass.raw(photo)), expected, atol=1e-4)
    np.testing.assert_allclose(numpy(agreeing.forward_pass.raw_and_features(photo)[0]), expected, atol=1e-4)
    np.testing.assert_array_equal(
        numpy(agreeing.forward_pass.raw(photo, training=True)), numpy(plain.network(luma, training=True))
    )
    assert (agreeing.colorize(blobs[0]) != plain.colorize(blobs[0])).any()


@pytest.mark.slow
def test_it_is_kept_in_files(tmp_path, blobs):
    agreeing = tiny("bins", size=16).for_inference(agreement=True)
    agreeing.save(tmp_path / "agreeing.keras")
    loaded = kcolor.load(tmp_path / "agreeing.keras")
    assert loaded.agreement
    np.testing.assert_array_equal(loaded.colorize(blobs[0]), agreeing.colorize(blobs[0]))


def test_other_targets_cannot_agree():
    check_agreement(tiny("bins").network, tiny("bins").target)
    with pytest.raises(ValueError, match="Expected a target of bins for `agreement`. Received: Lab"):
        small("lab", agreement=True)
