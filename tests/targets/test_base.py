"""The contract of every colour target."""

import json
import math

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import color, targets
from kcolor.images import arrays
from kcolor.images.resizing import resize
from kcolor.losses.bin_cross_entropy import BinCrossEntropy


def numpy(x):
    return ops.convert_to_numpy(x)


# At least one of every target; a test below says so.
VARIANTS = {
    "lab": {},
    "lab unit": {"unit": True},
    "lab 127": {"scale": 127.0},
    "ycbcr": {},
    "ycbcr unit": {"unit": True},
    "bins": {},
    "bins grid": {"grid": 18},
    "bins count": {"count": 36},
    "bins soft": {"step": 10, "soft": True},
    "bins frequent": {"grid": 18, "frequent": 32},
    "bins mode": {"grid": 18, "decoding": "mode"},
    "bins temperature": {"step": 20, "decoding": "temperature", "temperature": 0.9},
    "mean_ab": {},
    "rgb": {},
    "difference": {},
    "quotient": {},
}


def variant(name):
    return targets.get(name.split()[0], **VARIANTS[name])


@pytest.fixture
def photo(samples):
    """One photo with deep shadows and strong colours, and one row of pure colours, black and white in it."""
    rgb = samples["parrots"][::2, ::2].astype("float32") / 255
    rgb[0, :8] = [[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]]
    return rgb[None]


def ab_distance(one, other):
    one, other = (numpy(color.rgb_to_lab(rgb))[..., 1:] for rgb in (one, other))
    return np.linalg.norm(one - other, axis=-1)


def lightness(target, rgb):
    return numpy(target.luma(rgb))


def test_every_target_has_a_variant():
    assert {name.split()[0] for name in VARIANTS} == set(targets.TARGETS)


@pytest.mark.parametrize("name", VARIANTS)
class TestContract:
    def test_decode_of_encode_is_the_photo(self, name, photo):
        target = variant(name)
        if target.pooled:
            photo = np.broadcast_to(np.float32([0.6, 0.5, 0.3]), photo.shape)  # of one colour: what one colour can say
        result = target.decode(target.encode(photo), photo)
        assert ab_distance(result, photo).max() <= min(target.tolerance, 0.1 if target.pooled else math.inf)
        if target.tolerance < 1:
            assert np.array_equal(arrays.to_uint8(result), arrays.to_uint8(photo))

    def test_lightness_is_kept_whatever_the_network_answers(self, name, photo, rng):
        target = variant(name)
        shape = (1, target.channels) if target.pooled else (1, *photo.shape[1:3], target.channels)
        low, high = (max(-3.0, target.range()[0]), min(3.0, target.range()[1]))
        raw = rng.uniform(low, high, shape).astype("float32")
        result = target.decode(raw, photo)
        assert tuple(result.shape) == photo.shape
        assert np.abs(lightness(target, result) - lightness(target, photo)).max() < 2e-5
        # Rounded to 8 bits it is within what rounding each channel can do.
        rounded = arrays.to_uint8(result).astype("float32") / 255
        assert np.abs(lightness(target, rounded) - lightness(target, photo)).max() < 0.006

    def test_no_colour_leaks(self, name, photo, rng):
        target = variant(name)
        gray = target.gray(photo)
        assert np.abs(lightness(target, gray) - lightness(target, photo)).max() < 1e-5
        assert numpy(color.rgb_to_lab(gray))[..., 1:] == pytest.approx(0, abs=0.01)
        raw = target.encode(photo)
        assert numpy(target.decode(raw, gray)) == pytest.approx(numpy(target.decode(raw, photo)), abs=2e-3)

    def test_luma_is_in_the_unit_interval(self, name, photo):
        luma = lightness(variant(name), photo)
        assert luma.shape == (*photo.shape[:-1], 1)
        assert luma.min() >= 0
        assert luma.max() <= 1 + 1e-6
        assert luma.max() - luma.min() > 0.9

    def test_encode_lies_in_the_range_and_fits_the_head(self, name, photo):
        target = variant(name)
        encoded = numpy(target.encode(photo))
        assert encoded.shape[-1] in (target.channels, 1)
        assert encoded.ndim == (2 if target.pooled else 4)
        low, high = target.range()
        assert encoded.min() >= low - 1e-5
        assert encoded.max() <= high + 1e-5
        target.check_activation(target.activation)

    def test_a_smaller_answer_is_upsampled(self, name, samples):
        target = variant(name)
        photo = samples["beach"][None, :128, :128].astype("float32") / 255
        small = resize(photo, (32, 32))
        result = target.decode(target.encode(small), photo)
        assert tuple(result.shape) == photo.shape
        gray_distance = ab_distance(target.gray(photo), photo).mean()
        full_size = ab_distance(target.decode(target.encode(photo), photo), photo).mean()
        assert ab_distance(result, photo).mean() < full_size + 0.5 * gray_distance

    def test_loss_is_least_for_the_truth(self, name, photo):
        target = variant(name)
        truth = target.encode(photo)
        perfect, other = numpy(truth), numpy(truth)[..., ::-1].copy()
        if truth.shape[-1] == 1:
            perfect = np.eye(target.channels, dtype="float32")[perfect[..., 0]] * 30
            other = perfect[..., ::-1].copy()
        assert float(target.loss()(truth, perfect)) < float(target.loss()(truth, other))

    def test_keras_serializes_it_as_json(self, name, photo):
        target = variant(name)
        if isinstance(target, targets.Bins):
            target = target.measure([photo])
        text = json.dumps(keras.saving.serialize_keras_object(target))
        assert keras.saving.deserialize_keras_object(json.loads(text)) == target

    def test_colour_is_computed_in_float32(self, name, photo, policy):
        policy("mixed_float16")
        target = variant(name)
        raw = target.encode(photo)
        for tensor in (target.luma(photo), target.decode(raw, photo), target.chroma(raw)):
            assert "float32" in str(tensor.dtype)


@pytest.mark.parametrize("name", ["bins", "bins grid", "bins soft", "bins frequent", "bins temperature"])
def test_measured_bins_come_back_closer(name, photo):
    target = variant(name)
    measured = target.measure([photo])
    before, after = (ab_distance(t.decode(t.encode(photo), photo), photo) for t in (target, measured))
    assert after.mean() < before.mean()


ACTIVATIONS = [
    ("lab", {}, "sigmoid", "'sigmoid' does not fit.*cannot reach"),
    ("lab", {}, "relu", "cannot reach"),
    ("lab", {"unit": True}, "tanh", "'tanh' does not fit.*half of its own range dead.*Use 'sigmoid'"),
    ("ycbcr", {"unit": True}, "tanh", "half of its own range dead"),
    ("difference", {}, "relu", "cannot reach"),
    ("quotient", {}, "sigmoid", "cannot reach"),
    ("bins", {}, "tanh", "Use 'linear'"),
    ("lab", {}, "softmax", "Unknown activation.*softmax"),
]


@pytest.mark.parametrize(("name", "options", "activation", "message"), ACTIVATIONS)
def test_refuses_an_activation_that_does_not_agree(name, options, activation, message):
    with pytest.raises(ValueError, match=message):
        targets.get(name, activation=activation, **options)


def test_what_targets_without_bins_say_of_themselves():
    target = targets.get("lab")
    assert target.bins is None
    assert target.differentiable
    assert target.encoded_channels == target.channels == 2
    assert target.other_decodings() == {}
    assert target.decodes_like(targets.get("lab"))
    assert not target.decodes_like(targets.get("lab", unit=True))
    assert target.measure(iter([])) is target.take_tables(targets.get("bins")) is target
    with pytest.raises(ValueError, match="Only distributions over bins have a `temperature`. This target is Lab"):
        target.with_temperature(0.5)
    with pytest.raises(ValueError, match="BinCrossEntropy is for the target Bins. Received a target Lab"):
        target.check_loss(BinCrossEntropy())
    target.check_loss(keras.losses.MeanSquaredError())


@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_saturation_is_a_factor_on_the_distance_from_grey(name, rng):
    target = targets.get(name)
    chroma = rng.uniform(0.2, 0.8, (1, 2, 2, 3 if name in ("rgb", "difference", "quotient") else 2)).astype("float32")
    neutral = numpy(target.neutral(ops.convert_to_tensor(chroma)))
    for factor in (0.0, 0.5, 1.0, 3.0):
        scaled = numpy(target.scale_chroma(ops.convert_to_tensor(chroma), factor))
        assert scaled - neutral == pytest.approx(factor * (chroma - neutral), abs=1e-5)


def test_what_takes_numbers_for_probabilities_needs_numbers_of_0_to_1():
    for loss in (keras.losses.BinaryCrossentropy(), keras.losses.BinaryFocalCrossentropy()):
        for name, options in (("rgb", {}), ("lab", {"unit": True}), ("ycbcr", {"unit": True})):
            targets.get(name, **options).check_loss(loss)
        with pytest.raises(ValueError, match=r"target in \[0, 1\] for the loss Binary.*Received: Lab, which lies in \[-1, 1\]"):
            targets.get("lab").check_loss(loss)
        with pytest.raises(ValueError, match=r"Received: Difference, .*Use another loss"):
            targets.get("difference").check_loss(loss)
