"""Recipes: what is read, filled in, changed and refused."""

import dataclasses
import math
import tomllib

import numpy as np
import pytest

from kcolor import recipes
from kcolor.recipes import recipe, shipped

SMALL = {
    "data": {"source": "shapes", "size": 32},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [4, 8]},
    "optimizer": {"name": "adam"},
}


def with_(section, **keys):
    return {**SMALL, section: {**SMALL.get(section, {}), **keys}}


@pytest.mark.parametrize("name", shipped.names())
def test_every_recipe_that_ships_is_right_and_says_what_it_is(name):
    loaded = recipe.load(name)
    if loaded.loss is not None:
        assert loaded.loss.options.get("weights") in (None, "imagenet")
    if loaded.model.options.get("weights") == "imagenet":
        loaded = recipe.load(loaded, ["model.weights=random"])  # no download in a test
    colorizer = loaded.build_colorizer(guide=None if loaded.guide is None else _guide())
    assert colorizer.size == loaded.working_size == (loaded.data.working_size or loaded.data.size)
    comment = [line for line in shipped.text(name).splitlines() if line.startswith("#")]
    assert len(comment) >= 2
    assert f"kcolor train {name}" in comment[-1]
    assert 20 < len(shipped.summary(name)) < 125


def _guide():
    return recipe.load("faces-regressor").build_colorizer()


def test_the_systems_recipes_are_there():
    systems = "autoencoder-cifar10 ycbcr-cifar10 quotient-cifar10 difference-cifar10 bins-shapes bins-cifar regression-cifar "
    systems += "bins-landscapes faces-regressor faces-relu faces-sigmoid faces-tanh faces-guided faces-wide"
    assert set(systems.split()) <= set(shipped.names())


@pytest.mark.parametrize(
    ("name", "weights"),
    [("bins-shapes", 28_736), ("bins-cifar", 35_748), ("bins-landscapes", 2_166_852), ("autoencoder-cifar10", 4_911),
     ("faces-regressor", 584), ("faces-relu", 1_106), ("faces-guided", 1_160), ("faces-wide", 8_109_890),
     ("gan-landscapes", 476_054)],
)  # fmt: skip
def test_recipes_have_their_systems_networks(name, weights):
    network = recipe.load(name).build_network()
    assert sum(math.prod(weight.shape) for weight in network.trainable_variables) == weights


def test_what_is_not_said_is_filled_in_and_written_down():
    loaded = recipe.load(SMALL)
    assert loaded.train.batch_size == 32
    assert loaded.data.crop == "center"
    assert loaded.data.classes is None
    assert "classes" not in loaded.to_dict()["data"]
    assert loaded.loss is None
    assert recipe.load(tomllib.loads(loaded.to_toml("a comment\nof two lines"))) == loaded
    assert loaded.to_toml("a comment").startswith("# a comment\n\n[data]\n")


def test_toml_has_every_kind_of_value():
    loaded = recipe.load(with_("data", classes=['a "quoted" name', "börte"], val=0.25))
    loaded = recipe.load(loaded, ["optimizer.learning_rate=1e-5", "model.dropout=[0.5, 0]"])
    assert tomllib.loads(loaded.to_toml()) == loaded.to_dict()


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("model.filters=[16,32,64]", [16, 32, 64]),
        ("optimizer.learning_rate=1", 1.0),
        ("data.source=../some folder/x", "../some folder/x"),
        ("data.source=2024-05-01", "2024-05-01"),
        ("data.source = 1_000", "1_000"),
        ("data.copies=3", 3),
        ('data.source="cifar10"', "cifar10"),
        ("train.deterministic=false", False),
        ("augment.rotation = 30", 30.0),
    ],
)
def test_changes(change, value):
    section, key = change.split("=")[0].strip().split(".")
    changed = recipe.load(SMALL, [change]).to_dict()[section][key]
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
        (with_("target", name=["bins"]), ["target.name", "['bins']", "ycbcr"]),
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


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ValueError, match="Unknown recipe.*bins-shapes.*nonsense"):
        recipe.load("nonsense")
    with pytest.raises(ValueError, match="no recipe file .*mine.toml.*bins-shapes"):
        recipe.load(tmp_path / "mine.toml")
    for text in ("[data\n", "a = " + "[" * 10_000):
        (tmp_path / "mine.toml").write_text(text)
        with pytest.raises(ValueError, match="mine.toml.*TOML"):
            recipe.load(tmp_path / "mine.toml")
    for change in ("epochs=3", "train.epochs", "train.=3"):
        with pytest.raises(ValueError, match="section.key=value"):
            recipe.load(SMALL, [change])


def test_a_recipe_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(recipe.load(SMALL).to_toml("Mine."))
    assert recipe.load(path) == recipe.load(SMALL)
    assert recipe.load(str(path), ["train.seed=3"]).train.seed == 3


def test_differences():
    one, other = recipe.load(SMALL), recipe.load(SMALL, ["train.epochs=3", "augment.crop=0.1"])
    assert one.differences(other) == ["augment.crop: None, 0.1", "train.epochs: 10, 3"]
    assert (one.model.name, one.model.options) == ("unet", {"filters": [4, 8]})


def test_a_section_can_be_changed_as_a_whole():
    changed = recipe.load(SMALL, ['optimizer={name = "sgd", momentum = 0.5}'])
    assert changed.to_dict()["optimizer"] == {"name": "sgd", "momentum": 0.5}


def test_sections_as_keywords_have_pythons_values():
    given = {
        "model": {"filters": (2, 4)},
        "train": {"epochs": 2, "patience": None},
        "optimizer": {"name": "sgd", "momentum": 0},
    }
    changed = recipe.load(SMALL, ["train.patience=3", "optimizer.beta_1=0.5"], given)
    assert changed.model.options == {"filters": [2, 4]}
    assert (changed.train.epochs, changed.train.patience) == (2, None)
    assert changed.optimizer.options == {"momentum": 0.0}  # beta_1 was Adam's
    with pytest.raises(ValueError, match="Expected the section train as a dict.*7"):
        recipe.load(SMALL, sections={"train": 7})


def test_parts_of_a_recipe():
    loaded = recipe.load(SMALL, ["target.unit=true", "augment.rotation=5", "age.blur=1"])
    assert loaded.build_target().unit
    made = loaded.build_colorizer()
    assert made.augment.options["rotation"] == 5
    assert made.age.options["blur"] == 1
    assert loaded.schedule.name == "constant"


def test_a_recipe_with_numbers_of_numpy_survives_its_file():
    loaded = recipe.load(SMALL, sections={"model": {"filters": np.array([4, 8])}, "train": {"epochs": np.int64(3)}})
    assert recipe.load(tomllib.loads(loaded.to_toml())) == loaded == recipe.load(SMALL, ["train.epochs=3"])


def test_a_discriminator_of_one_size_has_that_of_the_pictures():
    duel = {"discriminator": {"name": "complexity_discriminator", "complexity": 2}, "adversarial": {"factor": 0.1}}
    made = recipe.load({**SMALL, **duel, "discriminator_optimizer": {"name": "adam"}}).build_colorizer()
    assert made.discriminator.input_shape == (None, 32, 32, 3)


def test_a_recipe_stays_as_it_is():
    loaded = recipes.load(SMALL)
    assert isinstance(loaded, recipes.Recipe)
    with pytest.raises(dataclasses.FrozenInstanceError):
        loaded.train.epochs = 3
    assert recipes.load(loaded) == loaded


def test_a_section_that_is_no_table_is_named_before_it_is_changed(tmp_path):
    (tmp_path / "top.toml").write_text('data = "pictures/"\n')
    for changes, sections in (([], {}), (["data.size=3"], {}), ([], {"data": {"size": 3}})):
        with pytest.raises(ValueError, match=r"Expected \[data\] in recipe .*top.toml as a section of keys"):
            recipe.load(tmp_path / "top.toml", changes, sections)
    with pytest.raises(ValueError, match=r"Expected \[other\] in recipe as a section of keys. Received: 3"):
        recipe.load({"other": 3}, ["other.x=1"])
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="Expected .*bytes.toml as a recipe's text in UTF-8"):
        recipe.load(tmp_path / "bytes.toml")
