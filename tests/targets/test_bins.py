"""What bins say of themselves, and what they take from others."""

import keras
import pytest

from kcolor import targets
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.losses.perceptual import RGBLoss
from kcolor.targets.bins import OTHER_DECODINGS


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
    with pytest.raises(ValueError, match="needs decoding=\"annealed_mean\": 'mode' has no gradient"):
        targets.get("bins", decoding="mode").check_loss(RGBLoss(name="mine"))
