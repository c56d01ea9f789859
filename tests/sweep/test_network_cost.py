"""What a network costs: weights, numbers in its code, operations, the time of a training step."""

import functools
import pathlib

import keras
import pytest

from kcolor import models, targets
from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes import build
from kcolor.sweep import network_cost, sweep_file

SWEEPS = pathlib.Path(__file__).parents[2] / "sweeps"


@pytest.mark.slow
def test_system_e_s_grid_is_complete():
    swept = sweep_file.load(SWEEPS / "autoencoder-cifar10.toml")
    points = swept.points()
    assert len(points) == 36
    costs = [network_cost.of_recipe(swept.trial_recipe(point)) for point in points]
    base = points.index(
        {"model.fewer_layers": False, "model.channel_factor": 4, "model.kernel_size": 3, "model.compression": 2}
    )
    assert (costs[base]["parameters"], costs[base]["code_size"]) == (4911, 1024)
    whole = {point["model.channel_factor"] * 4 * 32 * 32 for point in points}
    without = [found["code_size"] for point, found in zip(points, costs, strict=True) if point["model.compression"] == 1]
    assert set(without) == whole


def test_flops_by_hand():
    luma = keras.Input((None, None, 1))
    x = keras.layers.Conv2D(4, 3, padding="same", name="one")(luma)
    x = keras.layers.Conv2D(6, 3, strides=2, padding="same", name="two")(x)
    x = keras.layers.Conv2DTranspose(5, 2, strides=2, name="three")(x)
    network = keras.Model(luma, keras.layers.Conv2D(2, 1, name="four")(x))
    by_hand = 2 * (64 * 9 * 4 + 16 * 9 * 4 * 6 + 16 * 4 * 6 * 5 + 64 * 5 * 2)
    assert network_cost.flops(network, (8, 8)) == by_hand
    assert network_cost.flops(network, (16, 16)) == 4 * by_hand


def test_what_a_network_costs():
    network = models.build("autoencoder", targets.get("rgb", keep_lightness=False), input_channels=3)
    found = network_cost.of_network(network, (32, 32))
    assert set(found) == set(network_cost.Cost.__annotations__)
    assert (found["parameters"], found["code_size"]) == (4911, 1024)
    assert build.count_weights(network) == 4911
    unet = models.build("unet", targets.get("lab"), filters=(2, 4))
    assert network_cost.of_network(unet, (32, 32))["code_size"] is None


def test_what_a_guided_network_costs():
    swept = sweep_file.Sweep("guided", "faces-guided", (), {"model.guide": [True]})
    alone = sweep_file.Sweep("alone", "faces-sigmoid", (), {"model.guide": [False]})
    with_guide, without = (network_cost.of_recipe(s.base_recipe()) for s in (swept, alone))
    assert with_guide["parameters"] == without["parameters"] + 9 * 2 * 3  # two planes more before 3×3 to three maps
    assert with_guide["flops"] > without["flops"]


def test_the_pace_by_hand(monkeypatch):
    monkeypatch.setattr(network_cost, "_step_seconds", lambda colorizer, count, size, steps: {1: 3.0, 4: 6.0}[count])
    swept = sweep_file.Sweep("small", "bins-shapes", ("train.batch_size=4", "model.filters=[2, 4]"), {"train.seed": [0]})
    flops = network_cost.of_recipe(swept.base_recipe())["flops"]
    assert network_cost.pace(swept.base_recipe()) == pytest.approx((2.0, 1.0 / flops))  # a picture takes a second, the rest two


@pytest.mark.slow
def test_the_pace_of_a_guided_network_is_measured(monkeypatch):
    eager = functools.partialmethod(Colorizer.compile, run_eagerly=True)  # compiling both sizes takes long
    monkeypatch.setattr(Colorizer, "compile", eager)
    swept = sweep_file.Sweep("small", "faces-guided", ("train.batch_size=4", "model.down=[2, 2]"), {"train.seed": [0]})
    a_step, a_flop = network_cost.pace(swept.base_recipe(), steps=1)
    assert a_step >= 0
    assert a_flop >= 0
