"""The sections of a recipe as dataclasses."""

import typing

import pytest

from kcolor import losses
from kcolor.colorizer.adversarial import TRAINS
from kcolor.data.cropping import CROPS
from kcolor.recipes import schema


def test_choices_are_those_of_what_is_chosen():
    """The schema needs no Keras, so it writes them down once more."""
    choices = {
        (schema.Data, "crop"): CROPS,
        (schema.Adversarial, "kind"): losses.ADVERSARIAL_KINDS,
        (schema.Adversarial, "trains"): TRAINS,
    }
    for (section, key), there in choices.items():
        assert set(typing.get_args(typing.get_type_hints(section)[key])) == set(there)


def test_a_section_by_hand_is_filled_in():
    assert schema.Schedule().name == "constant"
    assert schema.Train().metrics == ["psnr", "ab_distance"]
    assert isinstance(schema.Guide(model="photo"), schema.Section)
    assert schema.Data(size=8).to_dict()["max_broken"] == 0.05
    assert "source" not in schema.Data(size=8).to_dict()


def test_named_sections():
    named = schema.Named.read({"name": "x", "size": 3}, "model", "recipe", {"x": lambda target, size=5: None})
    assert named.with_options(size=4).to_dict() == {"name": "x", "size": 4}
    assert named.options == {"size": 3}
    options = schema.Options.read({"crop": 1}, "augment", "recipe", lambda crop=0.0, name=None: None)
    assert options.to_dict() == {"crop": 1.0}


def test_a_section_that_needs_a_key_says_so():
    with pytest.raises(ValueError, match=r"Expected data\.size in mine\. It is not there"):
        schema.Data.read({}, "data", "mine")


def test_keys_that_are_texts():
    assert schema.Data.texts() == ["source", "crop", "data_dir", "cache"]
    assert "metrics" not in schema.Train.texts()
