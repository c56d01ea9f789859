"""What bins say of themselves, and what they take from others."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import bins, targets
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.losses.perceptual import RGBLoss
from kcolor.targets.bins import OTHER_DECODINGS


def numpy(x):
    return ops.convert_to_numpy(x)


def test_the_encoding_is_as_wide_as_the_loss_needs():
    assert targets.get("bins", grid=6).encoded_channels == 1
    assert targets.get("bins", grid=6, soft=True).encoded_channels == 36


@pytest.mark.parametrize(
    ("decoding", "temperature", "expected"),
    [
        ("annealed_mean", 0.5, ("annealed_mean", 0.5)),
        ("temperature", 0.5, ("temperature", 0.5)),
        ("mean", 0.5, ("annealed_mean", 0.5)),
        ("mode", 1, ("annealed_mean", 1)),
        ("annealed_mean", 0, ("mode", 0.38)),
        ("temperature", 0, ("mode", 0.8)),
    ],
)
def test_a_temperature_changes_the_decoding_alone(decoding, temperature, expected):
    target = targets.get("bins", grid=6, rebalance=0.5, decoding=decoding).with_temperature(temperature)
    assert (target.decoding, target.temperature) == expected
    assert (target.grid, target.rebalance) == (6, 0.5)


def test_only_a_mean_has_gradients():
    assert {name: targets.get("bins", decoding=name).differentiable for name in ("annealed_mean", "temperature", "mode")} == {
        "annealed_mean": True,
        "temperature": False,
        "mode": False,
    }


def test_other_decodings_of_the_same_bins(blobs):
    target = targets.get("bins", grid=6).measure([blobs])
    others = target.other_decodings()
    assert list(others) == list(OTHER_DECODINGS)
    assert all(other.measured == target.measured for other in others.values())
    assert others["T=0.8"].temperature == 0.8


def test_decodings_that_come_to_the_same_colours(blobs):
    target = targets.get("bins", grid=6, decoding="mean")
    others = target.other_decodings()
    assert [name for name in others if target.decodes_like(others[name])] == ["T=0 (mode)", "T=0.8", "T=1 (mean)"]
    measured = target.measure([blobs])
    others = measured.other_decodings()
    assert [name for name in others if measured.decodes_like(others[name])] == ["T=1 (mean)"]
    assert not measured.decodes_like(targets.get("lab"))


def test_tables_of_another_target(blobs):
    measured = targets.get("bins", grid=6, decoding="mode").measure([blobs])
    target = targets.get("bins", grid=6, soft=True).take_tables(measured)
    assert target.bins == measured.bins
    assert (target.soft, target.decoding) == (True, "annealed_mean")
    with pytest.raises(ValueError, match="Expected a target of bins"):
        target.take_tables(targets.get("lab"))


def test_refuses_losses_that_mean_something_else():
    target = targets.get("bins", grid=6)
    for loss in (BinCrossEntropy(), RGBLoss(name="mine")):
        target.check_loss(loss)
    with pytest.raises(ValueError, match="Bins needs a loss for distributions: BinCrossEntropy"):
        target.check_loss(keras.losses.Huber())
    losses = keras.losses
    fits = losses.SparseCategoricalCrossentropy(from_logits=True)  # of the index of a bin
    target.check_loss(fits)
    soft = targets.get("bins", grid=6, soft=True)
    for loss in (losses.BinaryCrossentropy(), losses.KLDivergence(), losses.CategoricalCrossentropy(from_logits=True), fits):
        with pytest.raises(ValueError, match="needs a loss for distributions"):
            soft.check_loss(loss)
    with pytest.raises(ValueError, match="needs a loss for distributions"):
        target.check_loss(losses.SparseCategoricalCrossentropy())

    class Own(losses.Loss):
        pass

    soft.check_loss(Own())
    with pytest.raises(ValueError, match="needs decoding=\"annealed_mean\": 'mode' has no gradient"):
        targets.get("bins", decoding="mode").check_loss(RGBLoss(name="mine"))


def test_bins_are_measured_for_their_own_number_of_frequent_ones(samples):
    target = targets.get("bins", grid=18, frequent=32, rebalance=0.5)
    measured = target.measure(samples.values())
    assert measured.channels == target.channels == 32
    assert measured.loss().weights.shape == (32,)
    assert measured != target
    with pytest.raises(ValueError, match="measure it first"):
        target.loss()


def test_soft_logits_and_hard_index_name_the_same_bin(samples):
    photo = samples["girl"][None, ::4, ::4].astype("float32") / 255
    hard, soft = targets.get("bins"), targets.get("bins", soft=True)
    assert np.array_equal(numpy(soft.encode(photo)).argmax(axis=-1), numpy(hard.encode(photo))[..., 0])


@pytest.mark.parametrize("soft", [False, True])
def test_the_truth_of_bins_costs_what_its_encoding_costs(samples, soft, rng):
    """What `truth` says in few numbers, `encode` says in many: the loss finds no difference, rebalanced or not."""
    photo = samples["girl"][None, ::8, ::8].astype("float32") / 255
    target = targets.get("bins", step=20, soft=soft, rebalance=0.5).measure([photo])
    logits = rng.normal(size=(*photo.shape[:-1], target.channels)).astype("float32")
    truth, encoded = target.truth(photo), target.encode(photo)
    for loss in (target.loss(), BinCrossEntropy()):
        assert float(loss(truth, logits)) == pytest.approx(float(loss(encoded, logits)), rel=1e-5)
    assert keras.tree.flatten(truth)[0].shape[-1] == (5 if soft else 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: targets.get("bins", grid=6, step=10), "one of `grid`, `count` and `step`"),
        (lambda: targets.get("bins", count=35), "a square.*35"),
        (lambda: targets.get("bins", grid=0).channels, "1×1 to 255×255"),
        (lambda: targets.get("bins", decoding="median"), "Unknown `decoding`"),
        (lambda: targets.get("bins", soft=True, sigma=0), "`sigma` above 0"),
        (lambda: targets.get("bins", rebalance=2), r"`rebalance` in \(0, 1\]"),
        (lambda: targets.get("bins", temperature=-1), "a `temperature` above 0 and up to 1 for annealed_mean. Received: -1"),
        (lambda: targets.get("bins", temperature=0), "a `temperature` above 0 and up to 1 for annealed_mean. Received: 0"),
        (lambda: targets.get("bins", decoding="temperature", temperature=5.0), r"in \[0, 1\] for temperature. Received: 5.0"),
        (lambda: targets.get("bins", decoding="temperature", temperature=float("nan")), "for temperature. Received: nan"),
        (lambda: targets.get("bins", grid=6, measured=bins.uniform_grid(18)), "of this target's grid, of step 42.5"),
        (lambda: targets.get("bins", grid=6, frequent=37).channels, "1 to 36"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
