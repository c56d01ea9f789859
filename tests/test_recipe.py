"""Recipes: what is read, filled in, changed and refused."""

import math
import tomllib

import keras
import pytest

from kcolor.recipes import build, recipe, schema
from kcolor.training import optimizer as assembly_optimizer

SMALL = {
    "data": {"source": "shapes", "size": 32},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [4, 8]},
    "optimizer": {"name": "adam"},
}


def with_(section, **keys):
    return {**SMALL, section: {**SMALL.get(section, {}), **keys}}


@pytest.mark.parametrize("name", recipe.names())
def test_every_recipe_that_ships_is_right_and_says_what_it_is(name):
    plan = recipe.load(name)
    if "loss" in plan:
        assert plan["loss"].get("weights") in (None, "imagenet")
    if plan["model"].get("weights") == "imagenet":
        plan["model"]["weights"] = None  # no download in a test
    colorizer = build.build_colorizer(plan, guide=None if "guide" not in plan else _guide())
    assert colorizer.size == plan["data"].get("working_size", plan["data"]["size"])
    comment = [line for line in recipe._text(name).splitlines() if line.startswith("#")]
    assert len(comment) >= 2
    assert f"kcolor train {name}" in comment[-1]
    assert 20 < len(recipe.summary(name)) < 125


def _guide():
    return build.build_colorizer(recipe.load("faces-regressor"))


def test_the_systems_recipes_are_there():
    systems = "autoencoder-cifar10 ycbcr-cifar10 quotient-cifar10 difference-cifar10 bins-shapes bins-cifar regression-cifar "
    systems += "bins-landscapes faces-regressor faces-relu faces-sigmoid faces-tanh faces-guided faces-wide"
    assert set(systems.split()) <= set(recipe.names())


@pytest.mark.parametrize(
    ("name", "weights"),
    [("bins-shapes", 28_736), ("bins-cifar", 35_748), ("bins-landscapes", 2_166_852), ("autoencoder-cifar10", 4_911),
     ("faces-regressor", 584), ("faces-relu", 1_106), ("faces-guided", 1_160), ("faces-wide", 8_109_890),
     ("gan-landscapes", 476_054)],
)  # fmt: skip
def test_recipes_have_their_systems_networks(name, weights):
    plan = recipe.load(name)
    network = build.build_network(plan, build.build_target(plan))
    assert sum(math.prod(weight.shape) for weight in network.trainable_variables) == weights


def test_what_is_not_said_is_filled_in_and_written_down():
    plan = recipe.load(SMALL)
    assert plan["train"]["batch_size"] == 32
    assert plan["data"]["crop"] == "center"
    assert "classes" not in plan["data"]
    assert "loss" not in plan
    assert recipe.check(tomllib.loads(recipe.to_toml(plan, "a comment\nof two lines"))) == plan
    assert recipe.to_toml(plan, "a comment").startswith("# a comment\n\n[data]\n")


def test_toml_has_every_kind_of_value():
    plan = recipe.load(with_("data", classes=['a "quoted" name', "börte"], val=0.25))
    plan = recipe.load(plan, ["optimizer.learning_rate=1e-5", "model.dropout=[0.5, 0]"])
    assert tomllib.loads(recipe.to_toml(plan)) == plan


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("model.filters=[16,32,64]", [16, 32, 64]),
        ("optimizer.learning_rate=1", 1.0),
        ("data.source=../some folder/x", "../some folder/x"),
        ('data.source="cifar10"', "cifar10"),
        ("train.deterministic=false", False),
        ("augment.rotation = 30", 30.0),
    ],
)
def test_changes(change, value):
    section, key = change.split("=")[0].strip().split(".")
    changed = recipe.load(SMALL, [change])[section][key]
    assert changed == value
    assert type(changed) is type(value)
    assert "augment" not in SMALL


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({**SMALL, "dataset": {}}, ["dataset", "'data'"]),
        (with_("data", colour=1), ["[data]", "colour", "source"]),
        (with_("model", filter=[1]), ["[model]", "filter", "divider"]),
        (with_("target", name="rainbow"), ["target.name", "rainbow", "ycbcr"]),
        (with_("target", measured=1), ["measured"]),
        ({key: value for key, value in SMALL.items() if key != "model"}, ["model.name", "unet"]),
        ({**SMALL, "data": {"source": "shapes"}}, ["data.size", "not there"]),
        (with_("data", size="32"), ["data.size", "whole number", "'32'"]),
        (with_("data", size=True), ["data.size", "whole number", "True"]),
        (with_("data", size=0), ["data.size", "at least 1"]),
        (with_("data", crop="stretch"), ["data.crop", "squash", "stretch"]),
        (with_("data", zoom=1.5), ["data.zoom", "random"]),
        (with_("model", filters=8), ["model.filters", "a list", "8"]),
        (with_("model", divider=[1]), ["model.divider", "a whole number"]),
        (with_("optimizer", learning_rate="fast"), ["optimizer.learning_rate", "a number", "fast"]),
        (with_("optimizer", momentum=0.9), ["[optimizer]", "momentum"]),
        (with_("train", precision="half"), ["train.precision", "mixed_bfloat16", "half"]),
        (with_("guide"), ["guide.recipe", "guide.model"]),
        ({**SMALL, "train": 7}, ["[train]", "7"]),
    ],
)
def test_what_is_wrong_is_named(sections, words):
    with pytest.raises(ValueError) as error:  # noqa: PT011
        recipe.load(sections)
    assert [word for word in words if word not in str(error.value)] == []


def test_values_as_toml():
    value = {"name": "sgd", "nesterov": True, "filters": [1, 2.5], "of": {"é": "x"}}
    assert tomllib.loads(f"value = {recipe.toml_value({**value, 'of': 1})}")["value"] == {**value, "of": 1}
    assert recipe.toml_value({"a": {"b": []}}) == "{a = {b = []}}"


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ValueError, match="Unknown recipe.*bins-shapes.*nonsense"):
        recipe.load("nonsense")
    with pytest.raises(ValueError, match="no recipe file .*mine.toml.*bins-shapes"):
        recipe.load(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_text("[data\n")
    with pytest.raises(ValueError, match="mine.toml.*TOML"):
        recipe.load(tmp_path / "mine.toml")
    for change in ("epochs=3", "train.epochs", "train.=3"):
        with pytest.raises(ValueError, match="section.key=value"):
            recipe.load(SMALL, [change])


def test_a_recipe_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(recipe.to_toml(recipe.load(SMALL), "Mine."))
    assert recipe.load(path) == recipe.load(SMALL)
    assert recipe.load(str(path), ["train.seed=3"])["train"]["seed"] == 3


def test_differences():
    one, other = recipe.load(SMALL), recipe.load(SMALL, ["train.epochs=3", "augment.crop=0.1"])
    assert recipe.differences(one, other) == ["augment.crop: None, 0.1", "train.epochs: 10, 3"]
    assert recipe.named(one["model"]) == ("unet", {"filters": [4, 8]})


def test_learning_rate_on_schedule():
    plan = recipe.load(SMALL, ["schedule.name=cosine", "schedule.warmup=1", "schedule.end=0.1", "train.epochs=3"])
    rate = assembly_optimizer.build_optimizer(plan, steps=10)._learning_rate
    assert [round(float(rate(step)), 6) for step in (0, 5, 10, 20, 30, 99)] == [0, 0.0005, 0.001, 0.00055, 0.0001, 0.0001]
    plan = recipe.load(SMALL, ["optimizer.name=sgd", "optimizer.momentum=0.5", "optimizer.learning_rate=0.2"])
    optimizer = assembly_optimizer.build_optimizer(plan, steps=10)
    assert isinstance(optimizer, keras.optimizers.SGD)
    assert float(optimizer.learning_rate) == pytest.approx(0.2)
    assert optimizer.momentum == 0.5


def test_what_both_sides_of_a_duel_are_trained_with():
    changes = [
        "model.complexity=4",
        "discriminator.size=32",
        "data.size=32",
        "adversarial.discriminator_every=5",
        "schedule.name=cosine",
    ]
    plan = recipe.load("gan-landscapes", [*changes, "train.epochs=3"])
    colorizer = build.build_colorizer(plan)
    assembly_optimizer.compile_colorizer(colorizer, plan, steps=10, training_metrics=True)
    rivals = colorizer.optimizer
    one, other = rivals.generator._learning_rate, rivals.discriminator._learning_rate
    assert (one.decay_steps, other.decay_steps) == (30, 6)  # each by the steps that it takes
    assert rivals.discriminator_every == 5
    assert rivals.built


def test_a_section_can_be_changed_as_a_whole():
    plan = recipe.load(SMALL, ['optimizer={name = "sgd", momentum = 0.5}'])
    assert plan["optimizer"] == {"name": "sgd", "momentum": 0.5}


def test_parts_of_a_recipe():
    plan = recipe.load(SMALL, ["target.unit=true", "augment.rotation=5", "age.blur=1"])
    assert build.build_target(plan).unit
    made = build.build_colorizer(plan)
    assert made.augment.options["rotation"] == 5
    assert made.age.options["blur"] == 1
    assert schema.check_section("schedule", {})["name"] == "constant"


def test_a_recipe_without_pictures_says_so():
    with pytest.raises(ValueError, match="--data"):
        build.open_pictures(recipe.load("faces-wide"), "train")
