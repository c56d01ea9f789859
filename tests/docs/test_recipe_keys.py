"""docs/recipes.md names every section and every key of a recipe, with its default."""

import dataclasses
import re

import pytest
from helpers.package import ROOT

from kcolor.losses import LOSSES
from kcolor.models import DISCRIMINATORS, NETWORKS
from kcolor.recipes import recipe, schema
from kcolor.recipes.registries import OPTIMIZERS
from kcolor.targets import TARGETS

PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")


def rows():
    """The first two columns of all tables: from a key to its default, as the page writes it."""
    found = {}
    for keys, default in re.findall(r"^\| (`[^|]*`) \| ([^|]*) \|", PAGE, re.M):
        names, defaults = re.findall(r"`(\w+)`", keys), default.split(", ")
        for place, name in enumerate(names):
            found.setdefault(name, []).append(defaults[place] if len(defaults) == len(names) else default)
    return found


@pytest.mark.parametrize("section", [schema.Data, schema.Train, schema.Schedule, schema.Guide, schema.Adversarial])
def test_every_key_stands_there_with_its_default(section):
    known = rows()
    for field in dataclasses.fields(section):
        assert field.name in known, field.name
        value = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        if value is dataclasses.MISSING or value is None:
            continue
        said = {str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')}
        assert any(said & {one.strip("` "), one.strip("` ").replace("`", "")} for one in known[field.name]), (field.name, said)


def test_every_section_and_every_name_stands_there():
    for name in [*recipe._SECTIONS, "phases"]:
        assert f"[{name}]" in PAGE or f"`{name}`" in PAGE, name
    for registry in (TARGETS, NETWORKS, DISCRIMINATORS, LOSSES, OPTIMIZERS):
        for name in registry:
            assert f"`{name}`" in PAGE, name
